package dev.tacita.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.ProblemsException;
import dev.tacita.secureagg.AggregatorKey;
import dev.tacita.secureagg.SigningIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
    /** RFC 8032, 7.1, test 1. */
    private static final SigningIdentity SITE = SigningIdentity.of(
            HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));

    /** RFC 7748, 6.1, Alice. */
    private static final AggregatorKey AGGREGATOR = AggregatorKey.of(
            HexFormat.of().parseHex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));

    private final Path folder;
    private final Path file;

    KeyFileTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve("site.key");
    }

    @Test
    void theBytesOfVersionOneStay() throws IOException {
        KeyFile.create(file, SITE);
        Path other = folder.resolve("aggregator.key");
        KeyFile.create(other, AGGREGATOR);
        assertThat(Files.readString(file)).isEqualTo(golden("site-key-v1"));
        assertThat(Files.readString(other)).isEqualTo(golden("aggregator-key-v1"));
        assertThat(KeyFile.readIdentity(file).secretBytes()).isEqualTo(SITE.secretBytes());
        assertThat(KeyFile.readAggregatorKey(other).secretBytes()).isEqualTo(AGGREGATOR.secretBytes());
        assertThat(KeyFile.readPublicKey(file)).isEqualTo(SITE.publicKey());
        assertThat(KeyFile.readPublicKey(other)).isEqualTo(AGGREGATOR.knownAs());
    }

    @Test
    void aPublicKeyInAFileNeedsNoPermissions() throws IOException {
        Files.writeString(file, SITE.publicKey().text() + "\n");
        permit("rw-rw-rw-");
        assertThat(KeyFile.readPublicKey(file)).isEqualTo(SITE.publicKey());
        permit("rw-------");
        refused("a site's private key must be");
    }

    @Test
    void onlyTheOwnerMayReadAndWriteANewKey() throws IOException {
        KeyFile.create(file, SITE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileIsNeverOverwritten() throws IOException {
        Files.writeString(file, "precious");
        assertThatThrownBy(() -> KeyFile.create(file, SITE))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining(file + ": there is a file of this name already, and a key is never overwritten.");
        assertThat(file).hasContent("precious");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        assertThatThrownBy(() -> KeyFile.create(link, SITE)).hasMessageContaining("never overwritten");
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }

    @Test
    void aKeyThatOthersMayUseIsNotRead() throws IOException {
        KeyFile.create(file, SITE);
        for (String permissions :
                new String[] {"rw-r-----", "rw--w----", "rw---x---", "rw----r--", "rw-----w-", "rw------x", "rw-rw-rw-"
                }) {
            permit(permissions);
            refused("others than its owner may use this private key: its permissions are " + permissions + ".");
        }
        permit("r--------");
        assertThat(KeyFile.readIdentity(file).publicKey()).isEqualTo(SITE.publicKey());
    }

    @Test
    void whatIsNoKeyIsRefusedAndNotShown() throws IOException {
        refused("there is no such file.");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(FileOwner.ALONE));
        refused("a key is one line, beside those that begin with '#'. Provided number of lines: 0.");
        Files.writeString(file, SITE.secretText() + "\n" + SITE.secretText() + "\n");
        refused("Provided number of lines: 2.");
        String secret = SITE.secretText();
        Files.writeString(file, secret.substring(0, secret.length() - 1));
        refused("a site's private key must be tacita-site-secret-1. and 48 letters");
        Files.writeString(file, secret.replaceFirst("nWG", "nWH"));
        refused("a site's private key was changed on its way");
        Files.writeString(file, AGGREGATOR.secretText());
        refused("a site's private key must be");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        refused("a site's private key must be");
        Files.delete(file);
        Files.createDirectory(file);
        assertThatThrownBy(() -> KeyFile.readPublicKey(file)).hasMessageContaining("this is a folder, not a file.");
        assertThatThrownBy(() -> KeyFile.create(folder.resolve("no/such/folder"), SITE))
                .hasMessageContaining("there is no such folder.");
    }

    @Test
    void aFileSystemWithoutOwnersHoldsNoKeys() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("keys.zip"), Map.of("create", "true"))) {
            Path inside = zip.getPath("site.key");
            assertThatThrownBy(() -> KeyFile.create(inside, SITE))
                    .hasMessageContaining("this file system does not know owners");
            assertThat(Files.exists(inside)).isFalse();
            Files.writeString(inside, golden("site-key-v1"));
            assertThatThrownBy(() -> KeyFile.readIdentity(inside))
                    .hasMessageContaining("this file system does not know owners");
        }
    }

    private void refused(String why) {
        assertThatThrownBy(() -> KeyFile.readIdentity(file))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining(SITE.secretText().substring(30))
                .hasMessageNotContaining("9d61b19d");
    }

    private void permit(String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    static String golden(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(KeyFileTest.class.getResourceAsStream("/golden/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

package dev.tacita.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.SiteId;
import dev.tacita.secureagg.AggregatorKey;
import dev.tacita.secureagg.AggregatorPublicKey;
import dev.tacita.secureagg.IdentityKey;
import dev.tacita.secureagg.PublicKey;
import dev.tacita.secureagg.SigningIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedKeysTest {
    private static final SiteId BASEL = new SiteId("basel");
    private static final SiteId BERN = new SiteId("bern");
    private static final IdentityKey KEY =
            IdentityKey.parse("tacita-site-1.11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURqeC_iq");
    private static final IdentityKey OTHER = SigningIdentity.generate().publicKey();
    private static final AggregatorPublicKey AGGREGATOR =
            AggregatorPublicKey.parse("tacita-aggregator-1.hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmptmDR3");
    private static final String NOTE = "by telephone with Dr. Müller: \"correct\", 31 January";

    private final Path folder;
    private final Path file;

    TrustedKeysTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve("trusted-keys.yaml");
    }

    @Test
    void theFileOfVersionOneStays() throws IOException {
        TrustedKeysFile.change(file, keys -> keys.trust(BASEL, trusted(KEY, NOTE)));
        TrustedKeysFile.change(file, keys -> keys.trustAggregator(trusted(AGGREGATOR, "")));
        assertThat(Files.readString(file)).isEqualTo(KeyFileTest.golden("trusted-keys-v1.yaml"));
        TrustedKeys read = TrustedKeys.read(file);
        assertThat(read.sites()).containsOnlyKeys(BASEL).containsEntry(BASEL, trusted(KEY, NOTE));
        assertThat(read.aggregator()).contains(trusted(AGGREGATOR, ""));
        assertThat(read.registry().key(BASEL)).contains(KEY);
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void whoeverWasRemovedIsNotKnownAnyMore() {
        TrustedKeysFile.change(file, keys -> keys.trust(BASEL, trusted(KEY, "")).trust(BERN, trusted(OTHER, "")));
        TrustedKeysFile.change(file, keys -> keys.without(BASEL));
        assertThat(TrustedKeys.read(file).registry().sites()).containsExactly(BERN);
        TrustedKeysFile.change(file, keys -> keys.without(BERN));
        assertThat(TrustedKeys.read(file).sites()).isEmpty();
        assertThatThrownBy(() -> TrustedKeysFile.change(file, keys -> keys.without(BERN)))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("bern: this site is not known.");
    }

    @Test
    void aKnownSiteGetsNoOtherKeyUnlessItIsSaid() throws IOException {
        TrustedKeysFile.change(
                file, keys -> keys.trust(BASEL, trusted(KEY, "")).trustAggregator(trusted(AGGREGATOR, "")));
        String before = Files.readString(file);
        assertThatThrownBy(() -> TrustedKeysFile.change(file, keys -> keys.trust(BASEL, trusted(OTHER, ""))))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("basel: is known by the key " + KEY.fingerprint() + ", and now there is another: "
                        + OTHER.fingerprint())
                .hasMessageContaining("Somebody may be pretending");
        AggregatorPublicKey successor = AggregatorKey.generate().knownAs();
        assertThatThrownBy(() -> TrustedKeysFile.change(file, keys -> keys.trustAggregator(trusted(successor, ""))))
                .hasMessageContaining("aggregator: is known by the key " + AGGREGATOR.fingerprint());
        assertThat(Files.readString(file)).isEqualTo(before);

        TrustedKeysFile.change(file, keys -> keys.trust(BASEL, trusted(KEY, "compared again")));
        TrustedKeysFile.change(file, keys -> keys.replaceKnownAggregatorKey(trusted(successor, "")));
        assertThat(TrustedKeys.read(file).sites()).containsEntry(BASEL, trusted(KEY, "compared again"));
        assertThat(TrustedKeys.read(file).aggregator()).contains(trusted(successor, ""));
        TrustedKeysFile.change(file, keys -> keys.replaceKnownKey(BASEL, trusted(OTHER, "")));
        assertThat(TrustedKeys.read(file).registry().key(BASEL)).contains(OTHER);
    }

    @Test
    void twoSitesNeverHaveOneKey() {
        TrustedKeys keys = TrustedKeys.none().trust(BASEL, trusted(KEY, ""));
        assertThatThrownBy(() -> keys.trust(BERN, trusted(KEY, "")))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("bern: has the key of 'basel'");
        assertThatThrownBy(() -> keys.replaceKnownKey(BERN, trusted(KEY, "")))
                .hasMessageContaining("bern: has the key of 'basel'");
    }

    @Test
    void aSiteAddsItselfByItsOwnKeyOnly() {
        TrustedKeys keys = TrustedKeys.none().trust(BASEL, trusted(KEY, ""));
        assertThat(keys.registry(BERN, OTHER).sites()).containsExactly(BASEL, BERN);
        assertThat(keys.registry(BASEL, KEY).sites()).containsExactly(BASEL);
        assertThatThrownBy(() -> keys.registry(BASEL, OTHER))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("basel: this site itself is known by the key " + KEY + ", and has " + OTHER);
        assertThatThrownBy(() -> keys.registry(BERN, KEY)).hasMessageContaining("bern: has the key of 'basel'");
    }

    @Test
    void everyProblemOfAFileIsToldAtOnceWithItsPlace() throws IOException {
        Files.writeString(file, """
                version: 2
                agregator: {}
                sites:
                  Basel:
                    key: tacita-site-1.11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURqeC_iq
                    fingerprint: da9a-546e-94a4-0b2c-adef-b8d5-0452-a2d6
                  bern:
                    key: tacita-site-1.11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURqeC_iQ
                    fingerprint: da9a
                    note: ""
                  chur:
                    key: tacita-aggregator-1.hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmptmDR3
                """);
        permit("rw-r--r--");
        List<String> places = problems().stream().map(Problem::toString).toList();
        assertThat(places).hasSize(8);
        assertThat(places.get(0)).startsWith(file + ":1:10 version: must be a whole number from 1 to 1");
        assertThat(places.get(1)).startsWith(file + ":2:1 agregator: unknown key. Did you mean 'aggregator'?");
        assertThat(places.get(2)).startsWith(file + ":4:3 sites.Basel: site id must be");
        assertThat(places.get(3))
                .startsWith(file + ":6:18 sites.Basel.fingerprint: must be that of the key, " + KEY.fingerprint());
        assertThat(places.get(4)).startsWith(file + ":8:10 sites.bern.key: a site's public key was changed on its way");
        assertThat(places.get(5)).startsWith(file + ":10:11 sites.bern.note: must be 1 to 200");
        assertThat(places.get(6)).startsWith(file + ":12:5 sites.chur.fingerprint: a value is required");
        assertThat(places.get(7)).startsWith(file + ":12:10 sites.chur.key: a site's public key must be");
    }

    @Test
    void twoSitesWithOneKeyInAFileAreAProblem() throws IOException {
        String text = KeyFileTest.golden("trusted-keys-v1.yaml");
        String entry = text.substring(text.indexOf("  basel:"));
        Files.writeString(file, text + entry.replace("basel", "bern"));
        permit("rw-r--r--");
        assertThat(problems()).singleElement().asString().contains("bern: has the key of 'basel'");
    }

    @Test
    void aFileThatOthersMayWriteIsNotTrusted() throws IOException {
        TrustedKeysFile.change(file, keys -> keys.trust(BASEL, trusted(KEY, "")));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .matches("rw-[r-]--[r-]--");
        for (String permissions : new String[] {"rw-rw-r--", "rw-r--rw-"}) {
            permit(permissions);
            assertThat(problems())
                    .singleElement()
                    .asString()
                    .contains("others than its owner may write this file of trusted keys: its permissions are "
                            + permissions);
            assertThatThrownBy(() -> TrustedKeysFile.change(file, keys -> keys))
                    .hasMessageContaining("others than its owner may write");
        }
        permit("rw-------");
        TrustedKeysFile.change(file, keys -> keys.trust(BERN, trusted(OTHER, "")));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void oneProcessAtATimeChangesTheFile() throws IOException {
        TrustedKeysFile.change(file, keys -> {
            assertThatThrownBy(() -> TrustedKeysFile.change(file, again -> again.trust(BASEL, trusted(KEY, ""))))
                    .isInstanceOf(ProblemsException.class)
                    .hasMessageContaining("another process is changing this file")
                    .hasMessageContaining("trusted-keys.yaml.new");
            return keys.trust(BERN, trusted(OTHER, ""));
        });
        assertThat(TrustedKeys.read(file).sites()).containsOnlyKeys(BERN);
        Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), file);
        TrustedKeysFile.change(link, keys -> keys.trust(BASEL, trusted(KEY, "")));
        assertThat(link).isSymbolicLink();
        assertThat(TrustedKeys.read(file).sites()).containsOnlyKeys(BASEL, BERN);
    }

    @Test
    void aFileThatIsNotThereTrustsNobodyAndIsNotRead() {
        assertThat(problems()).singleElement().asString().contains("there is no such file.");
        assertThatThrownBy(() -> TrustedKeysFile.change(folder.resolve("no/such"), keys -> keys))
                .hasMessageContaining("there is no such folder.");
        assertThatThrownBy(() -> new TrustedKey<>(KEY, "two\nlines")).hasMessageContaining("one line");
    }

    private static <K extends PublicKey> TrustedKey<K> trusted(K key, String note) {
        return new TrustedKey<>(key, note);
    }

    private List<Problem> problems() {
        try {
            TrustedKeys.read(file);
            return List.of();
        } catch (ProblemsException e) {
            return e.problems();
        }
    }

    private void permit(String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}

package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tacita.core.SiteId;
import dev.tacita.keys.KeyFile;
import dev.tacita.keys.TrustedKeys;
import dev.tacita.secureagg.IdentityKey;
import dev.tacita.secureagg.PublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code tacita keys} says and does, and that its page shows what it says. */
final class KeysCommandTest {
    private static final SiteId BASEL = new SiteId("basel");
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|\\S+");

    private final Path folder;
    private final Path identity;
    private final Path trusted;

    KeysCommandTest(@TempDir Path folder) {
        this.folder = folder;
        this.identity = folder.resolve("site.key");
        this.trusted = folder.resolve("trusted-keys.yaml");
    }

    @Test
    void aNewKeyIsPrintedInItsPublicHalfOnly() throws IOException {
        String said = done("new", identity.toString());
        PublicKey key = KeyFile.readIdentity(identity).publicKey();
        assertThat(said).isEqualToIgnoringNewLines("public key   " + key.text() + "fingerprint  " + key.fingerprint());
        assertThat(Files.readString(identity)).contains("tacita-site-secret-1.");
        assertThat(done("fingerprint", identity.toString())).isEqualTo(said);
        assertThat(done("fingerprint", key.text())).isEqualTo(said);
        assertThat(done(
                        "fingerprint",
                        Files.writeString(folder.resolve("site.pub"), key.text())
                                .toString()))
                .isEqualTo(said);
        JsonNode json = json(done("fingerprint", "--json", identity.toString()));
        assertThat(json.required("key").textValue()).isEqualTo(key.text());
        assertThat(json.required("fingerprint").textValue()).isEqualTo(key.fingerprint());
        assertThat(done("new", "--aggregator", folder.resolve("aggregator.key").toString()))
                .contains("tacita-aggregator-1.");
        assertThat(KeyFile.readAggregatorKey(folder.resolve("aggregator.key")).toString())
                .isNotEmpty();
    }

    @Test
    void whatIsNoKeyIsRefusedInASentence() throws IOException {
        done("new", identity.toString());
        String secret = KeyFile.readIdentity(identity).secretText();
        assertThat(refused("new", identity.toString())).contains("a key is never overwritten. Name another file.");
        assertThat(refused("fingerprint", "nowhere.key")).contains("nowhere.key: there is no such file.");
        assertThat(refused("fingerprint", "tacita-site-1.abc")).contains("must be tacita-site-1. and 48 letters");
        assertThat(refused("fingerprint", secret))
                .contains("this is a private key", "make a new one")
                .doesNotContain(secret.substring(25));
        Files.setPosixFilePermissions(identity, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(refused("fingerprint", identity.toString())).contains("others than its owner may use", "rw-r-----");
        assertThat(refused("trust", "site", "Basel", "x", "--file=f", "--fingerprint=f"))
                .contains("site id must be 1 to 63");
    }

    @Test
    void aKeyIsTrustedByTheFingerprintThatWasReadOut() throws IOException {
        PublicKey key = newKey("site.key");
        assertThat(refused("trust", "site", "basel", key.text(), "--file", trusted.toString()))
                .contains("Missing required option", "--fingerprint");
        String oneDigitOff = key.fingerprint().substring(1) + (key.fingerprint().startsWith("0") ? "1" : "0");
        assertThat(refused(trust("basel", key.text(), oneDigitOff)))
                .contains("the key has another fingerprint than the one that was read out: " + key.fingerprint())
                .contains("Nothing was changed.");
        assertThat(trusted).doesNotExist();

        String readOut = key.fingerprint().replace("-", " ").toUpperCase(Locale.ROOT);
        assertThat(done(trust("basel", key.text(), readOut, "--note", "Dr. Meier, 31 January")))
                .isEqualToIgnoringNewLines("site basel is trusted by the key " + key.fingerprint());
        assertThat(TrustedKeys.read(trusted).registry().key(BASEL)).contains((IdentityKey) key);
        assertThat(done("trust", "list", "--file", trusted.toString()))
                .contains("SITE", "basel", key.fingerprint(), "Dr. Meier, 31 January");
        assertThat(json(done("trust", "list", "--json", "--file", trusted.toString()))
                        .at("/sites/basel/fingerprint")
                        .textValue())
                .isEqualTo(key.fingerprint());

        assertThat(done("trust", "remove", "basel", "--file", trusted.toString()))
                .isEqualToIgnoringNewLines("site basel is trusted no more");
        assertThat(TrustedKeys.read(trusted).sites()).isEmpty();
        assertThat(refused("trust", "remove", "basel", "--file", trusted.toString()))
                .contains("basel: this site is not known.");
    }

    @Test
    void aKnownSiteGetsAnotherKeyOnlyIfThatIsSaid() throws IOException {
        PublicKey first = newKey("first.key");
        PublicKey second = newKey("second.key");
        done(trust("basel", first.text(), first.fingerprint()));
        String before = Files.readString(trusted);
        assertThat(refused(trust("basel", second.text(), second.fingerprint())))
                .contains("basel: is known by the key " + first.fingerprint())
                .contains("Somebody may be pretending to be this one.");
        assertThat(refused(trust("bern", first.text(), first.fingerprint()))).contains("bern: has the key of 'basel'");
        assertThat(Files.readString(trusted)).isEqualTo(before);
        done(trust("basel", folder.resolve("second.key").toString(), second.fingerprint(), "--replace-known-key"));
        assertThat(TrustedKeys.read(trusted).registry().key(BASEL)).contains((IdentityKey) second);
    }

    @Test
    void theAggregatorIsTrustedByAKeyOfItsKind() throws IOException {
        done("new", "--aggregator", folder.resolve("aggregator.key").toString());
        PublicKey aggregator = KeyFile.readPublicKey(folder.resolve("aggregator.key"));
        PublicKey site = newKey("site.key");
        assertThat(refused(trust("basel", aggregator.text(), aggregator.fingerprint())))
                .contains("KEY must be the key of a site");
        assertThat(refused("trust", "aggregator", site.text(), "--fingerprint", site.fingerprint(), "--file=x"))
                .contains("KEY must be the key of an aggregator");
        String[] command = {
            "trust",
            "aggregator",
            aggregator.text(),
            "--fingerprint",
            aggregator.fingerprint(),
            "--file",
            trusted.toString()
        };
        assertThat(done(command)).contains("the aggregator is trusted by the key " + aggregator.fingerprint());
        assertThat(TrustedKeys.read(trusted).aggregator().orElseThrow().key()).isEqualTo(aggregator);
        assertThat(done("trust", "list", "--file", trusted.toString())).contains("(aggregator)  ");
    }

    /** The commands of docs/secure-aggregation.md, word for word, but that their files are in another folder. */
    @Test
    void theCommandsOfThePageDoWhatItSays() throws IOException {
        String example = DocumentationPage.read("docs/secure-aggregation.md")
                .example("sh", "keys")
                .text()
                .replace("\\\n", "");
        assertThat(example.lines().count()).isGreaterThan(5);
        for (String line : example.lines().toList()) {
            List<String> words = new ArrayList<>();
            Matcher word = WORD.matcher(line.replaceFirst("^tacita keys ", "").replaceFirst(" +#.*", ""));
            while (word.find()) {
                String text = word.group().replace("\"", "");
                words.add(
                        text.matches("[a-z-]+\\.(key|yaml)")
                                ? folder.resolve(text).toString()
                                : text);
            }
            done(words.toArray(String[]::new));
        }
    }

    private PublicKey newKey(String name) {
        done("new", folder.resolve(name).toString());
        return KeyFile.readPublicKey(folder.resolve(name));
    }

    private String[] trust(String site, String key, String fingerprint, String... more) {
        List<String> words = new ArrayList<>(
                List.of("trust", "site", site, key, "--file", trusted.toString(), "--fingerprint", fingerprint));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    private static String done(String... words) {
        Typed typed = keys(words);
        assertThat(typed.exitCode()).as(typed.err()).isZero();
        assertThat(typed.err()).isEmpty();
        return typed.out();
    }

    private static String refused(String... words) {
        Typed typed = keys(words);
        assertThat(typed.exitCode()).as(typed.out()).isEqualTo(Failures.UNUSABLE);
        assertThat(typed.out()).isEmpty();
        assertThat(typed.err()).startsWith("tacita: ").doesNotContain("\tat ");
        return typed.err();
    }

    private static Typed keys(String... words) {
        List<String> all = new ArrayList<>(List.of("keys"));
        all.addAll(List.of(words));
        return Typed.tacita(all.toArray(String[]::new));
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new JsonMapper().readTree(text);
    }
}

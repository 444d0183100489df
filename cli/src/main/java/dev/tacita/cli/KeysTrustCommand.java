package dev.tacita.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tacita.core.SiteId;
import dev.tacita.keys.TrustedKey;
import dev.tacita.keys.TrustedKeys;
import dev.tacita.keys.TrustedKeysFile;
import dev.tacita.secureagg.AggregatorPublicKey;
import dev.tacita.secureagg.IdentityKey;
import dev.tacita.secureagg.PublicKey;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "trust",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Says whose keys are trusted, in a file that people can review.",
            "A key gets in with the fingerprint that its people read out, by telephone or in person: not with one from the"
                    + " mail that brought the key."
        })
final class KeysTrustCommand {
    private static final String AGGREGATOR = "(aggregator)";

    @Spec
    private CommandSpec spec;

    /** Where, and what was said about the key. */
    static final class Comparison {
        @Option(names = "--file", paramLabel = "FILE", required = true, description = "The file of trusted keys.")
        private Path file;

        @Option(
                names = "--fingerprint",
                paramLabel = "F",
                required = true,
                description = "The key's fingerprint, as its people read it out.")
        private String fingerprint;

        @Option(
                names = "--note",
                paramLabel = "TEXT",
                defaultValue = "",
                description = "Who compared it with whom, and when.")
        private String note;

        @Option(
                names = "--replace-known-key",
                description =
                        "Take the place of another key that is trusted now. Only if its people said that they have a"
                                + " new one.")
        private boolean replaceKnownKey;

        private <K extends PublicKey> TrustedKey<K> trusted(K key) {
            KeyArgument.compare(key, fingerprint);
            try {
                return new TrustedKey<>(key, note);
            } catch (IllegalArgumentException e) {
                throw new UnusableException("--note: " + e.getMessage());
            }
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Trusts the key of a site.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:done",
                "2:nothing was changed: it is no key, has another fingerprint, the site is known by another key, or the"
                        + " file has problems"
            })
    int site(
            @Parameters(paramLabel = "SITE", description = "The site's name in the federation.") SiteId site,
            @Parameters(paramLabel = "KEY", description = "Its public key, or a file that has it.") String typed,
            @Mixin Comparison comparison) {
        TrustedKey<IdentityKey> trusted = comparison.trusted(KeyArgument.ofSite(typed));
        TrustedKeysFile.change(
                comparison.file,
                keys -> comparison.replaceKnownKey ? keys.replaceKnownKey(site, trusted) : keys.trust(site, trusted));
        print("site " + site + " is trusted by the key " + trusted.key().fingerprint());
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Trusts the key of the aggregator: shares of secrets are sealed to it.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:done",
                "2:nothing was changed: it is no key, has another fingerprint, the aggregator is known by another key, or"
                        + " the file has problems"
            })
    int aggregator(
            @Parameters(paramLabel = "KEY", description = "Its public key, or a file that has it.") String typed,
            @Mixin Comparison comparison) {
        TrustedKey<AggregatorPublicKey> trusted = comparison.trusted(KeyArgument.ofAggregator(typed));
        TrustedKeysFile.change(
                comparison.file,
                keys -> comparison.replaceKnownKey
                        ? keys.replaceKnownAggregatorKey(trusted)
                        : keys.trustAggregator(trusted));
        print("the aggregator is trusted by the key " + trusted.key().fingerprint());
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Lists who is trusted, with fingerprints.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:done", "2:the file has problems; each is printed"})
    int list(
            @Option(names = "--file", paramLabel = "FILE", required = true, description = "The file of trusted keys.")
                    Path file,
            @Option(names = "--json", description = "Print a JSON object.") boolean json) {
        TrustedKeys keys = TrustedKeys.read(file);
        if (json) {
            print(json(keys));
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("SITE", "FINGERPRINT", "NOTE"));
            keys.aggregator().ifPresent(trusted -> rows.add(row(AGGREGATOR, trusted)));
            keys.sites().forEach((site, trusted) -> rows.add(row(site.value(), trusted)));
            Columns.of(rows).forEach(this::print);
        }
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = "Trusts a site no more. An agent reads the file when it starts: restart it.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:done", "2:the site is not known, or the file has problems"})
    int remove(
            @Parameters(paramLabel = "SITE", description = "The site's name in the federation.") SiteId site,
            @Option(names = "--file", paramLabel = "FILE", required = true, description = "The file of trusted keys.")
                    Path file) {
        TrustedKeysFile.change(file, keys -> keys.without(site));
        print("site " + site + " is trusted no more");
        return 0;
    }

    private static List<String> row(String who, TrustedKey<?> trusted) {
        return List.of(who, trusted.key().fingerprint(), trusted.note());
    }

    private static String json(TrustedKeys keys) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        keys.aggregator().ifPresent(trusted -> put(trusted, node.putObject("aggregator")));
        ObjectNode sites = node.putObject("sites");
        keys.sites().forEach((site, trusted) -> put(trusted, sites.putObject(site.value())));
        return node.toString();
    }

    private static void put(TrustedKey<?> trusted, ObjectNode node) {
        node.put("key", trusted.key().text())
                .put("fingerprint", trusted.key().fingerprint())
                .put("note", trusted.note());
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}

package dev.tacita.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tacita.keys.KeyFile;
import dev.tacita.secureagg.AggregatorKey;
import dev.tacita.secureagg.PublicKey;
import dev.tacita.secureagg.SigningIdentity;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Keys for secure aggregation: makes them, and says whose are trusted.",
        subcommands = KeysTrustCommand.class)
final class KeysCommand {
    @Spec
    private CommandSpec spec;

    @Command(
            name = "new",
            mixinStandardHelpOptions = true,
            description = {
                "Makes the private key of a site, in a new file that only its owner can read, and prints the public key.",
                "Send the public key to the other sites, and read them its fingerprint by telephone."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:done", "2:there is a file already, or it cannot be written"})
    int create(
            @Parameters(paramLabel = "FILE", description = "The file to make. It is never overwritten.") Path file,
            @Option(names = "--aggregator", description = "Make the key of an aggregator.") boolean aggregator,
            @Option(names = "--json", description = "Print a JSON object.") boolean json) {
        if (aggregator) {
            AggregatorKey key = AggregatorKey.generate();
            KeyFile.create(file, key);
            print(key.knownAs(), json);
        } else {
            SigningIdentity identity = SigningIdentity.generate();
            KeyFile.create(file, identity);
            print(identity.publicKey(), json);
        }
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            description = {
                "Prints a public key and its fingerprint, which people compare by telephone: nobody else has the same.",
                "Of a private key it prints the public half only."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:done", "2:it is no key, or a private one that others than its owner may use"})
    int fingerprint(
            @Parameters(paramLabel = "KEY", description = "A file with a private or public key, or a public key.")
                    String key,
            @Option(names = "--json", description = "Print a JSON object.") boolean json) {
        print(KeyArgument.publicKey(key), json);
        return 0;
    }

    private void print(PublicKey key, boolean json) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(
                    JsonNodeFactory.instance.objectNode().put("key", key.text()).put("fingerprint", key.fingerprint()));
        } else {
            out.println("public key   " + key.text());
            out.println("fingerprint  " + key.fingerprint());
        }
        out.flush();
    }
}

package dev.tacita.cli;

import dev.tacita.config.Secret;
import dev.tacita.server.AggregatorClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Where an aggregator serves its HTTP interface, and what it asks for. */
final class AggregatorAddress {
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

    @Option(
            names = "--server",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            defaultValue = "http://127.0.0.1:7407",
            description = "The aggregator's address%n(default: ${DEFAULT-VALUE}).")
    private URI server;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "File with the aggregator's token.")
    private @Nullable Path tokenFile;

    /** Nothing is sent yet. */
    AggregatorClient client() {
        String scheme = Optional.ofNullable(server.getScheme()).orElse("");
        boolean http = scheme.equals("http") || scheme.equals("https");
        if (!http || server.getHost() == null) {
            throw new UnusableException(
                    "--server must be such as http://127.0.0.1:7407. Provided value: " + server + ".");
        }
        return new AggregatorClient(server, Optional.ofNullable(tokenFile).map(AggregatorAddress::token));
    }

    private static Secret token(Path file) {
        try {
            String token = Files.readString(file).strip();
            if (TOKEN.matcher(token).matches()) {
                return new Secret(token);
            }
            throw new UnusableException(
                    "--token-file must hold one line of ASCII characters with no blank. Provided value: " + file + ".");
        } catch (NoSuchFileException e) {
            throw new UnusableException("--token-file: there is no file " + file + ".");
        } catch (IOException e) {
            throw new UnusableException("--token-file must be a readable text file. Provided value: " + file
                    + (Files.isDirectory(file) ? ", a folder." : "."));
        }
    }
}

package dev.tacita.keys;

import dev.tacita.core.ProblemsException;
import dev.tacita.secureagg.AggregatorKey;
import dev.tacita.secureagg.PublicKey;
import dev.tacita.secureagg.SigningIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * A key in a file. A private one is in a file that nobody but its owner can read: created with these permissions from its first moment, never
 * overwritten, and not read if others could read it too. The file is text: the key as one word in one line, beside lines that
 * begin with {@code #}. No message shows anything of a private key.
 */
public final class KeyFile {
    private static final int LARGEST = 4096;
    private static final String SITE =
            "# The private key of a site. Whoever has it can act in the site's name: never copy it"
                    + " to another machine, never send it.\n";
    private static final String AGGREGATOR =
            "# The private key of an aggregator. Whoever has it can read what sites seal to the aggregator: never send it.\n";

    private KeyFile() {}

    /** @throws ProblemsException if there is a file already, or it cannot be written */
    public static void create(Path file, SigningIdentity identity) {
        create(file, SITE + identity.secretText() + "\n");
    }

    /** @throws ProblemsException if there is a file already, or it cannot be written */
    public static void create(Path file, AggregatorKey key) {
        create(file, AGGREGATOR + key.secretText() + "\n");
    }

    /**
     * The identity of a site.
     *
     * @throws ProblemsException if it cannot be read, is no such key, or others than its owner may use it
     */
    public static SigningIdentity readIdentity(Path file) {
        return read(file, SigningIdentity::parse);
    }

    /**
     * The key of an aggregator.
     *
     * @throws ProblemsException if it cannot be read, is no such key, or others than its owner may use it
     */
    public static AggregatorKey readAggregatorKey(Path file) {
        return read(file, AggregatorKey::parse);
    }

    /**
     * The public key of a site or an aggregator, from a file that has it, or that has its private key.
     *
     * @throws ProblemsException if it cannot be read, is no key, or is a private one that others than its owner may use
     */
    public static PublicKey readPublicKey(Path file) {
        try {
            String word = word(file);
            if (AggregatorKey.isSecretText(word)) {
                return readAggregatorKey(file).knownAs();
            }
            return SigningIdentity.isSecretText(word) ? readIdentity(file).publicKey() : PublicKey.parse(word);
        } catch (IllegalArgumentException e) {
            throw KeyProblems.of(file, e.getMessage() + ".", "");
        } catch (IOException e) {
            throw KeyProblems.of(file, e);
        }
    }

    private static void create(Path file, String text) {
        try {
            FileOwner.create(file, FileOwner.ALONE, text.getBytes(StandardCharsets.US_ASCII));
        } catch (FileAlreadyExistsException e) {
            throw KeyProblems.of(
                    file,
                    "there is a file of this name already, and a key is never overwritten.",
                    "Name another file.");
        } catch (IOException e) {
            throw KeyProblems.of(file, e);
        }
    }

    private static <T> T read(Path file, Function<String, T> parser) {
        try {
            FileOwner.requireAlone(file);
            return parser.apply(word(file));
        } catch (IllegalArgumentException e) {
            throw KeyProblems.of(file, e.getMessage() + ".", "");
        } catch (IOException e) {
            throw KeyProblems.of(file, e);
        }
    }

    private static String word(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST);
        }
        List<String> words = new String(bytes, StandardCharsets.ISO_8859_1)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        if (words.size() != 1) {
            throw new IllegalArgumentException(
                    "a key is one line, beside those that begin with '#'. Provided number of lines: " + words.size());
        }
        return words.get(0);
    }
}

package dev.tacita.cli;

import dev.tacita.keys.KeyFile;
import dev.tacita.secureagg.AggregatorPublicKey;
import dev.tacita.secureagg.IdentityKey;
import dev.tacita.secureagg.PublicKey;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/** A public key as it was typed: itself, or the file that has it; and the fingerprint that somebody read out. */
final class KeyArgument {
    private KeyArgument() {}

    static PublicKey publicKey(String typed) {
        if (typed.startsWith("tacita-") && !isFile(typed)) {
            try {
                return PublicKey.parse(typed);
            } catch (IllegalArgumentException e) {
                throw new UnusableException(String.valueOf(e.getMessage()));
            }
        }
        try {
            return KeyFile.readPublicKey(Path.of(typed));
        } catch (InvalidPathException e) {
            throw new UnusableException("KEY must be a public key, or the path of a file that has one.");
        }
    }

    static IdentityKey ofSite(String typed) {
        if (publicKey(typed) instanceof IdentityKey key) {
            return key;
        }
        throw new UnusableException("KEY must be the key of a site, and this is the key of an aggregator.");
    }

    static AggregatorPublicKey ofAggregator(String typed) {
        if (publicKey(typed) instanceof AggregatorPublicKey key) {
            return key;
        }
        throw new UnusableException("KEY must be the key of an aggregator, and this is the key of a site.");
    }

    static void compare(PublicKey key, String readOut) {
        if (!digits(readOut).equals(digits(key.fingerprint()))) {
            throw new UnusableException("the key has another fingerprint than the one that was read out: "
                    + key.fingerprint()
                    + ". It is not the key of the people you talked to, or one of you mistook a digit."
                    + " Nothing was changed.");
        }
    }

    private static String digits(String fingerprint) {
        return fingerprint.replaceAll("[\\s-]", "").toLowerCase(Locale.ROOT);
    }

    private static boolean isFile(String typed) {
        try {
            return Files.exists(Path.of(typed));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}

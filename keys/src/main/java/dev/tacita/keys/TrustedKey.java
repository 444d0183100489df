package dev.tacita.keys;

import static java.util.Objects.requireNonNull;

import dev.tacita.secureagg.PublicKey;

/**
 * A key that is trusted.
 *
 * @param key of a site or an aggregator
 * @param note who compared its fingerprint with whom and when, up to 200 printable characters; may be empty
 * @param <K> whose key it is
 */
public record TrustedKey<K extends PublicKey>(K key, String note) {
    private static final int LONGEST = 200;

    public TrustedKey {
        requireNonNull(key, "key is null");
        if (note.length() > LONGEST || note.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a note must be one line of at most " + LONGEST + " characters");
        }
    }
}

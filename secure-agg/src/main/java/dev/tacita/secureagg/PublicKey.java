package dev.tacita.secureagg;

/** A public key that people hand to each other, as one word, and compare by telephone, by its fingerprint. */
public sealed interface PublicKey permits IdentityKey, AggregatorPublicKey {
    /** The prefix of the kind, and 48 letters, digits, hyphens and underscores. */
    String text();

    /** The first half of a SHA-256 of kind and key, in eight groups of four hexadecimal digits. */
    String fingerprint();

    /**
     * From the one word that {@link #text} gives.
     *
     * @throws IllegalArgumentException if it is none, was mistyped, is no usable key, or is a private key; the message
     *     shows nothing of it
     */
    static PublicKey parse(String text) {
        if (SigningIdentity.isSecretText(text) || AggregatorKey.isSecretText(text)) {
            throw new IllegalArgumentException(
                    "this is a private key, which nobody but its owner may see; whoever saw this"
                            + " one can act in its owner's name: make a new one");
        }
        return text.startsWith(KeyText.AGGREGATOR.prefix()) ? AggregatorPublicKey.parse(text) : IdentityKey.parse(text);
    }
}

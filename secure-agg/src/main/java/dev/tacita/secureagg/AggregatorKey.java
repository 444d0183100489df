package dev.tacita.secureagg;

import java.security.SecureRandom;

/**
 * The X25519 key to which sites seal the shares that the aggregator may see, so that nobody else who reads the messages
 * can put secrets together. The aggregator keeps it over restarts, and the sites know its public half.
 */
public final class AggregatorKey {
    private final byte[] secret;
    private final Octets publicKey;

    private AggregatorKey(byte[] secret) {
        this.secret = secret;
        this.publicKey = Curve.agreementPublicKey(secret);
    }

    /** A new one. */
    public static AggregatorKey generate() {
        return new AggregatorKey(Curve.newAgreementKey(new SecureRandom()));
    }

    /** @throws IllegalArgumentException unless there are 32 bytes */
    public static AggregatorKey of(byte[] secretBytes) {
        if (secretBytes.length != Curve.KEY_BYTES) {
            throw new IllegalArgumentException(
                    "an aggregator's key must have 32 bytes. Provided length: " + secretBytes.length);
        }
        return new AggregatorKey(secretBytes.clone());
    }

    /** The secret itself, for a file that only the aggregator can read. */
    public byte[] secretBytes() {
        return secret.clone();
    }

    /**
     * From the one word that {@link #secretText} gave.
     *
     * @throws IllegalArgumentException if it is none, or was changed; the message does not show it
     */
    public static AggregatorKey parse(String secretText) {
        return new AggregatorKey(KeyText.AGGREGATOR_SECRET.read(secretText));
    }

    /** Whether a text begins as those of {@link #secretText} do. */
    public static boolean isSecretText(String text) {
        return text.startsWith(KeyText.AGGREGATOR_SECRET.prefix());
    }

    /** The secret itself as one word, for a file that only the aggregator can read. */
    public String secretText() {
        return KeyText.AGGREGATOR_SECRET.write(secret);
    }

    /** What the sites seal to: 32 bytes. */
    public Octets publicKey() {
        return publicKey;
    }

    /** What the sites know it by. */
    public AggregatorPublicKey knownAs() {
        return new AggregatorPublicKey(publicKey);
    }

    byte[] agree(Octets other) {
        return Curve.agree(secret, other);
    }

    @Override
    public String toString() {
        return "an aggregator's key";
    }
}

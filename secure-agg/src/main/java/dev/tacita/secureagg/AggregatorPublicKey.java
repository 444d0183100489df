package dev.tacita.secureagg;

import static java.util.Objects.requireNonNull;

/**
 * The public X25519 key of an aggregator, to which sites seal the shares that it may see.
 *
 * @param bytes 32, as RFC 7748 encodes it
 */
public record AggregatorPublicKey(Octets bytes) implements PublicKey {
    /** @throws IllegalArgumentException unless these are the one encoding of a key with which secrets can be agreed on */
    public AggregatorPublicKey {
        requireNonNull(bytes, "bytes is null");
        bytes.requireLength("an aggregator's public key", Curve.KEY_BYTES);
        if (!Curve.isAgreementKey(bytes)) {
            throw new IllegalArgumentException(
                    "an aggregator's public key must be below 2^255 - 19 and not of a small order");
        }
    }

    /**
     * From the one word that {@link #text} gives.
     *
     * @throws IllegalArgumentException if it is none, was mistyped, or is no usable key
     */
    public static AggregatorPublicKey parse(String text) {
        return new AggregatorPublicKey(Octets.wrap(KeyText.AGGREGATOR.read(text)));
    }

    @Override
    public String text() {
        return KeyText.AGGREGATOR.write(bytes.shared());
    }

    @Override
    public String fingerprint() {
        return KeyText.AGGREGATOR.fingerprint(bytes);
    }

    @Override
    public String toString() {
        return fingerprint();
    }
}

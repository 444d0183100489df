package dev.tacita.secureagg;

import static java.util.Objects.requireNonNull;

import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;

/**
 * The public Ed25519 key by which a site is known.
 *
 * @param bytes 32, as RFC 8032 encodes it
 */
public record IdentityKey(Octets bytes) implements PublicKey {
    /** @throws IllegalArgumentException unless these are 32 bytes of a key that is on the curve */
    public IdentityKey {
        requireNonNull(bytes, "bytes is null");
        bytes.requireLength("an identity key", Curve.KEY_BYTES);
        new Ed25519PublicKeyParameters(bytes.shared());
    }

    /**
     * From the one word that {@link #text} gives.
     *
     * @throws IllegalArgumentException if it is none, was mistyped, or is no key on the curve
     */
    public static IdentityKey parse(String text) {
        return new IdentityKey(Octets.wrap(KeyText.SITE.read(text)));
    }

    @Override
    public String text() {
        return KeyText.SITE.write(bytes.shared());
    }

    @Override
    public String fingerprint() {
        return KeyText.SITE.fingerprint(bytes);
    }

    boolean verifies(Octets message, Octets signature) {
        return Curve.verifies(new Ed25519PublicKeyParameters(bytes.shared()), message, signature);
    }

    @Override
    public String toString() {
        return fingerprint();
    }
}

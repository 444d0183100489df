package dev.tacita.secureagg;

import java.security.SecureRandom;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/** The private Ed25519 key with which a site signs. It stays at the site; {@link #toString} is the public fingerprint. */
public final class SigningIdentity {
    private final Ed25519PrivateKeyParameters key;
    private final IdentityKey publicKey;

    private SigningIdentity(Ed25519PrivateKeyParameters key) {
        this.key = key;
        this.publicKey = new IdentityKey(Octets.wrap(key.generatePublicKey().getEncoded()));
    }

    /** A new one. */
    public static SigningIdentity generate() {
        return new SigningIdentity(new Ed25519PrivateKeyParameters(new SecureRandom()));
    }

    /**
     * From the 32 bytes that {@link #secretBytes} gave.
     *
     * @throws IllegalArgumentException unless there are 32
     */
    public static SigningIdentity of(byte[] secretBytes) {
        if (secretBytes.length != Curve.KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a signing key must have 32 bytes. Provided length: " + secretBytes.length);
        }
        return new SigningIdentity(new Ed25519PrivateKeyParameters(secretBytes));
    }

    /** The secret itself, for a file that only the site's agent can read. */
    public byte[] secretBytes() {
        return key.getEncoded();
    }

    /**
     * From the one word that {@link #secretText} gave.
     *
     * @throws IllegalArgumentException if it is none, or was changed; the message does not show it
     */
    public static SigningIdentity parse(String secretText) {
        return of(KeyText.SITE_SECRET.read(secretText));
    }

    /** Whether a text begins as those of {@link #secretText} do. */
    public static boolean isSecretText(String text) {
        return text.startsWith(KeyText.SITE_SECRET.prefix());
    }

    /** The secret itself as one word, for a file that only the site's agent can read. */
    public String secretText() {
        return KeyText.SITE_SECRET.write(key.getEncoded());
    }

    /** What others know the site by. */
    public IdentityKey publicKey() {
        return publicKey;
    }

    Octets sign(Octets message) {
        return Curve.sign(key, message);
    }

    @Override
    public String toString() {
        return publicKey.toString();
    }
}

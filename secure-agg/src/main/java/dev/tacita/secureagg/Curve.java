package dev.tacita.secureagg;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * X25519 (RFC 7748) and Ed25519 (RFC 8032) on raw keys of 32 bytes. From Bouncy Castle and not from the JDK:
 * a secret that is put together from shares is a raw key, and so is a line of a registry; the JDK has no raw keys.
 */
final class Curve {
    static final int KEY_BYTES = 32;
    static final int SIGNATURE_BYTES = Ed25519.SIGNATURE_SIZE;

    private static final int TOP = KEY_BYTES - 1;
    private static final Set<Octets> SMALL_ORDER = Stream.of(
                    "00".repeat(KEY_BYTES),
                    "01" + "00".repeat(TOP),
                    "ec" + "ff".repeat(TOP - 1) + "7f",
                    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")
            .map(hex -> Octets.wrap(HexFormat.of().parseHex(hex)))
            .collect(Collectors.toUnmodifiableSet());

    private Curve() {}

    static byte[] newAgreementKey(SecureRandom random) {
        byte[] secret = new byte[KEY_BYTES];
        X25519.generatePrivateKey(random, secret);
        return secret;
    }

    static Octets agreementPublicKey(byte[] secret) {
        byte[] publicKey = new byte[KEY_BYTES];
        X25519.generatePublicKey(secret, 0, publicKey, 0);
        return Octets.wrap(publicKey);
    }

    /**
     * Whether the bytes are the one encoding of a point with which an agreement makes a secret: a number below 2^255 - 19,
     * not of a small order.
     */
    static boolean isAgreementKey(Octets publicKey) {
        return publicKey.length() == KEY_BYTES && isCanonical(publicKey.shared()) && !SMALL_ORDER.contains(publicKey);
    }

    /** The secret that two keys have in common; the public key must be an {@link #isAgreementKey}. */
    static byte[] agree(byte[] secret, Octets publicKey) {
        byte[] shared = new byte[KEY_BYTES];
        if (!X25519.calculateAgreement(secret, 0, publicKey.shared(), 0, shared, 0)) {
            throw new IllegalArgumentException("a public key of small order makes no secret");
        }
        return shared;
    }

    static Octets sign(Ed25519PrivateKeyParameters key, Octets message) {
        byte[] signature = new byte[SIGNATURE_BYTES];
        byte[] bytes = message.shared();
        key.sign(Ed25519.Algorithm.Ed25519, null, bytes, 0, bytes.length, signature, 0);
        return Octets.wrap(signature);
    }

    static boolean verifies(Ed25519PublicKeyParameters key, Octets message, Octets signature) {
        byte[] bytes = message.shared();
        return signature.length() == SIGNATURE_BYTES
                && key.verify(Ed25519.Algorithm.Ed25519, null, bytes, 0, bytes.length, signature.shared(), 0);
    }

    private static boolean isCanonical(byte[] littleEndian) {
        if ((littleEndian[TOP] & 0xff) != 0x7f) {
            return littleEndian[TOP] >= 0;
        }
        for (int i = TOP - 1; i > 0; i--) {
            if ((littleEndian[i] & 0xff) != 0xff) {
                return true;
            }
        }
        return (littleEndian[0] & 0xff) < 0xed;
    }
}

package dev.tacita.secureagg;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869). */
final class Hkdf {
    private static final String HMAC = "HmacSHA256";
    private static final int HASH_BYTES = 32;

    private final Mac mac;

    Hkdf() {
        try {
            mac = Mac.getInstance(HMAC);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + HMAC + ", which every Java must have", e);
        }
    }

    /** A key of {@code length} bytes, at most 255 * 32, from a secret; the salt must not be empty. */
    byte[] derive(byte[] secret, byte[] salt, byte[] info, int length) {
        if (length < 1 || length > 255 * HASH_BYTES) {
            throw new IllegalArgumentException("length must be 1 to 8160. Provided value: " + length);
        }
        byte[] extracted = keyed(salt).doFinal(secret);
        keyed(extracted);
        Arrays.fill(extracted, (byte) 0);
        byte[] key = new byte[length];
        byte[] block = new byte[0];
        for (int at = 0, count = 1; at < length; at += HASH_BYTES, count++) {
            mac.update(block);
            mac.update(info);
            mac.update((byte) count);
            block = mac.doFinal();
            System.arraycopy(block, 0, key, at, Math.min(HASH_BYTES, length - at));
        }
        Arrays.fill(block, (byte) 0);
        return key;
    }

    private Mac keyed(byte[] key) {
        try {
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC refused a key", e);
        }
    }
}

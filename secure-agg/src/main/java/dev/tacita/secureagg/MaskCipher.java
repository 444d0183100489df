package dev.tacita.secureagg;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The mask generator: AES-256 in counter mode over zeros (NIST SP 800-38A, sec. 6.5). The stream of a key and a segment
 * starts at the counter block (segment, 0), so that segments of a mask can be made in any order; a segment has less than
 * 2^64 blocks.
 */
final class MaskCipher {
    static final int KEY_BYTES = 32;
    static final int BLOCK = 1 << 14;

    private static final int COUNTER_BYTES = 16;

    private final Cipher cipher;
    private final byte[] zeros = new byte[BLOCK];

    MaskCipher() {
        try {
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES/CTR/NoPadding, which every Java must have", e);
        }
    }

    void start(byte[] key, long segment) {
        byte[] counter = ByteBuffer.allocate(COUNTER_BYTES).putLong(segment).array();
        try {
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(counter));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256 in counter mode refused a key of 32 bytes", e);
        }
    }

    /** The next bytes, at most {@link #BLOCK}. */
    void next(byte[] target, int length) {
        try {
            cipher.update(zeros, 0, length, target);
        } catch (ShortBufferException e) {
            throw new IllegalStateException("AES in counter mode gave more bytes than it took", e);
        }
    }
}

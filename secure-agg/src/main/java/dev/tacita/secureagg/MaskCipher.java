package dev.tacita.secureagg;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
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
    private static final byte[] ZEROS = new byte[BLOCK];
    private static final byte[] ONES = new byte[BLOCK];

    static {
        Arrays.fill(ONES, (byte) -1);
    }

    private final Cipher cipher;

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
        apply(ZEROS, target, length);
    }

    /** The next bytes with every bit turned: of a word w, that is -w - 1. */
    void nextInverted(byte[] target, int length) {
        apply(ONES, target, length);
    }

    private void apply(byte[] text, byte[] target, int length) {
        try {
            cipher.update(text, 0, length, target);
        } catch (ShortBufferException e) {
            throw new IllegalStateException("AES in counter mode gave more bytes than it took", e);
        }
    }
}

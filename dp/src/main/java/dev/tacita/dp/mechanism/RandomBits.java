package dev.tacita.dp.mechanism;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Random bits from AES-128 in counter mode (NIST SP 800-38A, sec. 6.5), the key and the first counter from
 * {@link SecureRandom}. After every 64 MiB the stream chooses its own next key, and the old one is forgotten.
 *
 * <p>Not for two threads at once: whoever holds one guards it with a lock, as words that are given out twice would be
 * noise that cancels.
 */
final class RandomBits {
    private static final int BYTES = 1 << 15;
    private static final int WORDS = BYTES / Long.BYTES;
    private static final int FILLINGS_OF_A_KEY = 1 << 11;
    private static final int BLOCK = 16;

    private final Cipher cipher;
    private final byte[] zeros = new byte[BYTES];
    private final byte[] stream = new byte[BYTES];
    private final LongBuffer view =
            ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    private final long[] words = new long[WORDS];
    private int position = WORDS;
    private int fillings;

    private RandomBits(byte[] key, byte[] counter) {
        try {
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES/CTR/NoPadding, which every Java must have", e);
        }
        start(key, counter);
    }

    /** Bits that nobody can foretell or repeat. */
    static RandomBits secure() {
        SecureRandom random = new SecureRandom();
        byte[] key = new byte[BLOCK];
        byte[] counter = new byte[BLOCK];
        random.nextBytes(key);
        random.nextBytes(counter);
        return new RandomBits(key, counter);
    }

    /** The same bits for the same key and counter: for tests only, which alone can reach it. */
    static RandomBits repeatable(byte[] key, byte[] counter) {
        return new RandomBits(requireNonNull(key), requireNonNull(counter));
    }

    long nextLong() {
        if (position == WORDS) {
            refill();
        }
        return words[position++];
    }

    boolean nextBoolean() {
        return nextLong() < 0;
    }

    /** Uniform over 0 to bound - 1, exactly; the bound is at least 1. */
    BigInteger below(BigInteger bound) {
        int bits = bound.subtract(BigInteger.ONE).bitLength();
        if (bits < Long.SIZE) {
            return BigInteger.valueOf(below(bits, bound.bitLength() < Long.SIZE ? bound.longValue() : Long.MIN_VALUE));
        }
        BigInteger drawn;
        do {
            drawn = bits(bits);
        } while (drawn.compareTo(bound) >= 0);
        return drawn;
    }

    /** Uniform over 0 to bound - 1, exactly; the bound is at least 1. */
    int below(int bound) {
        return (int) below(Integer.SIZE - Integer.numberOfLeadingZeros(bound - 1), bound);
    }

    /** Uniform over 0 to bound - 1, exactly; the bound is at least 1. */
    long below(long bound) {
        return below(Long.SIZE - Long.numberOfLeadingZeros(bound - 1), bound);
    }

    /** Uniform over 0 to 2^count - 1. */
    BigInteger bits(int count) {
        BigInteger drawn = BigInteger.ZERO;
        for (int left = count; left > 0; left -= Integer.SIZE) {
            int taken = Math.min(left, Integer.SIZE);
            drawn = drawn.shiftLeft(taken).or(BigInteger.valueOf(nextLong() >>> (Long.SIZE - taken)));
        }
        return drawn;
    }

    private long below(int bits, long unsignedBound) {
        if (bits == 0) {
            return 0;
        }
        long drawn;
        do {
            drawn = nextLong() >>> (Long.SIZE - bits);
        } while (Long.compareUnsigned(drawn, unsignedBound) >= 0);
        return drawn;
    }

    private void refill() {
        if (fillings == FILLINGS_OF_A_KEY) {
            byte[] next = new byte[2 * BLOCK];
            generate(next, next.length);
            byte[] key = new byte[BLOCK];
            byte[] counter = new byte[BLOCK];
            ByteBuffer.wrap(next).get(key).get(counter);
            start(key, counter);
        }
        generate(stream, BYTES);
        view.get(0, words);
        fillings++;
        position = 0;
    }

    private void start(byte[] key, byte[] counter) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(counter));
            fillings = 0;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-128 in counter mode refused a key of 16 bytes", e);
        }
    }

    private void generate(byte[] target, int length) {
        try {
            cipher.update(zeros, 0, length, target);
        } catch (ShortBufferException e) {
            throw new IllegalStateException("AES in counter mode gave more bytes than it took", e);
        }
    }
}

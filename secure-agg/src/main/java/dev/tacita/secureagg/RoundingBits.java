package dev.tacita.secureagg;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * Draws that nobody can foretell, for rounding at random: AES-256 in counter mode under a key from {@link SecureRandom}.
 * Not for two threads at once.
 */
public final class RoundingBits implements RandomGenerator {
    private final MaskCipher cipher = new MaskCipher();
    private final byte[] stream = new byte[MaskCipher.BLOCK];
    private final ByteBuffer draws = ByteBuffer.wrap(stream).limit(0);

    /** With a key of its own. */
    public RoundingBits() {
        byte[] key = new byte[MaskCipher.KEY_BYTES];
        new SecureRandom().nextBytes(key);
        cipher.start(key, 0);
    }

    @Override
    public long nextLong() {
        if (!draws.hasRemaining()) {
            cipher.next(stream, stream.length);
            draws.clear();
        }
        return draws.getLong();
    }

    @Override
    public void nextBytes(byte[] bytes) {
        for (int at = 0; at < bytes.length; at += stream.length) {
            int taken = Math.min(stream.length, bytes.length - at);
            cipher.next(stream, taken);
            System.arraycopy(stream, 0, bytes, at, taken);
        }
        draws.limit(0);
    }
}

package dev.tacita.dp.mechanism;

import java.nio.ByteBuffer;

/** Random bits that a seed repeats: the only way to them, and it is a test's. */
final class Repeatable {
    private Repeatable() {}

    static RandomBits bits(long seed) {
        return RandomBits.repeatable(ByteBuffer.allocate(16).putLong(seed).array(), new byte[16]);
    }

    static ExactDraws draws(long seed) {
        return new ExactDraws(bits(seed));
    }
}

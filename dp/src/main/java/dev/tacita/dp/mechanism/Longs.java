package dev.tacita.dp.mechanism;

import java.math.BigInteger;

/** What becomes of integers too large for a long. */
final class Longs {
    private Longs() {}

    /** The value, or the end of the range of a long that it is beyond. */
    static long limited(BigInteger value) {
        if (value.bitLength() < Long.SIZE) {
            return value.longValue();
        }
        return value.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
}

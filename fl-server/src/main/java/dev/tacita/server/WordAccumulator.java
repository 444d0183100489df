package dev.tacita.server;

import dev.tacita.core.number.FixedPoint;

/**
 * Adds values to a sum of words modulo 2^64, exactly: each value counts as weight * {@link FixedPoint#encode}. For as
 * many threads as there are disjoint ranges of the sum.
 *
 * <p>Adding 1.5 * 2^52 to a double of magnitude below 2^51 rounds it to the nearest integer, ties to even, and leaves
 * that integer in the low bits: the rounding that {@link FixedPoint#encode} asks for, without its branches.
 */
public final class WordAccumulator {
    private static final double SHIFT = 0x1.8p52;
    private static final long SHIFT_BITS = Double.doubleToRawLongBits(SHIFT);
    private static final int MAGNITUDE = 0x7fff_ffff;

    private final FixedPoint encoding;
    private final double factor;
    private final boolean shiftable;

    /** Adds in these numbers. */
    public WordAccumulator(FixedPoint encoding) {
        this(encoding, 1);
    }

    /**
     * Adds in these numbers each value times a factor, rounded to float32.
     *
     * @param factor above 0, at most 1
     */
    public WordAccumulator(FixedPoint encoding, double factor) {
        if (!(factor > 0 && factor <= 1)) {
            throw new IllegalArgumentException("factor must be > 0 and <= 1. Provided value: " + factor);
        }
        this.encoding = encoding;
        this.factor = factor;
        this.shiftable = encoding.limit() * encoding.scale() < 0x1p51;
    }

    /**
     * Index of the first value that the encoding does not hold; -1 if it holds all.
     *
     * @param bits {@link Float#floatToRawIntBits} of each value
     * @param count how many of them to look at
     */
    public int firstNotEncodable(int[] bits, int count) {
        int limit = Float.floatToRawIntBits(encoding.limit());
        int negativeIfBeyond = 0;
        for (int i = 0; i < count; i++) {
            negativeIfBeyond |= limit - (bits[i] & MAGNITUDE);
        }
        if (negativeIfBeyond >= 0) {
            return -1;
        }
        int index = 0;
        while ((bits[index] & MAGNITUDE) <= limit) {
            index++;
        }
        return index;
    }

    /**
     * Adds {@code count} values, all of which the encoding holds, to {@code sum} from {@code offset}.
     *
     * @param bits {@link Float#floatToRawIntBits} of each value
     * @param weight of each value
     */
    public void add(int[] bits, int count, long weight, long[] sum, int offset) {
        if (factor != 1) {
            for (int i = 0; i < count; i++) {
                float value = (float) (factor * Float.intBitsToFloat(bits[i]));
                sum[offset + i] += weight * encoding.encode(value);
            }
        } else if (shiftable) {
            addShifted(bits, count, weight, sum, offset);
        } else {
            for (int i = 0; i < count; i++) {
                sum[offset + i] += weight * encoding.encode(Float.intBitsToFloat(bits[i]));
            }
        }
    }

    private void addShifted(int[] bits, int count, long weight, long[] sum, int offset) {
        double scale = encoding.scale();
        for (int i = 0; i < count; i++) {
            double shifted = Float.intBitsToFloat(bits[i]) * scale + SHIFT;
            sum[offset + i] += weight * (Double.doubleToRawLongBits(shifted) - SHIFT_BITS);
        }
    }
}

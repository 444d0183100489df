package dev.tacita.core.number;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Weighted values as whole numbers of few bits, so that sums fit into a small ring. The product of weight and value is
 * rounded up or down at random so that its mean is right, within 2^-32 of a {@link #step}: the sum of many is off by far less
 * than the sum of their steps.
 *
 * <p>A number is within +-(2^(bits - 1) - 1). Each contribution to a sum is off by less than one step.
 *
 * @param limit the largest magnitude of a value, above 0
 * @param bits of a number with its sign, 2 to 32
 * @param maxWeight the largest weight of one contribution, at least 1
 */
public record Quantization(double limit, int bits, long maxWeight) {
    /** The random bytes that decide which way a value is rounded. */
    public static final int DRAW_BYTES = Integer.BYTES;

    private static final double TWO_32 = 0x1p32;
    private static final VarHandle DRAWS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    public Quantization {
        if (!(limit > 0 && limit < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("limit must be > 0 and finite. Provided value: " + limit);
        }
        if (bits < 2 || bits > 32) {
            throw new IllegalArgumentException("bits must be 2 to 32. Provided value: " + bits);
        }
        if (maxWeight < 1) {
            throw new IllegalArgumentException("the largest weight must be >= 1. Provided value: " + maxWeight);
        }
    }

    /** The largest magnitude of a number. */
    public long largest() {
        return (1L << (bits - 1)) - 1;
    }

    /** What a difference of one in a number stands for, in weight x value. */
    public double step() {
        return limit * maxWeight / largest();
    }

    /** Whether the value is a number within the limit. */
    public boolean accepts(float value) {
        return Math.abs(value) <= limit;
    }

    /**
     * The numbers of values with one weight of at most {@link #maxWeight}.
     *
     * @param from the first value
     * @param count how many
     * @param draws {@link #DRAW_BYTES} uniform bytes for each, that nobody else may know
     * @param numbers takes the numbers from index {@code at} on
     * @return how many were encoded: fewer than {@code count} where one comes that {@link #accepts} does not hold for
     */
    public int encode(float[] values, int from, int count, long weight, byte[] draws, int[] numbers, int at) {
        double perValue = weight / (double) maxWeight / limit * largest() * TWO_32;
        long most = largest();
        for (int i = 0; i < count; i++) {
            float value = values[from + i];
            if (!accepts(value)) {
                return i;
            }
            // In steps of 2^-32 of a number, to which the draw adds less than a number.
            long exact = (long) (value * perValue);
            long draw = Integer.toUnsignedLong((int) DRAWS.get(draws, i * DRAW_BYTES));
            numbers[at + i] = (int) Math.max(-most, Math.min(most, (exact + draw) >> Integer.SIZE));
        }
        return count;
    }

    /** The weighted mean that a sum of numbers stands for. */
    public double mean(long sum, long totalWeight) {
        return sum * step() / totalWeight;
    }

    /**
     * How far a weighted mean can be off, at the most.
     *
     * @param contributions how many are in the sum
     */
    public double errorBound(int contributions, long totalWeight) {
        return contributions * step() / totalWeight;
    }
}

package dev.tacita.core.number;

import java.util.random.RandomGenerator;

/**
 * Weighted values as whole numbers of few bits, so that sums fit into a small ring. The product of weight and value is
 * rounded up or down at random so that its mean is right: the sum of many is off by far less than the sum of their steps.
 *
 * <p>A number is within +-(2^(bits - 1) - 1). Each contribution to a sum is off by less than one {@link #step}.
 *
 * @param limit the largest magnitude of a value, above 0
 * @param bits of a number with its sign, 2 to 53
 * @param maxWeight the largest weight of one contribution, at least 1
 */
public record Quantization(double limit, int bits, long maxWeight) {
    public Quantization {
        if (!(limit > 0 && limit < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("limit must be > 0 and finite. Provided value: " + limit);
        }
        if (bits < 2 || bits > 53) {
            throw new IllegalArgumentException("bits must be 2 to 53. Provided value: " + bits);
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

    /** The number of a value that {@link #accepts} holds for, with a weight of at most {@link #maxWeight}. */
    public long encode(float value, long weight, RandomGenerator random) {
        double exact = value * (weight / (double) maxWeight) / limit * largest();
        double below = Math.floor(exact);
        return (long) below + (random.nextDouble() < exact - below ? 1 : 0);
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

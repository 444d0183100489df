package dev.tacita.core.number;

/**
 * Numbers as integer words modulo 2^64, so that a sum is exact: any order of arrival and any number of workers give
 * the same bits (Bonawitz et al. 2017, sec. 4.1 use the same ring for masking).
 *
 * <p>The word of a value x with weight n is n * round(x * 2^fractionBits). As long as every |x| is at most
 * {@link #limit} and the weights of a sum add up to at most {@link #maxTotalWeight}, the sum cannot wrap.
 *
 * @param fractionBits binary digits after the point, 1 to 48
 * @param limit the largest magnitude of a value; a power of two, at least 1
 */
public record FixedPoint(int fractionBits, int limit) {
    /** 32 fraction bits, values within +-64: sums over up to 33,554,431 examples; one value is exact to 1.2e-10. */
    public static final FixedPoint STANDARD = new FixedPoint(32, 64);

    public FixedPoint {
        if (fractionBits < 1 || fractionBits > 48) {
            throw new IllegalArgumentException("fraction-bits must be 1 to 48. Provided value: " + fractionBits);
        }
        if (limit < 1 || Integer.bitCount(limit) != 1) {
            throw new IllegalArgumentException("limit must be a power of two >= 1. Provided value: " + limit);
        }
        if (fractionBits + Integer.numberOfTrailingZeros(limit) > 61) {
            throw new IllegalArgumentException(
                    "limit * 2^fraction-bits must be at most 2^61. Provided values: " + limit + ", " + fractionBits);
        }
    }

    /** The largest sum of weights for which no sum can wrap. */
    public long maxTotalWeight() {
        return (1L << (63 - fractionBits - Integer.numberOfTrailingZeros(limit))) - 1;
    }

    /** 2^fractionBits. */
    public double scale() {
        return (double) (1L << fractionBits);
    }

    /** Whether the value is a number within the limit. */
    public boolean accepts(float value) {
        return Math.abs(value) <= limit;
    }

    /** The word of a value that {@link #accepts} holds for, with weight 1; ties round to even. */
    public long encode(float value) {
        return (long) Math.rint(value * scale());
    }

    /** The weighted mean that a sum of words stands for. */
    public double mean(long sum, long totalWeight) {
        return (double) sum / totalWeight / scale();
    }
}

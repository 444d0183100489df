package dev.tacita.dp.mechanism;

import java.math.BigInteger;

/**
 * Draws whose distribution is exactly the stated one: integers and fractions only, no floating point (Canonne, Kamath
 * and Steinke 2020, "The Discrete Gaussian for Differential Privacy", algorithms 1 to 3).
 */
final class ExactDraws {
    private static final int SHORT_BITS = 48;

    private final RandomBits bits;

    ExactDraws(RandomBits bits) {
        this.bits = bits;
    }

    RandomBits bits() {
        return bits;
    }

    /** True with probability exp(-exponent), for an exponent >= 0 (algorithm 1). */
    boolean bernoulliExp(Rational exponent) {
        return bernoulliExp(exponent.numerator(), exponent.denominator());
    }

    private boolean bernoulliExp(BigInteger numerator, BigInteger denominator) {
        BigInteger[] parts = numerator.divideAndRemainder(denominator);
        for (BigInteger left = parts[0]; left.signum() > 0; left = left.subtract(BigInteger.ONE)) {
            if (!bernoulliExpOfFraction(1, 1)) {
                return false;
            }
        }
        return parts[1].signum() == 0 || bernoulliExpOfFraction(parts[1], denominator);
    }

    /** An integer k with probability proportional to exp(-rate |k|), for a rate > 0 (algorithm 2). */
    BigInteger discreteLaplace(Rational rate) {
        BigInteger steps = rate.denominator();
        while (true) {
            BigInteger start = bits.below(steps);
            if (start.signum() != 0 && !bernoulliExpOfFraction(start, steps)) {
                continue;
            }
            long whole = 0;
            while (bernoulliExpOfFraction(1, 1)) {
                whole++;
            }
            BigInteger magnitude =
                    start.add(steps.multiply(BigInteger.valueOf(whole))).divide(rate.numerator());
            boolean negative = bits.nextBoolean();
            if (!negative) {
                return magnitude;
            }
            if (magnitude.signum() != 0) {
                return magnitude.negate();
            }
        }
    }

    /** An integer k with probability proportional to exp(-k^2 / (2 variance)) (algorithm 3). */
    BigInteger discreteGaussian(GaussianFractions gaussian) {
        while (true) {
            BigInteger drawn = discreteLaplace(gaussian.rate());
            BigInteger distance = drawn.abs().multiply(gaussian.unit()).subtract(gaussian.centre());
            if (bernoulliExp(distance.multiply(distance), gaussian.divisor())) {
                return drawn;
            }
        }
    }

    private boolean bernoulliExpOfFraction(BigInteger numerator, BigInteger denominator) {
        if (denominator.bitLength() < SHORT_BITS) {
            return bernoulliExpOfFraction(numerator.longValue(), denominator.longValue());
        }
        BigInteger bound = denominator;
        boolean odd = true;
        while (bits.below(bound).compareTo(numerator) < 0) {
            bound = bound.add(denominator);
            odd = !odd;
        }
        return odd;
    }

    /** The bound would need 2^15 successes in a row, each rarer than the one before, to leave the range of a long. */
    private boolean bernoulliExpOfFraction(long numerator, long denominator) {
        long bound = denominator;
        boolean odd = true;
        while (bits.below(bound) < numerator) {
            bound = Math.addExact(bound, denominator);
            odd = !odd;
        }
        return odd;
    }
}

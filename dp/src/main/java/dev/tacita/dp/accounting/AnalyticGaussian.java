package dev.tacita.dp.accounting;

/**
 * The exact guarantee of one Gaussian mechanism (Balle and Wang 2018, theorem 8 and algorithm 1). It holds for every
 * epsilon, where the textbook rule sqrt(2 ln(1.25 / delta)) / epsilon asks for more noise and holds below 1 only. Noise multiplier: standard
 * deviation / sensitivity in the Euclidean norm.
 */
public final class AnalyticGaussian {
    private static final int HALVINGS = 200;

    private AnalyticGaussian() {}

    /**
     * The smallest delta at this epsilon.
     *
     * @param noiseMultiplier 0 or more; 0 gives delta 1
     * @param epsilon 0 or more
     */
    public static double delta(double noiseMultiplier, double epsilon) {
        Ranges.atLeastZero("The noise multiplier", noiseMultiplier);
        Ranges.atLeastZero("Epsilon", epsilon);
        if (noiseMultiplier == 0) {
            return 1;
        }
        double shift = epsilon * noiseMultiplier;
        double half = 0.5 / noiseMultiplier;
        double log = Normal.logBelow(half - shift);
        return Math.max(0, Math.exp(log) * -Math.expm1(epsilon + Normal.logBelow(-half - shift) - log));
    }

    /**
     * The smallest epsilon at this delta, within one part in 1e12, rounded up; infinite where there is none.
     *
     * @param noiseMultiplier 0 or more
     * @param delta from 0 to 1
     */
    public static double epsilon(double noiseMultiplier, double delta) {
        Ranges.atLeastZero("The noise multiplier", noiseMultiplier);
        Ranges.fraction("Delta", delta);
        if (delta == 1) {
            return 0;
        }
        if (delta == 0 || noiseMultiplier == 0) {
            return Double.POSITIVE_INFINITY;
        }
        if (delta(noiseMultiplier, 0) <= delta) {
            return 0;
        }
        double high = 1;
        while (delta(noiseMultiplier, high) > delta) {
            high *= 2;
        }
        double low = 0;
        for (int i = 0; i < HALVINGS && high - low > 1e-13 * high; i++) {
            double middle = 0.5 * (low + high);
            if (delta(noiseMultiplier, middle) > delta) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /**
     * The smallest noise multiplier that meets (epsilon, delta), within one part in 1e12, rounded up.
     *
     * @param epsilon above 0
     * @param delta between 0 and 1, both excluded
     */
    public static double noiseMultiplier(double epsilon, double delta) {
        Ranges.aboveZero("Epsilon", epsilon);
        Ranges.insideUnit("Delta", delta);
        double high = 1;
        while (delta(high, epsilon) > delta) {
            high *= 2;
        }
        double low = 0;
        for (int i = 0; i < HALVINGS && high - low > 1e-13 * high; i++) {
            double middle = 0.5 * (low + high);
            if (delta(middle, epsilon) > delta) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }
}

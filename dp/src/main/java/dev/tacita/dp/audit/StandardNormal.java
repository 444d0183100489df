package dev.tacita.dp.audit;

import org.hipparchus.special.Erf;

/** The standard normal distribution. */
final class StandardNormal {
    private static final double FAR = 40;

    private StandardNormal() {}

    /** P(Z <= x). */
    static double below(double x) {
        return 0.5 * Erf.erfc(-x / Math.sqrt(2));
    }

    /** The x with P(Z <= x) = probability; infinite for 0 and 1. */
    static double quantile(double probability) {
        if (probability > 0.5) {
            return -quantile(1 - probability);
        }
        if (probability == 0) {
            return Double.NEGATIVE_INFINITY;
        }
        double low = -FAR;
        double high = 0;
        while (true) {
            double middle = 0.5 * (low + high);
            if (middle == low || middle == high) {
                return middle;
            }
            if (below(middle) < probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
    }

    /** ln of the density at x of the normal distribution with this mean and deviation. */
    static double logDensity(double x, double mean, double deviation) {
        double standardised = (x - mean) / deviation;
        return -0.5 * standardised * standardised - Math.log(deviation) - 0.5 * Math.log(2 * Math.PI);
    }
}

package dev.tacita.dp.accounting;

import java.util.function.DoubleUnaryOperator;

/**
 * The guarantee in the words of a test that shall tell whether a record was in the data (Dong, Roth and Su 2019): how often such a test can be
 * right if it may be wrong so often.
 */
public final class TradeOff {
    private static final int THIRDS = 50;
    private static final double SMALLEST_DELTA = 1e-9;
    private static final double GRID = 0.02;
    private static final int HALVINGS = 60;

    private TradeOff() {}

    /**
     * No test that says "in" of at most this share of data sets without the record says it of a larger share of those with it.
     *
     * @param falsePositiveRate between 0 and 1, both excluded
     */
    public static double truePositiveRate(PrivacyLoss loss, double falsePositiveRate) {
        Ranges.insideUnit("The false positive rate", falsePositiveRate);
        double widest = -Math.log(falsePositiveRate);
        double steep = smallest(epsilon -> loss.delta(epsilon).delta() + Math.exp(epsilon) * falsePositiveRate, widest);
        double flat = smallest(
                epsilon -> 1 - Math.exp(-epsilon) * (1 - loss.delta(epsilon).delta() - falsePositiveRate),
                Math.max(1, -2 * Math.log1p(-falsePositiveRate)) + 20);
        return Math.min(1, Math.min(steep, flat));
    }

    /**
     * The smallest mu such that one Gaussian mechanism of noise multiplier 1 / mu reveals no less at any epsilon whose delta is above 1e-9. An
     * estimate from a grid of epsilons 0.02 apart.
     *
     * @return 0 or more; infinite if no mu is enough
     */
    public static double mu(PrivacyLoss loss) {
        double largest = 0;
        for (double epsilon = 0; ; epsilon += GRID) {
            double delta = loss.delta(epsilon).delta();
            if (delta < SMALLEST_DELTA) {
                return largest;
            } else if (epsilon > 100) {
                return Double.POSITIVE_INFINITY;
            }
            largest = Math.max(largest, mu(epsilon, delta));
        }
    }

    private static double mu(double epsilon, double delta) {
        double low = 0;
        double high = 1;
        while (AnalyticGaussian.delta(1 / high, epsilon) < delta) {
            high *= 2;
            if (high > 1e6) {
                return Double.POSITIVE_INFINITY;
            }
        }
        for (int i = 0; i < HALVINGS; i++) {
            double middle = 0.5 * (low + high);
            if (AnalyticGaussian.delta(1 / middle, epsilon) < delta) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** Of a function that falls and then rises. */
    private static double smallest(DoubleUnaryOperator function, double highest) {
        double low = 0;
        double high = highest;
        for (int i = 0; i < THIRDS; i++) {
            double third = (high - low) / 3;
            if (function.applyAsDouble(low + third) <= function.applyAsDouble(high - third)) {
                high -= third;
            } else {
                low += third;
            }
        }
        return Math.min(function.applyAsDouble(low), function.applyAsDouble(0));
    }
}

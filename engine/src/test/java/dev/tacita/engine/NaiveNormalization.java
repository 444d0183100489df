package dev.tacita.engine;

import java.util.function.IntUnaryOperator;

/** Normalisation by its definition: for each element the mean and variance of all that belong to the same set. */
final class NaiveNormalization {
    private NaiveNormalization() {}

    /**
     * The normalised elements, before weight and bias.
     *
     * @param set the number of the set that an element belongs to
     */
    static double[] standardised(double[] x, IntUnaryOperator set, double epsilon) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double mean = mean(x, set, set.applyAsInt(i));
            y[i] = (x[i] - mean) / Math.sqrt(variance(x, set, set.applyAsInt(i)) + epsilon);
        }
        return y;
    }

    static double mean(double[] x, IntUnaryOperator set, int which) {
        return sum(x, set, which, 0, 1) / count(x, set, which);
    }

    /** The biased one. */
    static double variance(double[] x, IntUnaryOperator set, int which) {
        return sum(x, set, which, mean(x, set, which), 2) / count(x, set, which);
    }

    private static double sum(double[] x, IntUnaryOperator set, int which, double center, int power) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += set.applyAsInt(i) == which ? Math.pow(x[i] - center, power) : 0;
        }
        return sum;
    }

    private static int count(double[] x, IntUnaryOperator set, int which) {
        int count = 0;
        for (int i = 0; i < x.length; i++) {
            count += set.applyAsInt(i) == which ? 1 : 0;
        }
        return count;
    }
}

package dev.tacita.core.metric;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Errors of predicted numbers: mean absolute error, root of the mean squared error, and R2, the part of the targets'
 * variance that the predictions explain. Exact however it is pooled, but for the rounding of doubles; R2 loses digits
 * where the targets' mean is large beside their deviation.
 */
public final class RegressionErrors implements Statistic {
    private static final int LENGTH = 5;

    private final double[] sums;

    /** Of no examples. */
    public RegressionErrors() {
        this(new double[LENGTH]);
    }

    /**
     * Of these sums.
     *
     * @param sums the number of examples; the sums of absolute errors, squared errors, targets and squared targets
     */
    public RegressionErrors(double[] sums) {
        this.sums = Sums.checked(sums, LENGTH);
    }

    /** Counts one example. */
    public void add(double target, double prediction) {
        double error = prediction - target;
        sums[0]++;
        sums[1] += Math.abs(error);
        sums[2] += error * error;
        sums[3] += target;
        sums[4] += target * target;
    }

    /** Of both sets of examples. */
    public RegressionErrors plus(RegressionErrors other) {
        return new RegressionErrors(Sums.plus(sums, other.sums));
    }

    @Override
    public double[] sums() {
        return sums.clone();
    }

    @Override
    public SortedMap<String, Double> metrics() {
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("mean-absolute-error", sums[1] / sums[0]);
        metrics.put("root-mean-squared-error", Math.sqrt(sums[2] / sums[0]));
        metrics.put("r2", 1 - sums[2] / (sums[4] - sums[3] * sums[3] / sums[0]));
        return metrics;
    }
}

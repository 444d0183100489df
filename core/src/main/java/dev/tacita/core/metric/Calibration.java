package dev.tacita.core.metric;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far predicted probabilities are from what happens, in bins of equal width: the expected calibration error (Guo et
 * al. 2017, sec. 2: the mean over examples of the distance between a bin's mean confidence and its accuracy); the mean
 * log-loss and the mean Brier score. Exact however it is pooled.
 */
public final class Calibration implements Statistic {
    private static final int OF_A_BIN = 3;
    private static final double LEAST_PROBABILITY = 1e-15;

    private final int bins;
    private final double[] sums;

    /** Of no examples; at least 1 bin, 15 in the paper. */
    public Calibration(int bins) {
        this(bins, new double[Math.addExact(Math.multiplyExact(OF_A_BIN, bins), 2)]);
    }

    /**
     * Of these sums.
     *
     * @param sums for each bin, from the lowest confidence, the number of examples, the sum of their confidences and the
     *     number that were right; then the sum of the log-losses and the sum of the Brier scores
     */
    public Calibration(int bins, double[] sums) {
        if (bins < 1) {
            throw new IllegalArgumentException("bins must be >= 1. Provided value: " + bins);
        }
        this.bins = bins;
        this.sums = Sums.checked(sums, OF_A_BIN * bins + 2);
    }

    /**
     * Counts one example by the distribution over classes that was predicted for it; its confidence is the largest
     * probability.
     *
     * @param probabilities at least 2, each in 0 to 1
     */
    public void add(int trueClass, double[] probabilities) {
        Sums.checkIndex("the true class", trueClass, probabilities.length);
        int best = 0;
        double brier = 0;
        for (int i = 0; i < probabilities.length; i++) {
            Sums.checkPart("a probability", probabilities[i]);
            best = probabilities[i] > probabilities[best] ? i : best;
            double error = probabilities[i] - (i == trueClass ? 1 : 0);
            brier += error * error;
        }
        count(probabilities[best], best == trueClass, probabilities[trueClass], brier);
    }

    /** Counts one example by the probability that was predicted for the positive class; that is its confidence. */
    public void add(boolean positive, double probability) {
        Sums.checkPart("a probability", probability);
        double error = probability - (positive ? 1 : 0);
        count(probability, positive, positive ? probability : 1 - probability, error * error);
    }

    private void count(double confidence, boolean right, double probabilityOfTruth, double brier) {
        int at = OF_A_BIN * (int) Math.min(bins - 1.0, confidence * bins);
        sums[at]++;
        sums[at + 1] += confidence;
        sums[at + 2] += right ? 1 : 0;
        sums[OF_A_BIN * bins] -= Math.log(Math.max(probabilityOfTruth, LEAST_PROBABILITY));
        sums[OF_A_BIN * bins + 1] += brier;
    }

    /** Of both sets of examples. */
    public Calibration plus(Calibration other) {
        return new Calibration(bins, Sums.plus(sums, other.sums));
    }

    @Override
    public double[] sums() {
        return sums.clone();
    }

    @Override
    public SortedMap<String, Double> metrics() {
        double examples = 0;
        double distance = 0;
        for (int bin = 0; bin < bins; bin++) {
            examples += sums[OF_A_BIN * bin];
            distance += Math.abs(sums[OF_A_BIN * bin + 1] - sums[OF_A_BIN * bin + 2]);
        }
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("expected-calibration-error", distance / examples);
        metrics.put("log-loss", sums[OF_A_BIN * bins] / examples);
        metrics.put("brier", sums[OF_A_BIN * bins + 1] / examples);
        return metrics;
    }
}

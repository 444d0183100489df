package dev.tacita.core.metric;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Positive and negative examples by predicted probability, in bins of equal width: the area under the ROC curve (Hanley
 * and McNeil 1982: the probability that a positive ranks above a negative, ties counting half) and the area under the
 * precision-recall curve as average precision.
 *
 * <p>Scores within one bin count as ties. So the area under the ROC curve is off by at most
 * {@code sum over bins of positives * negatives / (2 * all positives * all negatives)}, which {@link #metrics} gives as
 * {@code auroc-error-bound}.
 */
public final class ScoreHistogram implements Statistic {
    private final int bins;
    private final double[] counts;

    /** Of no examples; at least 1 bin. */
    public ScoreHistogram(int bins) {
        this(bins, new double[Math.multiplyExact(2, bins)]);
    }

    /**
     * Of these sums.
     *
     * @param sums the negatives of each bin, from the lowest probability, then the positives
     */
    public ScoreHistogram(int bins, double[] sums) {
        if (bins < 1) {
            throw new IllegalArgumentException("bins must be >= 1. Provided value: " + bins);
        }
        this.bins = bins;
        counts = Sums.checked(sums, 2 * bins);
    }

    /** Counts one example. */
    public void add(boolean positive, double probability) {
        Sums.checkPart("a probability", probability);
        int bin = (int) Math.min(bins - 1.0, probability * bins);
        counts[positive ? bins + bin : bin]++;
    }

    /** Of both sets of examples. */
    public ScoreHistogram plus(ScoreHistogram other) {
        return new ScoreHistogram(bins, Sums.plus(counts, other.counts));
    }

    @Override
    public double[] sums() {
        return counts.clone();
    }

    @Override
    public SortedMap<String, Double> metrics() {
        double negatives = Sums.of(counts, 0, bins);
        double positives = Sums.of(counts, bins, bins);
        double pairs = 0;
        double tied = 0;
        double precisions = 0;
        double positivesAbove = 0;
        double negativesAbove = 0;
        for (int bin = bins - 1; bin >= 0; bin--) {
            double positivesHere = counts[bins + bin];
            double negativesHere = counts[bin];
            pairs += negativesHere * positivesAbove;
            tied += negativesHere * positivesHere;
            positivesAbove += positivesHere;
            negativesAbove += negativesHere;
            if (positivesHere > 0) {
                precisions += positivesHere * positivesAbove / (positivesAbove + negativesAbove);
            }
        }
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("auroc", (pairs + tied / 2) / (positives * negatives));
        metrics.put("auroc-error-bound", tied / 2 / (positives * negatives));
        metrics.put("auprc", precisions / positives);
        return metrics;
    }
}

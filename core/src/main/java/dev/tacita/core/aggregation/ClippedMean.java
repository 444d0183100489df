package dev.tacita.core.aggregation;

/**
 * The mean by weight of updates that are scaled down to an L2 norm of at most {@code norm} (Sun et al. 2019, norm clipping):
 * a hostile update moves the model by a bounded length.
 *
 * @param norm above 0, finite
 */
public record ClippedMean(double norm) implements Aggregation {
    public ClippedMean {
        Counts.positive("norm", norm);
    }

    @Override
    public String name() {
        return "clipped-mean";
    }

    @Override
    public int leastUpdates() {
        return 1;
    }

    @Override
    public double[] aggregate(Updates updates) {
        double total = 0;
        double[] sum = new double[updates.length()];
        for (int i = 0; i < updates.count(); i++) {
            float[] vector = updates.vectors().get(i);
            double squares = 0;
            for (float value : vector) {
                squares += (double) value * value;
            }
            double factor = updates.weights()[i] * Math.min(1, norm / Math.sqrt(squares));
            total += updates.weights()[i];
            for (int j = 0; squares > 0 && j < sum.length; j++) {
                sum[j] += factor * vector[j];
            }
        }
        for (int j = 0; j < sum.length; j++) {
            sum[j] /= total;
        }
        return sum;
    }
}

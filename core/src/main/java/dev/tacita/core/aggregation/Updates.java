package dev.tacita.core.aggregation;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The updates of a round, in the order of their sites.
 *
 * @param vectors at least one, of one length, finite; not to be changed
 * @param weights how much each counts where a rule weighs; above 0
 * @param root what the aggregator itself learnt on {@link Aggregation#rootRows}, of the same length; not to be changed
 */
public record Updates(List<float[]> vectors, long[] weights, Optional<float[]> root) {
    public Updates {
        requireNonNull(root, "root is null");
        vectors = List.copyOf(vectors);
        if (vectors.isEmpty() || vectors.size() != weights.length) {
            throw new IllegalArgumentException("each of at least one update must have a weight. Provided values: "
                    + vectors.size() + " updates, " + weights.length + " weights");
        }
        int length = vectors.get(0).length;
        for (int i = 0; i < weights.length; i++) {
            if (vectors.get(i).length != length) {
                throw new IllegalArgumentException(
                        "all updates must be of one length. Provided values: " + length + ", " + vectors.get(i).length);
            }
            if (weights[i] < 1) {
                throw new IllegalArgumentException("weights must be >= 1. Provided value: " + weights[i]);
            }
        }
        if (root.isPresent() && root.get().length != length) {
            throw new IllegalArgumentException("the root update must be as long as the others. Provided values: "
                    + root.get().length + ", " + length);
        }
    }

    /** Of sites alone. */
    public Updates(List<float[]> vectors, long[] weights) {
        this(vectors, weights, Optional.empty());
    }

    /** The same, and what the aggregator itself learnt. */
    public Updates withRoot(float[] learnt) {
        return new Updates(vectors, weights, Optional.of(learnt));
    }

    /** All of weight 1. */
    public static Updates alike(List<float[]> vectors) {
        long[] weights = new long[vectors.size()];
        Arrays.fill(weights, 1);
        return new Updates(vectors, weights);
    }

    /** How many. */
    int count() {
        return weights.length;
    }

    /** Elements of each. */
    int length() {
        return vectors.get(0).length;
    }

    void requireAtLeast(Aggregation rule) {
        if (count() < rule.leastUpdates()) {
            throw new IllegalArgumentException(
                    rule.name() + " needs at least " + rule.leastUpdates() + " updates. Provided value: " + count());
        }
    }

    /** Element {@code index} of every update, in {@code column}. */
    void column(int index, double[] column) {
        for (int i = 0; i < column.length; i++) {
            column[i] = vectors.get(i)[index];
        }
    }

    /** The mean in which update i counts {@code factors[i]}. */
    double[] mean(double[] factors) {
        double total = Arrays.stream(factors).sum();
        double[] mean = new double[length()];
        for (int i = 0; i < factors.length; i++) {
            float[] vector = vectors.get(i);
            for (int j = 0; factors[i] != 0 && j < mean.length; j++) {
                mean[j] += factors[i] * vector[j];
            }
        }
        for (int j = 0; j < mean.length; j++) {
            mean[j] /= total;
        }
        return mean;
    }

    /** Each squared distance, both ways. */
    double[][] squaredDistances() {
        double[][] distances = new double[count()][count()];
        for (int a = 0; a < count(); a++) {
            for (int b = 0; b < a; b++) {
                double squares = 0;
                float[] one = vectors.get(a);
                float[] other = vectors.get(b);
                for (int j = 0; j < one.length; j++) {
                    double difference = (double) one[j] - other[j];
                    squares += difference * difference;
                }
                distances[a][b] = squares;
                distances[b][a] = squares;
            }
        }
        return distances;
    }
}

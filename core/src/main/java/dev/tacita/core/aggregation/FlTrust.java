package dev.tacita.core.aggregation;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.Examples;
import java.util.Optional;

/**
 * FLTrust (Cao et al. 2021, algorithm 2): the aggregator trains on rows of its own and trusts a site's update as far as it
 * points where its own does, by the cosine between them, and not at all if that is not above 0. Each update is brought to the
 * length of the aggregator's, and their mean by trust is taken; zeros if nobody is trusted. Weights do not count. No number
 * of hostile sites is too large, as long as the root rows are clean and like those of the sites.
 *
 * @param root the aggregator's own rows, at least one
 */
public record FlTrust(Examples root) implements Aggregation {
    public FlTrust {
        requireNonNull(root, "root is null");
        if (root.size() == 0) {
            throw new IllegalArgumentException("root must have at least one row. Provided: none");
        }
    }

    @Override
    public String name() {
        return "fltrust";
    }

    @Override
    public int leastUpdates() {
        return 1;
    }

    @Override
    public Optional<Examples> rootRows() {
        return Optional.of(root);
    }

    @Override
    public double[] aggregate(Updates updates) {
        float[] own = updates.root()
                .orElseThrow(() -> new IllegalArgumentException("fltrust needs what the aggregator itself learnt"));
        double ownNorm = Math.sqrt(product(own, own));
        double[] result = new double[own.length];
        double trusted = 0;
        for (float[] update : updates.vectors()) {
            double norm = Math.sqrt(product(update, update));
            double trust = norm == 0 || ownNorm == 0 ? 0 : Math.max(0, product(update, own) / norm / ownNorm);
            trusted += trust;
            for (int j = 0; trust > 0 && j < result.length; j++) {
                result[j] += trust * ownNorm / norm * update[j];
            }
        }
        for (int j = 0; trusted > 0 && j < result.length; j++) {
            result[j] /= trusted;
        }
        return result;
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += (double) a[j] * b[j];
        }
        return sum;
    }

    /** Without the rows. */
    @Override
    public String toString() {
        return "FlTrust[" + root.size() + " rows]";
    }
}

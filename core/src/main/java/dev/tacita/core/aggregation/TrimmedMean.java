package dev.tacita.core.aggregation;

import java.util.Arrays;

/**
 * The mean of each coordinate without its floor(beta * n) largest and as many smallest values (Yin et al. 2018, definition 2);
 * weights do not count.
 *
 * @param beta at least 0, below 0.5; more than the share of hostile sites
 */
public record TrimmedMean(double beta) implements Aggregation {
    public TrimmedMean {
        if (!(beta >= 0 && beta < 0.5)) {
            throw new IllegalArgumentException("beta must be >= 0 and < 0.5. Provided value: " + beta);
        }
    }

    @Override
    public String name() {
        return "trimmed-mean";
    }

    @Override
    public int leastUpdates() {
        return 1;
    }

    @Override
    public double[] aggregate(Updates updates) {
        int cut = (int) (beta * updates.count());
        double[] result = new double[updates.length()];
        double[] column = new double[updates.count()];
        for (int j = 0; j < result.length; j++) {
            updates.column(j, column);
            Arrays.sort(column);
            result[j] = Arrays.stream(column, cut, column.length - cut).sum() / (column.length - 2 * cut);
        }
        return result;
    }
}

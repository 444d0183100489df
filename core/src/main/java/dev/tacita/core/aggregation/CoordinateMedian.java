package dev.tacita.core.aggregation;

import java.util.Arrays;

/** The median of each coordinate, of an even number the mean of the two middle ones (Yin et al. 2018); weights do not count. */
public record CoordinateMedian() implements Aggregation {
    @Override
    public String name() {
        return "median";
    }

    @Override
    public int leastUpdates() {
        return 1;
    }

    @Override
    public double[] aggregate(Updates updates) {
        double[] result = new double[updates.length()];
        double[] column = new double[updates.count()];
        for (int j = 0; j < result.length; j++) {
            updates.column(j, column);
            Arrays.sort(column);
            result[j] = ofSorted(column);
        }
        return result;
    }

    static double ofSorted(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

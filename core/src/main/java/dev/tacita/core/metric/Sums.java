package dev.tacita.core.metric;

/** Vectors of sums. */
final class Sums {
    private Sums() {}

    static double[] plus(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    "statistics must be of one shape. Provided values: " + a.length + " and " + b.length + " sums");
        }
        double[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    static double of(double[] sums, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += sums[i];
        }
        return sum;
    }

    static double[] checked(double[] sums, int length) {
        if (sums.length != length) {
            throw new IllegalArgumentException(
                    "this statistic has " + length + " sums. Provided value: " + sums.length);
        }
        return sums.clone();
    }

    static void checkPart(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be >= 0 and <= 1. Provided value: " + value);
        }
    }

    static void checkIndex(String name, int value, int end) {
        if (value < 0 || value >= end) {
            throw new IllegalArgumentException(name + " must be >= 0 and < " + end + ". Provided value: " + value);
        }
    }
}

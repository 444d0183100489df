package dev.tacita.engine;

/**
 * Sums of parts of arrays in double precision. Four accumulators a sum, so that one addition need not wait for the one
 * before it; their order is fixed, and so are the bits.
 */
final class Sums {
    private Sums() {}

    /** Of {@code length} elements from {@code at}. */
    static double sum(float[] values, int at, int length) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int end = at + length;
        int i = at;
        for (; i < end - 3; i += 4) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
        }
        for (; i < end; i++) {
            a += values[i];
        }
        return (a + b) + (c + d);
    }

    /** Of the products of {@code length} elements of {@code x} and of {@code y}. */
    static double product(float[] x, int xAt, float[] y, int yAt, int length) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i < length - 3; i += 4) {
            a += (double) x[xAt + i] * y[yAt + i];
            b += (double) x[xAt + i + 1] * y[yAt + i + 1];
            c += (double) x[xAt + i + 2] * y[yAt + i + 2];
            d += (double) x[xAt + i + 3] * y[yAt + i + 3];
        }
        for (; i < length; i++) {
            a += (double) x[xAt + i] * y[yAt + i];
        }
        return (a + b) + (c + d);
    }

    /** Of the squared distances of {@code length} elements from {@code center}. */
    static double squares(float[] values, int at, int length, double center) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int end = at + length;
        int i = at;
        for (; i < end - 3; i += 4) {
            double first = values[i] - center;
            double second = values[i + 1] - center;
            double third = values[i + 2] - center;
            double fourth = values[i + 3] - center;
            a += first * first;
            b += second * second;
            c += third * third;
            d += fourth * fourth;
        }
        for (; i < end; i++) {
            double last = values[i] - center;
            a += last * last;
        }
        return (a + b) + (c + d);
    }
}

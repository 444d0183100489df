package dev.tacita.engine;

/** Sums of squares in double precision. */
final class Norms {
    private Norms() {}

    /** The sum of the squares of {@code length} values; several sums at once, for one would wait for each addition. */
    static double squared(float[] values, int offset, int length) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = offset;
        int end = offset + length;
        for (; i + 3 < end; i += 4) {
            a += (double) values[i] * values[i];
            b += (double) values[i + 1] * values[i + 1];
            c += (double) values[i + 2] * values[i + 2];
            d += (double) values[i + 3] * values[i + 3];
        }
        for (; i < end; i++) {
            a += (double) values[i] * values[i];
        }
        return (a + b) + (c + d);
    }
}

package dev.tacita.dp.mechanism;

/** Range rules of the mechanisms' parameters. The values of data are never put into a message. */
final class Checks {
    private static final double LEAST = 0x1p-200;
    private static final double MOST = 0x1p200;

    private Checks() {}

    static void positive(String name, double value) {
        if (!(value >= LEAST && value <= MOST)) {
            throw new IllegalArgumentException(
                    name + " must be > 0 and finite (2^-200 to 2^200). Provided value: " + value);
        }
    }

    static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be >= " + least + ". Provided value: " + value);
        }
    }

    static void finite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " must be finite. Provided value: " + value);
        }
    }

    static void length(String name, int length, int required) {
        if (length != required) {
            throw new IllegalArgumentException(
                    name + " must have the mechanism's dimension, " + required + ". Provided length: " + length);
        }
    }

    static void allFinite(String name, double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw notFinite(name, i);
            }
        }
    }

    static void allFinite(String name, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw notFinite(name, i);
            }
        }
    }

    private static IllegalArgumentException notFinite(String name, int index) {
        return new IllegalArgumentException(name + " must all be finite. One that is not is at index " + index);
    }
}

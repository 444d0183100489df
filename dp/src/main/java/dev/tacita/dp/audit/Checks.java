package dev.tacita.dp.audit;

/** Range rules of audits. Scores and losses are never put into a message. */
final class Checks {
    private Checks() {}

    static void insideUnit(String name, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must be > 0 and < 1. Provided value: " + value);
        }
    }

    static void delta(double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException("delta must be >= 0 and < 1. Provided value: " + value);
        }
    }

    static void notNegative(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be >= 0 and finite. Provided value: " + value);
        }
    }

    static void positive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be > 0 and finite. Provided value: " + value);
        }
    }

    static void between(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " must lie from " + least + " to " + most + ". Provided value: " + value);
        }
    }

    static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be >= " + least + ". Provided value: " + value);
        }
    }

    static void sameLength(String name, int length, String other, int required) {
        if (length != required) {
            throw new IllegalArgumentException(
                    name + " must be as many as " + other + ", " + required + ". Provided number: " + length);
        }
    }

    static void noNaN(String name, double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i])) {
                throw new IllegalArgumentException(name + " must all be numbers. One that is NaN is at index " + i);
            }
        }
    }
}

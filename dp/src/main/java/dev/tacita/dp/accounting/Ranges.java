package dev.tacita.dp.accounting;

/** Refuses numbers that mean nothing, NaN among them. */
final class Ranges {
    private Ranges() {}

    static void atLeastZero(String what, double value) {
        if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(what + " must be a finite number of 0 or more; it is " + value + ".");
        }
    }

    static void aboveZero(String what, double value) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(what + " must be a finite number above 0; it is " + value + ".");
        }
    }

    static void atLeastOne(String what, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be 1 or more; it is " + value + ".");
        }
    }

    static void fraction(String what, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(what + " must lie from 0 to 1; it is " + value + ".");
        }
    }

    static void belowOne(String what, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(what + " must be 0 or more and below 1; it is " + value + ".");
        }
    }

    static void insideUnit(String what, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(what + " must lie between 0 and 1, both excluded; it is " + value + ".");
        }
    }
}

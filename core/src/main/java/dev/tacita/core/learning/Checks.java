package dev.tacita.core.learning;

/** Range rules that several records share. */
final class Checks {
    private Checks() {}

    static void positive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be > 0 and finite. Provided value: " + value);
        }
    }

    static void notNegative(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be >= 0 and finite. Provided value: " + value);
        }
    }

    static void fraction(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must be >= 0 and < 1. Provided value: " + value);
        }
    }

    static void positiveFraction(String name, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be > 0 and <= 1. Provided value: " + value);
        }
    }

    static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be >= " + least + ". Provided value: " + value);
        }
    }

    static void size(String what, int value, int expected) {
        if (value != expected) {
            throw new IllegalArgumentException(what + " must have " + expected + " elements. Provided value: " + value);
        }
    }

    static void withoutPull(LocalWork.Train training) {
        if (training.proximal() != 0) {
            throw new IllegalArgumentException(
                    "proximal must be 0 here: the algorithm has a pull of its own, or none. Provided value: "
                            + training.proximal());
        }
    }
}

package dev.tacita.core.aggregation;

/** Range rules that several rules share. */
final class Counts {
    private Counts() {}

    static void hostile(int hostile) {
        if (hostile < 0 || hostile > 1_000_000) {
            throw new IllegalArgumentException("hostile must be 0 to 1000000. Provided value: " + hostile);
        }
    }

    static void positive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be > 0 and finite. Provided value: " + value);
        }
    }
}

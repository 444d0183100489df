package dev.tacita.secureagg;

import java.util.HashSet;
import java.util.Set;

/** Lagrange's coefficients of the value at 0, which all secrets shared at the same points have in common. */
final class Interpolation {
    private final long[] coefficients;

    private Interpolation(long[] coefficients) {
        this.coefficients = coefficients;
    }

    static Interpolation at(int[] points) {
        Set<Integer> different = new HashSet<>();
        for (int point : points) {
            if (!different.add(point)) {
                throw new IllegalArgumentException("shares must be of different points. Twice there: " + point);
            }
        }
        if (points.length < 2) {
            throw new IllegalArgumentException("there must be at least 2 shares. Provided: " + points.length);
        }
        long[] coefficients = new long[points.length];
        for (int i = 0; i < points.length; i++) {
            long numerator = 1;
            long denominator = 1;
            for (int j = 0; j < points.length; j++) {
                if (j != i) {
                    numerator = PrimeField.multiply(numerator, points[j]);
                    denominator = PrimeField.multiply(denominator, PrimeField.subtract(points[j], points[i]));
                }
            }
            coefficients[i] = PrimeField.multiply(numerator, PrimeField.invert(denominator));
        }
        return new Interpolation(coefficients);
    }

    long coefficient(int index) {
        return coefficients[index];
    }
}

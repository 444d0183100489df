package dev.tacita.secureagg;

/**
 * The integers modulo the prime 2^31 + 11. Elements are longs from 0 to {@link #PRIME} - 1.
 *
 * <p>Guarantee: no branch, no table and no division depends on an element's value, so that the time of an operation
 * tells nothing about shares and secrets. The bits of an exponent are taken for public.
 */
public final class PrimeField {
    /** 2^31 + 11, a prime. */
    public static final long PRIME = (1L << 31) + 11;

    private static final int BITS = 31;
    private static final long LOW = (1L << BITS) - 1;
    private static final long FOLD = 11;

    private PrimeField() {}

    /** a + b. */
    public static long add(long a, long b) {
        return reduceOnce(a + b);
    }

    /** a - b. */
    public static long subtract(long a, long b) {
        return reduceOnce(a + PRIME - b);
    }

    /** a * b: as 2^31 = -11, the high part of the product is folded into the low one twice. */
    public static long multiply(long a, long b) {
        long product = a * b;
        long folded = (product & LOW) - FOLD * (product >>> BITS) + (FOLD + 1) * PRIME;
        return reduceOnce((folded & LOW) - FOLD * (folded >>> BITS) + PRIME);
    }

    /** The inverse of an element other than 0, by Fermat; 0 for 0. */
    public static long invert(long a) {
        long power = 1;
        for (int bit = BITS; bit >= 0; bit--) {
            power = multiply(power, power);
            if (((PRIME - 2) >>> bit & 1) == 1) {
                power = multiply(power, a);
            }
        }
        return power;
    }

    /** For values from 0 to 2 * PRIME - 1. */
    private static long reduceOnce(long value) {
        long less = value - PRIME;
        return less + (PRIME & (less >> 63));
    }
}

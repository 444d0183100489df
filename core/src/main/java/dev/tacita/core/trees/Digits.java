package dev.tacita.core.trees;

import dev.tacita.core.learning.NotEncodableException;
import dev.tacita.core.learning.RoundMean;

/**
 * Whole numbers as they travel: digits of base 2^24, the lowest first, each from -2^23 to 2^23 - 1 and divided by 2^23. A float
 * holds a digit exactly, as do fixed-point numbers of at least 23 fraction bits, so that the sum of the digits over sites tells
 * the exact sum of the numbers.
 */
final class Digits {
    private static final int BITS = 24;
    private static final long HALF = 1L << (BITS - 1);
    private static final double UNIT = 1.0 / HALF;

    private Digits() {}

    /**
     * Writes a number as so many digits.
     *
     * @throws NotEncodableException if it needs more; naming what it is
     */
    static void write(String what, long number, int digits, float[] to, int offset) {
        long left = number;
        for (int i = 0; i < digits; i++) {
            long digit = ((left + HALF) & (2 * HALF - 1)) - HALF;
            to[offset + i] = (float) (digit * UNIT);
            left = (left - digit) >> BITS;
        }
        if (left != 0) {
            throw new NotEncodableException(what + " must fit into " + digits * BITS + " bits. Provided value: "
                    + number + "; the site has too many rows for boosted-trees");
        }
    }

    /** The sum over sites of the numbers whose digits have this mean; exact below 2^53, and rounded once or twice beyond. */
    static double sum(RoundMean mean, int offset, int digits) {
        double sum = 0;
        double carry = 0;
        double place = 1;
        for (int i = 0; i < digits; i++) {
            double added = Math.rint(mean.values()[offset + i] * mean.contributions() * HALF) + carry;
            // Carried on, so that the same sum has the same digits whatever the sites were.
            carry = i + 1 < digits ? Math.floor((added + HALF) / (2.0 * HALF)) : 0;
            sum += (added - carry * 2 * HALF) * place;
            place *= 2.0 * HALF;
        }
        return sum;
    }
}

package dev.tacita.dp.mechanism;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * Draws integers k with probability proportional to exp(-k^2 / (2 scale^2)), |k| at most 12 scale, fast: one random
 * word and one look into a table for nearly every draw.
 *
 * <p>The magnitude's cell of 2^22 integers comes from a table of 2^16 entries, in which a cell has as many entries as
 * its highest probability asks for; the place within the cell is uniform; the draw is then kept with the ratio of its
 * probability to the cell's entries. A bound below and one above that ratio decide all but about one draw in 200; of
 * those, double precision decides what is further than 10^-12 from the ratio, and decimal arithmetic of 60 digits the
 * rest. So rejection is exact up to 2^-150, and the cut at 12 scale moves the distribution by less than 2^-107.
 */
final class GaussianTable {
    static final double LEAST_SCALE = 0x1p30;
    static final double BOUND_OF_SCALE = 0x1p31;
    static final double CUT = 12;

    private static final int CELL_BITS = 22;
    private static final int PLACE_MASK = (1 << CELL_BITS) - 1;
    private static final int ENTRIES = 1 << 16;
    private static final int COIN_BITS = 25;
    private static final int COIN_MASK = (1 << COIN_BITS) - 1;
    private static final double COINS = 1 << COIN_BITS;
    private static final double DOUBTFUL = 1e-12;
    private static final int SIGN_BIT = CELL_BITS;
    private static final int MORE_COIN_BITS = 64 - COIN_BITS;
    private static final int EXACT_BITS = 160;
    private static final MathContext DIGITS = new MathContext(60);

    private final double scale;
    private final double height;
    private final char[] cells = new char[ENTRIES];
    private final int[] weights;
    private final int[] surelyKept;
    private final int[] surelyRefused;

    /** Makes the table; {@code scale} is at least 2^30 and less than 2^31. */
    GaussianTable(double scale) {
        if (!(scale >= LEAST_SCALE && scale < BOUND_OF_SCALE)) {
            throw new IllegalArgumentException("scale must be >= 2^30 and < 2^31. Provided value: " + scale);
        }
        this.scale = scale;
        int count = (int) (CUT * scale / (1 << CELL_BITS));
        weights = new int[count];
        surelyKept = new int[count + 1];
        surelyRefused = new int[count + 1];
        double total = 0;
        for (int cell = 0; cell < count; cell++) {
            total += density((long) cell << CELL_BITS);
        }
        height = (ENTRIES - count) / total * (1 - 1e-6);
        int entry = 0;
        for (int cell = 0; cell < count; cell++) {
            double highest = height * density((long) cell << CELL_BITS);
            double lowest = height * density(((long) cell + 1) << CELL_BITS);
            int weight = (int) Math.ceil(highest * (1 + DOUBTFUL));
            weights[cell] = weight;
            surelyKept[cell] = cell == 0 ? 0 : (int) Math.floor(lowest / weight * (1 - DOUBTFUL) * COINS);
            surelyRefused[cell] = (int) Math.ceil(highest / weight * (1 + DOUBTFUL) * COINS);
            for (int i = 0; i < weight; i++) {
                cells[entry++] = (char) cell;
            }
        }
        while (entry < ENTRIES) {
            cells[entry++] = (char) count;
        }
    }

    long draw(RandomBits bits) {
        while (true) {
            long word = bits.nextLong();
            int cell = cells[(int) (word >>> 48)];
            int coin = (int) (word >>> (SIGN_BIT + 1)) & COIN_MASK;
            long sign = -((word >>> SIGN_BIT) & 1);
            long magnitude = ((long) cell << CELL_BITS) | (word & PLACE_MASK);
            if (coin < surelyKept[cell] || (coin < surelyRefused[cell] && keeps(cell, magnitude, sign, coin, bits))) {
                return (magnitude ^ sign) - sign;
            }
        }
    }

    private boolean keeps(int cell, long magnitude, long sign, int coin, RandomBits bits) {
        if (magnitude == 0 && sign != 0) {
            return false;
        }
        long longer = ((long) coin << MORE_COIN_BITS) | (bits.nextLong() >>> COIN_BITS);
        double fraction = (longer >>> 11) * 0x1p-53;
        double ratio = ratio(cell, magnitude);
        return Math.abs(fraction - ratio) > DOUBTFUL ? fraction < ratio : keepsExactly(cell, magnitude, longer, bits);
    }

    /** Whether the coin, a fraction of 2^64, and as many more bits as needed are below the ratio. */
    boolean keepsExactly(int cell, long magnitude, long coin, RandomBits bits) {
        BigInteger longest = new BigInteger(Long.toUnsignedString(coin))
                .shiftLeft(EXACT_BITS)
                .or(bits.bits(EXACT_BITS));
        BigDecimal fraction = new BigDecimal(longest)
                .divide(new BigDecimal(BigInteger.ONE.shiftLeft(EXACT_BITS + Long.SIZE)), DIGITS);
        BigDecimal square = new BigDecimal(scale).pow(2).multiply(BigDecimal.valueOf(2));
        BigDecimal exponent = BigDecimal.valueOf(magnitude).pow(2).divide(square, DIGITS);
        BigDecimal ratio = new BigDecimal(height)
                .multiply(exponential(exponent), DIGITS)
                .divide(BigDecimal.valueOf(weights[cell]), DIGITS);
        return fraction.compareTo(ratio) < 0;
    }

    /** exp(-exponent) to about 55 digits, for exponents of 0 to 100. */
    static BigDecimal exponential(BigDecimal exponent) {
        int halvings = 10;
        BigDecimal small =
                exponent.divide(BigDecimal.valueOf(1L << halvings), DIGITS).negate();
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ONE;
        for (int i = 1; i <= 40; i++) {
            term = term.multiply(small, DIGITS).divide(BigDecimal.valueOf(i), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        return sum.pow(1 << halvings, DIGITS);
    }

    /** The probability with which a draw of the cell is kept, in double precision. */
    double ratio(int cell, long magnitude) {
        return height * density(magnitude) / weights[cell];
    }

    private double density(long magnitude) {
        double standard = magnitude / scale;
        return Math.exp(-0.5 * standard * standard);
    }
}

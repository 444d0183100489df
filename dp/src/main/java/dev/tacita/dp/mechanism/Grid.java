package dev.tacita.dp.mechanism;

import java.math.BigInteger;

/**
 * The multiples of a power of two, on which values are put before noise is added as integers.
 *
 * @param exponent of the spacing 2^exponent
 */
record Grid(int exponent) {
    private static final int FINENESS = 40;

    /** The grid whose spacing is 2^-40 to 2^-41 of a scale: of the noise or the sensitivity, the smaller. */
    static Grid forScale(double scale) {
        return new Grid(Math.getExponent(scale) - FINENESS);
    }

    double spacing() {
        return Math.scalb(1.0, exponent);
    }

    /** The index of the multiple nearest to the value. */
    BigInteger index(double value) {
        return Rational.of(value).times(power(-exponent)).round();
    }

    /** How many multiples apart two values can be put that are at most {@code distance} apart. */
    BigInteger indicesOf(double distance) {
        return Rational.of(distance).times(power(-exponent)).ceiling();
    }

    /** The double nearest to the multiple; an overflow becomes an infinity. */
    double value(BigInteger index) {
        return Math.scalb(index.doubleValue(), exponent);
    }

    private static Rational power(int exponent) {
        BigInteger power = BigInteger.ONE.shiftLeft(Math.abs(exponent));
        return exponent >= 0 ? new Rational(power, BigInteger.ONE) : new Rational(BigInteger.ONE, power);
    }
}

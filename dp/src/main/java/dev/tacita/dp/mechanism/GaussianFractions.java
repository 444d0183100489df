package dev.tacita.dp.mechanism;

import java.math.BigInteger;

/**
 * What algorithm 3 of Canonne, Kamath and Steinke 2020 needs of a variance n / d, with t the floor of its root plus 1.
 *
 * @param rate 1 / t, of the discrete Laplace draws that are kept or not
 * @param unit d t
 * @param centre n
 * @param divisor 2 n d t^2; a draw k is kept with probability exp(-(|k| unit - centre)^2 / divisor)
 */
record GaussianFractions(Rational rate, BigInteger unit, BigInteger centre, BigInteger divisor) {
    static GaussianFractions of(Rational variance) {
        BigInteger scale = variance.floor().sqrt().add(BigInteger.ONE);
        BigInteger unit = variance.denominator().multiply(scale);
        return new GaussianFractions(
                new Rational(BigInteger.ONE, scale),
                unit,
                variance.numerator(),
                variance.numerator().multiply(unit).multiply(scale).shiftLeft(1));
    }
}

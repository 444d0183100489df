package dev.tacita.dp.mechanism;

import java.math.BigInteger;

/** An exact fraction in lowest terms with a positive denominator. */
record Rational(BigInteger numerator, BigInteger denominator) {
    private static final int MANTISSA_BITS = 52;

    Rational {
        if (denominator.signum() == 0) {
            throw new ArithmeticException("denominator must not be 0");
        }
        BigInteger divisor = numerator.gcd(denominator);
        if (denominator.signum() < 0) {
            divisor = divisor.negate();
        }
        numerator = numerator.divide(divisor);
        denominator = denominator.divide(divisor);
    }

    static Rational of(long value) {
        return new Rational(BigInteger.valueOf(value), BigInteger.ONE);
    }

    /** Exactly the value of a finite double, without rounding. */
    static Rational of(double value) {
        if (value == 0) {
            return of(0);
        }
        int exponent = Math.max(Math.getExponent(value), Double.MIN_EXPONENT) - MANTISSA_BITS;
        long mantissa = (long) Math.scalb(value, -exponent);
        int zeros = Long.numberOfTrailingZeros(mantissa);
        BigInteger odd = BigInteger.valueOf(mantissa >> zeros);
        int power = exponent + zeros;
        return power >= 0
                ? new Rational(odd.shiftLeft(power), BigInteger.ONE)
                : new Rational(odd, BigInteger.ONE.shiftLeft(-power));
    }

    Rational minus(Rational other) {
        return new Rational(
                numerator.multiply(other.denominator).subtract(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    Rational times(Rational other) {
        return new Rational(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    Rational over(Rational other) {
        return new Rational(numerator.multiply(other.denominator), denominator.multiply(other.numerator));
    }

    BigInteger floor() {
        BigInteger[] parts = numerator.divideAndRemainder(denominator);
        return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    BigInteger ceiling() {
        return new Rational(numerator.negate(), denominator).floor().negate();
    }

    /** The nearest integer; a tie goes up. */
    BigInteger round() {
        return new Rational(numerator.shiftLeft(1).add(denominator), denominator.shiftLeft(1)).floor();
    }
}

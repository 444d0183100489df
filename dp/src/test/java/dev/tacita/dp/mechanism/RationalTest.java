package dev.tacita.dp.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RationalTest {
    @ParameterizedTest
    @ValueSource(
            doubles = {0, -0.0, 1, -1, 0.1, -1 / 3., 0x1p200, 1e300, Double.MAX_VALUE, Double.MIN_VALUE, -3e-310, 6})
    void isExactlyTheDoubleItIsMadeOf(double value) {
        Rational rational = Rational.of(value);

        assertThat(new BigDecimal(rational.numerator()))
                .isEqualByComparingTo(new BigDecimal(value).multiply(new BigDecimal(rational.denominator())));
    }

    @Test
    void roundsDownUpAndToTheNearestOnBothSidesOfZero() {
        assertThat(Rational.of(-2.25).floor()).isEqualTo(BigInteger.valueOf(-3));
        assertThat(Rational.of(-2.25).ceiling()).isEqualTo(BigInteger.valueOf(-2));
        assertThat(Rational.of(-2.25).round()).isEqualTo(BigInteger.valueOf(-2));
        assertThat(Rational.of(2.5).round()).isEqualTo(BigInteger.valueOf(3));
        assertThat(Rational.of(-2.5).round()).isEqualTo(BigInteger.valueOf(-2));
        assertThat(Rational.of(7).floor()).isEqualTo(Rational.of(7).ceiling()).isEqualTo(BigInteger.valueOf(7));
    }

    @Test
    void keepsLowestTermsWithAPositiveDenominator() {
        Rational half = new Rational(BigInteger.valueOf(-4), BigInteger.valueOf(-8));

        assertThat(half).isEqualTo(Rational.of(0.5));
        assertThat(half.minus(Rational.of(1)).times(Rational.of(6)).over(Rational.of(-9)))
                .isEqualTo(new Rational(BigInteger.ONE, BigInteger.valueOf(3)));
    }
}

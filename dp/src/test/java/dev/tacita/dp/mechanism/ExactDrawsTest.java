package dev.tacita.dp.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExactDrawsTest {
    private static final int REACH = 60;

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.3, 1, 1.75, 4})
    void flipsACoinOfProbabilityExpOfMinusTheExponent(double exponent) {
        ExactDraws draws = Repeatable.draws(11);
        Rational exact = Rational.of(exponent);
        long[] observed = new long[2];
        for (int i = 0; i < 200_000; i++) {
            observed[draws.bernoulliExp(exact) ? 1 : 0]++;
        }

        Fit.assertFits("exponent " + exponent, observed, new double[] {-Math.expm1(-exponent), Math.exp(-exponent)});
    }

    @Test
    void flipsNoTailsForTheExponentZero() {
        ExactDraws draws = Repeatable.draws(15);

        for (int i = 0; i < 1000; i++) {
            assertThat(draws.bernoulliExp(Rational.of(0))).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.75, 1, 2.5})
    void drawsTheDiscreteLaplaceDistribution(double rate) {
        ExactDraws draws = Repeatable.draws(12);
        Rational exact = Rational.of(rate);

        Fit.assertFits(
                "rate " + rate,
                histogram(() -> draws.discreteLaplace(exact), 100_000),
                mass(x -> Math.exp(-rate * Math.abs(x))));
    }

    @ParameterizedTest
    @CsvSource({"0.3", "1", "2.25", "7.1"})
    void drawsTheDiscreteGaussianDistribution(double sigma) {
        ExactDraws draws = Repeatable.draws(13);
        GaussianFractions variance = GaussianFractions.of(Rational.of(sigma).times(Rational.of(sigma)));

        Fit.assertFits(
                "sigma " + sigma,
                histogram(() -> draws.discreteGaussian(variance), 100_000),
                mass(x -> Math.exp(-x * x / (2 * sigma * sigma))));
    }

    @Test
    void drawsDiscreteGaussiansOfAVarianceBelowThatOfTheContinuousOne() {
        double variance = 0;
        double total = 0;
        for (int k = -REACH; k <= REACH; k++) {
            double mass = Math.exp(-k * (double) k / (2 * 0.5 * 0.5));
            variance += k * (double) k * mass;
            total += mass;
        }
        ExactDraws draws = Repeatable.draws(14);
        GaussianFractions quarter = GaussianFractions.of(Rational.of(0.25));
        double squares = 0;
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            double drawn = draws.discreteGaussian(quarter).doubleValue();
            squares += drawn * drawn;
        }

        assertThat(variance / total).isLessThan(0.25);
        assertThat(squares / count).isBetween(variance / total - 0.005, variance / total + 0.005);
    }

    private static long[] histogram(Supplier<BigInteger> draw, int count) {
        long[] observed = new long[2 * REACH + 2];
        for (int i = 0; i < count; i++) {
            int drawn = draw.get().intValueExact();
            observed[Math.abs(drawn) > REACH ? 2 * REACH + 1 : drawn + REACH]++;
        }
        return observed;
    }

    private static double[] mass(DoubleUnaryOperator density) {
        double[] mass = new double[2 * REACH + 2];
        double total = 0;
        for (int k = -4000; k <= 4000; k++) {
            total += density.applyAsDouble(k);
        }
        double within = 0;
        for (int k = -REACH; k <= REACH; k++) {
            mass[k + REACH] = density.applyAsDouble(k) / total;
            within += mass[k + REACH];
        }
        mass[2 * REACH + 1] = Math.max(0, 1 - within);
        return mass;
    }
}

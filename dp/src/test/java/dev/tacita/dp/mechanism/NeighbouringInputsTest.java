package dev.tacita.dp.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.dp.Neighbours;
import dev.tacita.dp.accounting.NeighbouringRelation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mechanism on two neighbouring inputs, and its twin with a quarter of the noise, which must be caught. */
class NeighbouringInputsTest {
    private static final double EPSILON = 1;
    private static final int DRAWS = 4_000;
    private static final RandomBits BITS = Repeatable.bits(81);
    private static final double[] EPSILONS = {0, 0.5, 1, 2, 3};

    /**
     * A mechanism on two neighbouring inputs.
     *
     * @param of the two outputs, where the argument is how much less noise there is than claimed
     */
    private record Case(String name, DoubleUnaryOperator delta, DoubleFunction<List<DoubleSupplier>> of) {
        boolean broken(double sabotage) {
            List<DoubleSupplier> outputs = of.apply(sabotage);
            return new Neighbours(outputs.get(0), outputs.get(1), DRAWS).breaks(delta, EPSILONS);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> mechanisms() {
        List<Case> cases = new ArrayList<>();
        cases.add(new Case("Gaussian", epsilon -> gaussian(1, epsilon), less -> {
            var mechanism = GaussianMechanism.of(1 / less, 2, 1, BITS);
            return List.of(() -> mechanism.release(0), () -> mechanism.release(2));
        }));
        cases.add(new Case("Gaussian vector", epsilon -> gaussian(1, epsilon), less -> {
            var mechanism = GaussianMechanism.of(1 / less, 5, 2, BITS);
            return List.of(() -> along(mechanism, new double[2]), () -> along(mechanism, new double[] {3, 4}));
        }));
        cases.add(new Case("discrete Gaussian", NeighbouringInputsTest::discreteGaussian, less -> {
            var mechanism = DiscreteGaussianMechanism.of(2 / less, 2, BITS);
            return List.of(() -> mechanism.release(0), () -> mechanism.release(2));
        }));
        cases.add(pure("Laplace", epsilon -> {
            var mechanism = LaplaceMechanism.of(epsilon, 2, 1, BITS);
            return List.of(() -> mechanism.release(0), () -> mechanism.release(2));
        }));
        cases.add(pure("discrete Laplace", epsilon -> {
            var mechanism = DiscreteLaplaceMechanism.of(epsilon, 3, BITS);
            return List.of(() -> mechanism.release(0), () -> mechanism.release(3));
        }));
        cases.add(pure("exponential", epsilon -> {
            var mechanism = ExponentialMechanism.of(epsilon, 1, BITS);
            return List.of(
                    () -> mechanism.choose(new double[] {0, 0, 0}), () -> mechanism.choose(new double[] {1, -1, -1}));
        }));
        cases.add(pure("permute and flip", epsilon -> {
            var mechanism = PermuteAndFlip.of(epsilon, 1, BITS);
            return List.of(
                    () -> mechanism.choose(new double[] {0, 0, 0}), () -> mechanism.choose(new double[] {1, -1, -1}));
        }));
        cases.add(pure("report noisy max", epsilon -> {
            var mechanism = ReportNoisyMax.of(epsilon, 1, BITS);
            return List.of(
                    () -> mechanism.choose(new double[] {0, 0, 0}), () -> mechanism.choose(new double[] {1, -1, -1}));
        }));
        cases.add(pure(
                "above threshold",
                epsilon -> List.of(() -> firstAbove(epsilon, 0, 1), () -> firstAbove(epsilon, 1, 0))));
        for (int choices : new int[] {2, 5}) {
            cases.add(pure("randomised response of " + choices, epsilon -> {
                var mechanism = RandomizedResponse.of(epsilon, choices, BITS);
                return List.of(() -> mechanism.answer(0), () -> mechanism.answer(1));
            }));
        }
        cases.add(pure("bounded mean, replaced", epsilon -> {
            var mechanism = BoundedMean.of(epsilon, -1, 1, NeighbouringRelation.REPLACE_ONE, BITS);
            return List.of(() -> mechanism.release(new double[] {0, -9}), () -> mechanism.release(new double[] {0, 9}));
        }));
        cases.add(pure("bounded mean, added", epsilon -> {
            var mechanism = BoundedMean.of(epsilon, -1, 1, NeighbouringRelation.ADD_OR_REMOVE_ONE, BITS);
            return List.of(
                    () -> mechanism.release(new double[] {.5, .5, .5}),
                    () -> mechanism.release(new double[] {.5, .5, .5, -9}));
        }));
        cases.add(pure("histogram, replaced", epsilon -> {
            var mechanism = NoisyHistogram.of(epsilon, 1, NeighbouringRelation.REPLACE_ONE, BITS);
            return List.of(
                    () -> difference(mechanism, new long[] {1, 0}), () -> difference(mechanism, new long[] {0, 1}));
        }));
        cases.add(pure("histogram, added", epsilon -> {
            var mechanism = NoisyHistogram.of(epsilon, 2, NeighbouringRelation.ADD_OR_REMOVE_ONE, BITS);
            return List.of(
                    () -> difference(mechanism, new long[] {4, 4}), () -> difference(mechanism, new long[] {6, 4}));
        }));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void keepsWhatItClaims(Case mechanism) {
        assertThat(mechanism.broken(1)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void aQuarterOfTheNoiseIsCaught(Case mechanism) {
        assertThat(mechanism.broken(4)).isTrue();
    }

    @Test
    void noMechanismIsLeftOut() {
        assertThat(mechanisms().map(Case::name).toList()).hasSize(15);
    }

    private static Case pure(String name, DoubleFunction<List<DoubleSupplier>> ofEpsilon) {
        return new Case(name, epsilon -> epsilon < EPSILON ? 1 : 0, less -> ofEpsilon.apply(EPSILON * less));
    }

    private static double along(GaussianMechanism mechanism, double[] values) {
        mechanism.addTo(values);
        return 0.6 * values[0] + 0.8 * values[1];
    }

    /** Which of some questions is the first above, where all but the last have one value. */
    private static double firstAbove(double epsilon, double value, double last) {
        AboveThreshold questions = AboveThreshold.of(epsilon, 1, 0.5, 1, BITS);
        for (int question = 0; question < 4; question++) {
            if (questions.isAbove(question == 3 ? last : value)) {
                return question;
            }
        }
        return 4;
    }

    private static double difference(NoisyHistogram histogram, long[] counts) {
        long[] noisy = histogram.release(counts);
        return noisy[0] - (double) noisy[1];
    }

    /** Balle and Wang 2018, theorem 5. */
    private static double gaussian(double noiseMultiplier, double epsilon) {
        NormalDistribution normal = new NormalDistribution();
        double half = 1 / (2 * noiseMultiplier);
        double rest = epsilon * noiseMultiplier;
        return normal.cumulativeProbability(half - rest)
                - Math.exp(epsilon) * normal.cumulativeProbability(-half - rest);
    }

    /** Adds up what each integer contributes, for sigma 2 and neighbours 2 apart. */
    private static double discreteGaussian(double epsilon) {
        double total = 0;
        double delta = 0;
        for (int k = -60; k <= 60; k++) {
            double here = Math.exp(-k * k / 8.0);
            total += here;
            delta += Math.max(0, here - Math.exp(epsilon) * Math.exp(-(k - 2) * (k - 2) / 8.0));
        }
        return delta / total;
    }
}

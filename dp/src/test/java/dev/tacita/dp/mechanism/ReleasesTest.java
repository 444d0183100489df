package dev.tacita.dp.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.hipparchus.distribution.continuous.LaplaceDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleasesTest {
    @ParameterizedTest
    @CsvSource({"1.1, 1", "0.3, 0.001", "40, 3e6"})
    void gaussianNoiseHasTheStandardDeviationAskedForAroundTheValue(double noiseMultiplier, double sensitivity) {
        int count = 1_000_000;
        GaussianMechanism mechanism = GaussianMechanism.of(noiseMultiplier, sensitivity, count, Repeatable.bits(31));
        double[] values = new double[count];
        Arrays.fill(values, 0.7 * sensitivity);
        mechanism.addTo(values);
        double sigma = noiseMultiplier * sensitivity;
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance = Arrays.stream(values)
                .map(v -> (v - 0.7 * sensitivity) * (v - 0.7 * sensitivity))
                .average()
                .orElseThrow();

        // The recipe of Google's tests: 4.41717 deviations, a false alarm in 10^5.
        assertThat(mean).isCloseTo(0.7 * sensitivity, within(4.41717 * sigma / 1000));
        assertThat(variance).isCloseTo(sigma * sigma, within(4.41717 * sigma * sigma * Math.sqrt(2.0 / count)));
        assertThat(mechanism.standardDeviation()).isBetween(sigma, sigma * (1 + 1e-3));
        assertThat(mechanism.rho()).isCloseTo(0.5 / (noiseMultiplier * noiseMultiplier), within(1e-12));
    }

    @Test
    void gaussianReleasesAreMultiplesOfAPowerOfTwoWhateverTheValue() {
        int count = 1_000_000;
        GaussianMechanism mechanism = GaussianMechanism.of(0.77, 1.3, count, Repeatable.bits(32));
        double[] values = new double[count];
        Arrays.fill(values, 1 / 3.);
        mechanism.addTo(values);

        assertThat(Math.getExponent(mechanism.grid())).isEqualTo(-30);
        assertThat(Math.scalb(1.0, -30)).isEqualTo(mechanism.grid());
        assertThat(Arrays.stream(values).allMatch(v -> v / mechanism.grid() == Math.rint(v / mechanism.grid())))
                .isTrue();
    }

    @Test
    void gaussianNoiseMakesUpForTheRoundingOfManyValues() {
        GaussianMechanism mechanism = GaussianMechanism.of(1, 1, 1_000_000);

        double grid = mechanism.grid();
        assertThat(mechanism.standardDeviation()).isGreaterThanOrEqualTo(1 + grid * 1000);
    }

    @Test
    void gaussianNoiseOfFloatsIsThatOfDoublesRounded() {
        float[] floats = {1.5f, -2.25f, 1e30f, 0f};
        double[] doubles = {1.5, -2.25, 1e30f, 0};
        GaussianMechanism.of(2, 0.5, 4, Repeatable.bits(33)).addTo(floats);
        GaussianMechanism.of(2, 0.5, 4, Repeatable.bits(33)).addTo(doubles);

        for (int i = 0; i < 4; i++) {
            assertThat(floats[i]).isEqualTo((float) doubles[i]);
        }
        assertThat(doubles[2]).isCloseTo(0x1p31, within(1e3));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "0.1, 5, 1", "3, 0.25, 20"})
    void laplaceNoiseIsLaplacianOfTheScaleAskedFor(double epsilon, double sensitivity, int dimension) {
        LaplaceMechanism mechanism = LaplaceMechanism.of(epsilon, sensitivity, dimension, Repeatable.bits(34));
        LaplaceDistribution expected = new LaplaceDistribution(10, sensitivity / epsilon);
        long[] observed = new long[50];
        double[] probabilities = new double[50];
        Arrays.fill(probabilities, 0.02);
        double[] values = new double[dimension];
        Arrays.fill(values, 10);
        for (int i = 0; i < 100_000 / dimension; i++) {
            for (double noisy : mechanism.release(values)) {
                observed[(int) (expected.cumulativeProbability(noisy) * 50)]++;
                assertThat(noisy / mechanism.grid()).isEqualTo(Math.rint(noisy / mechanism.grid()));
            }
        }

        Fit.assertFits("epsilon " + epsilon, observed, probabilities);
    }

    @Test
    void laplaceNoiseKeepsALargeCountWithItsNoise() {
        assertThat(LaplaceMechanism.of(1, 1, 1, Repeatable.bits(35)).release(1e15))
                .isCloseTo(1e15, within(50.0));
    }

    @Test
    void discreteLaplaceNoiseHasTheMassOfItsEpsilonAndSensitivity() {
        DiscreteLaplaceMechanism mechanism = DiscreteLaplaceMechanism.of(1.2, 3, Repeatable.bits(36));
        double[] mass = discreteLaplace(1.2 / 3, 30);
        long[] observed = new long[61];
        for (int i = 0; i < 100_000; i++) {
            observed[(int) Math.max(0, Math.min(60, mechanism.release(500) - 500 + 30))]++;
        }
        mass[0] /= 1 - Math.exp(-0.4);
        mass[60] = mass[0];

        Fit.assertFits("discrete Laplace", observed, mass);
    }

    @ParameterizedTest
    @CsvSource({"0.5, 1", "1, 3", "2, 2"})
    void discreteLaplaceReleasesOfNeighboursAreWithinEpsilonEverywhere(double epsilon, int sensitivity) {
        double[] mass = discreteLaplace(epsilon / sensitivity, 40);

        for (int shift = -sensitivity; shift <= sensitivity; shift++) {
            for (int k = sensitivity; k < mass.length - sensitivity; k++) {
                assertThat(Math.abs(Math.log(mass[k] / mass[k + shift]))).isLessThanOrEqualTo(epsilon + 1e-12);
            }
        }
    }

    @Test
    void discreteReleasesAreCutOffAtTheRangeOfALong() {
        DiscreteLaplaceMechanism mechanism = DiscreteLaplaceMechanism.of(1, 1000, Repeatable.bits(37));
        boolean cut = false;
        for (int i = 0; i < 20; i++) {
            long noisy = mechanism.release(Long.MAX_VALUE);
            assertThat(noisy).isPositive();
            cut |= noisy == Long.MAX_VALUE;
        }

        assertThat(cut).isTrue();
    }

    @Test
    void discreteGaussianWordsWrapAroundSoThatTheirSumIsExact() {
        DiscreteGaussianMechanism mechanism = DiscreteGaussianMechanism.of(100, 10, Repeatable.bits(38));
        long[] words = new long[10_000];
        Arrays.fill(words, Long.MAX_VALUE);
        mechanism.addTo(words);
        double squares = Arrays.stream(words)
                .mapToDouble(word -> (double) (word - Long.MAX_VALUE) * (word - Long.MAX_VALUE))
                .average()
                .orElseThrow();

        assertThat(Arrays.stream(words).anyMatch(word -> word < 0)).isTrue();
        assertThat(squares).isCloseTo(10_000, within(4.41717 * 10_000 * Math.sqrt(2.0 / 10_000)));
        assertThat(mechanism.rho()).isCloseTo(0.005, within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesAnEpsilonSensitivityOrNoiseThatIsNotPositiveAndFinite(double bad) {
        refused("epsilon", bad, () -> LaplaceMechanism.of(bad, 1, 1));
        refused("sensitivity", bad, () -> LaplaceMechanism.of(1, bad, 1));
        refused("epsilon", bad, () -> DiscreteLaplaceMechanism.of(bad, 1));
        refused("sigma", bad, () -> DiscreteGaussianMechanism.of(bad, 1));
        refused("sensitivity", bad, () -> DiscreteGaussianMechanism.of(1, bad));
        refused("noiseMultiplier", bad, () -> GaussianMechanism.of(bad, 1, 1));
        refused("sensitivity", bad, () -> GaussianMechanism.of(1, bad, 1));
        refused("epsilon", bad, () -> ExponentialMechanism.of(bad, 1));
        refused("sensitivity", bad, () -> PermuteAndFlip.of(1, bad));
        refused("epsilon", bad, () -> ReportNoisyMax.of(bad, 1));
        refused("sensitivity", bad, () -> AboveThreshold.of(1, bad, 0, 1));
        refused("epsilon", bad, () -> RandomizedResponse.of(bad, 2));
    }

    @Test
    void refusesValuesThatAreNotFiniteAndChangesNothing() {
        float[] values = {1, Float.NaN, 2};

        assertThatIllegalArgumentException()
                .isThrownBy(() -> GaussianMechanism.of(1, 1, 3).addTo(values))
                .withMessage("values must all be finite. One that is not is at index 1");
        assertThat(values).containsExactly(1, Float.NaN, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LaplaceMechanism.of(1, 1, 1).release(Double.POSITIVE_INFINITY));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExponentialMechanism.of(1, 1).choose(new double[] {1, Double.NaN}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GaussianMechanism.of(1, 1, 3).addTo(new double[2]))
                .withMessage("values must have the mechanism's dimension, 3. Provided length: 2");
    }

    private static void refused(String name, double bad, Runnable making) {
        assertThatIllegalArgumentException()
                .isThrownBy(making::run)
                .withMessageStartingWith(name + " must be > 0")
                .withMessageEndingWith("Provided value: " + bad);
    }

    private static double[] discreteLaplace(double rate, int reach) {
        double[] mass = new double[2 * reach + 1];
        for (int k = -reach; k <= reach; k++) {
            mass[k + reach] = Math.tanh(rate / 2) * Math.exp(-rate * Math.abs(k));
        }
        return mass;
    }
}

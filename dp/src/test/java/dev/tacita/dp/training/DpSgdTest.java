package dev.tacita.dp.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.optimizer.Optimizer;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Spending;
import dev.tacita.dp.accounting.Spent;
import dev.tacita.dp.mechanism.Seeded;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.junit.jupiter.api.Test;

/** B2, B3, B5, B7 and B14 of the acceptance scenarios, and the order of entry and noise. */
class DpSgdTest {
    private static final Clipping ONE = new Clipping.Flat(1);

    @Test
    void anExampleAddsTheSameWhateverTheSizeOfTheBatch() throws Exception {
        int examples = 128;
        float[][] without = new float[examples][1];
        float[][] with = new float[examples][1];
        with[0][0] = 0.5f;
        var terms = new DpSgd.Terms(examples, 64, 1, ONE);
        Set<Integer> sizes = new HashSet<>();
        int drawn = 0;
        for (long seed = 1; seed <= 100; seed++) {
            float[] first = new float[1];
            float[] second = new float[1];
            sizes.add(seeded(FixedGradients.of(with), terms, new Spent(), seed, 1)
                    .step(first, 1)
                    .drawn());
            seeded(FixedGradients.of(without), terms, new Spent(), seed, 1).step(second, 1);
            double added = first[0] - second[0];
            if (Math.abs(added) > 1e-3) {
                drawn++;
                assertThat(added).as("seed %s", seed).isCloseTo(0.5 / 64, within(1e-8));
            }
        }
        assertThat(sizes).hasSizeGreaterThan(5);
        assertThat(drawn).isBetween(20, 80);
    }

    @Test
    void anEmptyBatchIsAStepWithNoiseAndIsEntered() throws Exception {
        var terms = new DpSgd.Terms(1000, 1, 2, ONE);
        Spent spent = new Spent();
        DpSgd sgd = seeded(FixedGradients.of(new float[1000][3]), terms, spent, 4, 3);
        int empty = 0;
        for (int step = 1; step <= 60; step++) {
            float[] gradient = new float[3];
            empty += sgd.step(gradient, 1).drawn() == 0 ? 1 : 0;

            assertThat(gradient).doesNotContain(0f);
            assertThat(spent.count()).isEqualTo(step);
        }
        assertThat(empty).isBetween(5, 50);
        assertThat(spent.event()).isEqualTo(Event.dpSgd(0.001, 2, 60));
    }

    @Test
    void theNoiseIsNormalWithTheDeviationThatIsStated() throws Exception {
        int size = 200_000;
        for (Clipping clipping : List.of(
                new Clipping.Flat(0.7),
                new Clipping.PerLayer(0.35),
                new Clipping.Automatic(0.01),
                new Clipping.Quantile(0.7, 0.5, 0.2, 1.5, Clipping.Update.GEOMETRIC))) {
            var terms = new DpSgd.Terms(50, 8, 1.3, clipping);
            var gradients = new FixedGradients(FixedGradients.layers(size / 2, size / 2), 8, new float[50][size]);
            float[] noise = new float[size];
            DpSgd sgd = seeded(gradients, terms, new Spent(), 5, size);
            double sensitivity = clipping instanceof Clipping.PerLayer
                    ? 0.35 * Math.sqrt(2)
                    : clipping instanceof Clipping.Automatic ? 1 : 0.7;
            double multiplier = clipping instanceof Clipping.Quantile ? Math.pow(1 / 1.69 - 1 / 9.0, -0.5) : 1.3;
            double deviation = multiplier * sensitivity / 8;
            assertThat(sgd.standardDeviation()).isCloseTo(deviation, within(1e-12));
            sgd.step(noise, 1);

            isNormal(clipping.toString(), noise, deviation);
        }
    }

    @Test
    void nothingIsReleasedIfTheEntryIsRefused() {
        float[] parameters = {1, 2, 3};
        Spending refuses = event -> {
            throw new IllegalStateException("spent " + event);
        };
        DpSgd sgd = DpSgd.of(
                FixedGradients.of(new float[4][3]),
                new DpSgd.Terms(4, 2, 1, ONE),
                Optimizer.of(OptimizerSpec.Adam.of(0.1), 3),
                refuses);

        assertThatThrownBy(() -> sgd.step(parameters, 1))
                .hasMessage("spent PoissonSampled[rate=0.5, event=Gaussian[noiseMultiplier=1.0]]");
        assertThat(parameters).containsExactly(1, 2, 3);
    }

    @Test
    void theEntryIsMadeBeforeAnythingChanges() throws Exception {
        float[] parameters = {1};
        float[] seen = {0};
        Spending looks = event -> seen[0] = parameters[0];
        DpSgd.of(FixedGradients.of(0.3), new DpSgd.Terms(1, 1, 1, ONE), replacing(), looks)
                .step(parameters, 1);

        assertThat(seen).containsExactly(1);
        assertThat(parameters[0]).isNotEqualTo(1);
    }

    @Test
    void aSeedOfATestRepeatsTheBitsAndProductionNeverDoes() throws Exception {
        var terms = new DpSgd.Terms(9, 3, 1, ONE);
        FixedGradients gradients = FixedGradients.of(new float[9][4]);
        float[][] steps = new float[4][4];
        seeded(gradients, terms, new Spent(), 7, 4).step(steps[0], 1);
        seeded(gradients, terms, new Spent(), 7, 4).step(steps[1], 1);
        DpSgd.of(gradients, terms, replacing(), new Spent()).step(steps[2], 1);
        DpSgd.of(gradients, terms, replacing(), new Spent()).step(steps[3], 1);

        assertThat(steps[0]).containsExactly(steps[1]);
        assertThat(steps[2]).isNotEqualTo(steps[3]);
        for (Class<?> type : List.of(DpSgd.class, DpFtrl.class, PrivateMean.class, NoiseShare.class)) {
            assertThat(type.getConstructors()).isEmpty();
            assertThat(Arrays.stream(type.getMethods())
                            .filter(method -> Modifier.isStatic(method.getModifiers()))
                            .flatMap(method -> Stream.of(method.getParameterTypes())))
                    .doesNotContain(long.class, byte[].class, java.util.Random.class);
        }
    }

    @Test
    void parametersThatAreNotTrainedGetNoNoise() throws Exception {
        // Groups cover the middle only: what is around it, counters or frozen weights, must stay the same bits.
        var middle = List.of(new dev.tacita.core.learning.PerExampleGradients.Group("layer", 1, 2));
        float[] parameters = {42, 1, 1, Float.intBitsToFloat(7)};
        DpSgd sgd = DpSgd.of(
                new FixedGradients(middle, 4, new float[4]),
                new DpSgd.Terms(1, 1, 1, ONE),
                Optimizer.of(OptimizerSpec.Sgd.of(0.1), 4),
                new Spent());
        for (int step = 0; step < 10; step++) {
            sgd.step(parameters, 1);
        }

        assertThat(parameters[0]).isEqualTo(42);
        assertThat(Float.floatToRawIntBits(parameters[3])).isEqualTo(7);
        assertThat(parameters[1]).isNotEqualTo(1);
        assertThat(parameters[2]).isNotEqualTo(1);
    }

    @Test
    void aGradientThatIsNotFiniteAddsNothingAndIsCounted() throws Exception {
        var terms = new DpSgd.Terms(3, 3, 1e-6, ONE);
        float[] gradient = new float[1];
        var step = seeded(FixedGradients.of(0.5, Double.NaN, Double.POSITIVE_INFINITY), terms, new Spent(), 8, 1)
                .step(gradient, 1);

        assertThat(step).isEqualTo(new DpSgd.Step(3, 2));
        assertThat(step).hasToString("Step[secret]");
        assertThat((double) gradient[0]).isCloseTo(0.5 / 3, within(1e-5));
    }

    @Test
    void anAdaptiveNormFollowsTheNormsFromStepToStep() throws Exception {
        var terms = new DpSgd.Terms(2000, 400, 1, new Clipping.Quantile(0.1, 0.5, 0.2, 20, Clipping.Update.GEOMETRIC));
        float[][] gradients = new float[2000][1];
        for (int i = 0; i < 2000; i++) {
            gradients[i][0] = 10f * i / 2000;
        }
        Spent spent = new Spent();
        DpSgd sgd = seeded(FixedGradients.of(gradients), terms, spent, 9, 1);
        double mean = 0;
        for (int step = 0; step < 200; step++) {
            sgd.step(new float[1], 1);
            mean += step >= 100 ? sgd.sensitivity() / 100 : 0;
        }

        assertThat(mean).isCloseTo(5, within(0.5));
        assertThat(spent.event()).isEqualTo(Event.dpSgd(0.2, 1, 200));
    }

    @Test
    void anAdaptiveNormOfZeroReleasesZeroAndGrows() throws Exception {
        var terms = new DpSgd.Terms(10, 10, 1, new Clipping.Quantile(0, 1, 1, 1, Clipping.Update.ARITHMETIC));
        DpSgd sgd = seeded(FixedGradients.of(new float[10][2]), terms, new Spent(), 10, 2);
        float[] gradient = {1, 1};
        sgd.step(gradient, 1);

        assertThat(gradient).containsOnly(0f);
    }

    @Test
    void termsThatPromiseNothingAreRefused() {
        for (double noise : new double[] {0, -1, Double.NaN, 10_001, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new DpSgd.Terms(10, 5, noise, ONE))
                    .withMessage("noise-multiplier must be > 0 and <= 10000.0. Provided value: " + noise);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DpSgd.Terms(10, 11, 1, ONE))
                .withMessage("batch must be >= 1 and <= the 10 examples. Provided value: 11");
        assertThatIllegalArgumentException().isThrownBy(() -> new DpSgd.Terms(10, 0, 1, ONE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DpSgd.Terms(0, 0, 1, ONE))
                .withMessage("examples must be >= 1. Provided value: 0");
    }

    /** Whose optimizer puts the gradient where the parameters were. */
    static DpSgd seeded(FixedGradients gradients, DpSgd.Terms terms, Spending spending, long seed, int dimension) {
        return new DpSgd(
                gradients,
                terms,
                replacing(),
                spending,
                Seeded.sampler(terms.rate(), seed),
                Seeded.gaussian(DpSgd.sumMultiplier(terms), NoisyGradient.MARGIN, dimension, seed + 1000),
                Seeded.gaussian(DpSgd.countMultiplier(terms), QuantileNorm.COUNT_SENSITIVITY, 1, seed + 2000));
    }

    static Optimizer replacing() {
        return (parameters, gradient, factor) -> System.arraycopy(gradient, 0, parameters, 0, parameters.length);
    }

    /** The recipe of Google's tests, 4.41717 deviations, and Kolmogorov's test; each a false alarm in 10^5. */
    static void isNormal(String what, float[] values, double deviation) {
        double mean = 0;
        double square = 0;
        double[] sorted = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            sorted[i] = values[i] / deviation;
            mean += sorted[i] / values.length;
            square += sorted[i] * sorted[i] / values.length;
        }
        Arrays.sort(sorted);
        NormalDistribution normal = new NormalDistribution();
        double largest = 0;
        for (int i = 0; i < sorted.length; i++) {
            largest = Math.max(largest, Math.abs((i + 0.5) / sorted.length - normal.cumulativeProbability(sorted[i])));
        }
        assertThat(mean).as(what).isCloseTo(0, within(4.41717 / Math.sqrt(values.length)));
        assertThat(square).as(what).isCloseTo(1, within(4.41717 * Math.sqrt(2.0 / values.length) + 1e-4));
        assertThat(largest * Math.sqrt(values.length)).as(what).isLessThan(2.5);
    }
}

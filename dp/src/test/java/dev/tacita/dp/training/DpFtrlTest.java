package dev.tacita.dp.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.optimizer.Optimizer;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Spent;
import dev.tacita.dp.accounting.StrategySensitivity;
import dev.tacita.dp.mechanism.GaussianMechanism;
import dev.tacita.dp.training.DpFtrl.Correlation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** B12 of the acceptance scenarios, and the noise of whole trainings against matrices written down. */
class DpFtrlTest {
    private static final Clipping ONE = new Clipping.Flat(1);

    @Test
    void aRunningSumHasTheNoiseOfAsManyNodesAsItsStepHasBits() {
        TreeNoise tree = new TreeNoise(1, DpFtrlTest::addOne);
        List<Double> nodes = new ArrayList<>();
        double total = 0;
        double truth = 0;
        for (int step = 1; step <= 1027; step++) {
            double[] sum = {step};
            truth += step;
            tree.release(sum);
            total += sum[0];
            nodes.add(total - truth);
        }

        assertThat(nodes.subList(0, 8)).containsExactly(1., 1., 2., 1., 2., 2., 3., 1.);
        assertThat(nodes.get(1026)).isEqualTo(3);
    }

    @Test
    void aTreeThatIsStartedAgainCountsFromItsFirstStep() {
        TreeNoise tree = new TreeNoise(1, DpFtrlTest::addOne);
        double[] sums = new double[7];
        for (int step = 0; step < 7; step++) {
            if (step == 3) {
                tree.restart();
            }
            double[] sum = {10};
            tree.release(sum);
            sums[step] = sum[0] - 10;
        }

        // Nodes 1, 1, 2 of the first tree, 1, 1, 2, 1 of the second; each step has the difference from the one before.
        assertThat(sums).containsExactly(1, 0, 1, 1, 0, 1, -1);
    }

    @Test
    void theSensitivityOfATreeAddsUpOverItsNodes() {
        assertThat(sensitivityOfOneTree(1, 8)).isCloseTo(Math.sqrt(120), within(1e-12));
        assertThat(sensitivityOfOneTree(8, 1)).isEqualTo(2);
        assertThat(sensitivityOfOneTree(7, 1)).isCloseTo(Math.sqrt(3), within(1e-12));
        for (int stepsOfEpoch = 1; stepsOfEpoch <= 12; stepsOfEpoch++) {
            for (int epochs = 1; epochs <= 9; epochs++) {
                assertThat(sensitivityOfOneTree(stepsOfEpoch, epochs))
                        .as("%s steps, %s epochs", stepsOfEpoch, epochs)
                        .isCloseTo(Math.sqrt((double) slowly(stepsOfEpoch * epochs, stepsOfEpoch)), within(1e-12));
            }
        }
    }

    /** Over 600000 steps, which must not be compared with each of the 60000 places in an epoch. */
    @Test
    void theSensitivityOfATreeOverManySingleExamplesIsFoundSoon() {
        assertThat(sensitivityOfOneTree(60_000, 10)).isBetween(Math.sqrt(10 * 15), Math.sqrt(10 * 100));
    }

    private static double sensitivityOfOneTree(int examples, int epochs) {
        var terms = new DpFtrl.Terms(examples, 1, epochs, 1, ONE, new Correlation.OneTree());
        return ((Event.MatrixFactorization) terms.event()).sensitivity();
    }

    @Test
    void theRoundingOfEveryRowIsMadeUpFor() {
        for (double noise : new double[] {0.01, 1, 37, 1000}) {
            for (int trained : new int[] {1, 300, 100_000}) {
                for (int bands : new int[] {1, 20, 400}) {
                    var terms = new DpFtrl.Terms(200, 1, 2, noise, ONE, new Correlation.Banded(bands));
                    double margin = DpFtrl.margin(terms, trained);
                    double grid = GaussianMechanism.of(noise, margin, trained).grid();
                    double norm = ((Event.MatrixFactorization) terms.event()).sensitivity();
                    double rows = Math.min(400, 2.0 * bands);

                    assertThat(norm * NoisyGradient.MARGIN + grid * Math.sqrt(trained * rows))
                            .as("noise %s, %s parameters, %s bands", noise, trained, bands)
                            .isLessThanOrEqualTo(norm * (margin + grid * Math.sqrt(trained)));
                }
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DpFtrl.margin(
                        new DpFtrl.Terms(10_000, 1, 1, 10_000, ONE, new Correlation.Banded(10_000)), 1_000_000))
                .withMessageStartingWith("noise-multiplier must be <= 2684.35");
    }

    @Test
    void bandedNoiseIsThatOfTheInverseMatrix() {
        int steps = 9;
        for (int bands : new int[] {1, 2, 4, 9}) {
            double[] c = StrategySensitivity.squareRoot(bands);
            Random random = new Random(bands);
            double[] z = random.doubles(steps, -1, 1).toArray();
            double[] x = random.doubles(steps, -1, 1).toArray();
            int[] row = {0};
            ToeplitzNoise noise = new ToeplitzNoise(c, 1, sum -> sum[0] += z[row[0]++]);
            double[] expected = new double[steps];
            for (int t = 0; t < steps; t++) {
                double[] sum = {x[t]};
                noise.release(sum);
                expected[t] = z[t];
                for (int back = 1; back < bands && back <= t; back++) {
                    expected[t] -= c[back] * expected[t - back];
                }
                assertThat(sum[0]).as("%s bands, step %s", bands, t).isCloseTo(x[t] + expected[t], within(1e-12));
            }
        }
        assertThat(StrategySensitivity.squareRoot(8))
                .containsExactly(
                        new double[] {1, .5, .375, .3125, .2734375, .24609375, .2255859375, .20947265625},
                        within(1e-15));
    }

    @Test
    void eachExampleIsOnceInEachEpochAndTheEntriesSayWhatIsReleased() throws Exception {
        var ofEpoch = terms(new Correlation.TreeOfEpoch());
        Spent spent = new Spent();
        float[] parameters = {0};
        DpFtrl ftrl = new DpFtrl(
                FixedGradients.of(1, .5, .25, .125, .0625),
                ofEpoch,
                new int[] {4, 2, 0, 1, 3},
                Optimizer.of(OptimizerSpec.Sgd.of(1), 1),
                spent,
                sum -> {});
        float[] moves = new float[6];
        for (int step = 0; step < 6; step++) {
            assertThat(spent.count()).isEqualTo((step + 2) / 3);
            float before = parameters[0];
            assertThat(ftrl.hasNext()).isTrue();
            ftrl.step(parameters, 1);
            moves[step] = before - parameters[0];
        }

        assertThat(moves).containsExactly(new float[] {.15625f, .75f, .0625f, .15625f, .75f, .0625f}, within(1e-6f));
        assertThat(ftrl.hasNext()).isFalse();
        assertThatThrownBy(() -> ftrl.step(parameters, 1))
                .hasMessage("the training has 6 steps, and all of them were taken");
        assertThat(spent.event()).isEqualTo(ofEpoch.event());
        assertThat(ofEpoch.event()).isEqualTo(new Event.TreeAggregation(2, List.of(3L)).times(2));
    }

    @Test
    void oneTreeAndABandAreEnteredOnceWithTheirSensitivity() throws Exception {
        for (Correlation correlation : List.of(new Correlation.OneTree(), new Correlation.Banded(3))) {
            var terms = terms(correlation);
            Spent spent = new Spent();
            DpFtrl ftrl = DpFtrl.of(
                    FixedGradients.of(1, .5, .25, .125, .0625),
                    terms,
                    new int[] {0, 1, 2, 3, 4},
                    Optimizer.of(OptimizerSpec.Sgd.of(1), 1),
                    spent);
            while (ftrl.hasNext()) {
                ftrl.step(new float[1], 1);
                assertThat(spent.count()).isEqualTo(1);
            }
            // A record in steps s and s + 3 of 6: nodes [1..2], [1..4], [5..6], and so on; 1, 1/2, 3/8 twice.
            double sensitivity = correlation instanceof Correlation.OneTree
                    ? Math.sqrt((double) slowly(6, 3))
                    : Math.sqrt(2 * (1 + .25 + .140625));
            assertThat(((Event.MatrixFactorization) spent.event()).sensitivity())
                    .isCloseTo(sensitivity, within(1e-12));
            assertThat(spent.event()).isEqualTo(terms.event());
        }
    }

    @Test
    void aRunningSumOfManyStepsHasLessNoiseThanThatOfIndependentNoise() throws Exception {
        int steps = 64;
        int size = 20_000;
        for (Correlation correlation : List.of(new Correlation.OneTree(), new Correlation.Banded(steps))) {
            var terms = new DpFtrl.Terms(steps, 1, 1, 1, ONE, correlation);
            int[] order = IntStream.range(0, steps).toArray();
            float[] parameters = new float[size];
            DpFtrl ftrl = DpFtrl.of(
                    FixedGradients.of(new float[steps][size]),
                    terms,
                    order,
                    Optimizer.of(OptimizerSpec.Sgd.of(1), size),
                    new Spent());
            while (ftrl.hasNext()) {
                ftrl.step(parameters, 1);
            }
            double square = 0;
            for (float value : parameters) {
                square += (double) value * value / size;
            }
            double expected = correlation instanceof Correlation.OneTree
                    ? 1
                    : sumOfSquares(StrategySensitivity.squareRoot(steps));

            assertThat(square).isCloseTo(expected, within(4.41717 * expected * Math.sqrt(2.0 / size)));
        }
    }

    @Test
    void termsAndOrdersThatPromiseNothingAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DpFtrl.Terms(
                        5,
                        2,
                        1,
                        1,
                        new Clipping.Quantile(1, .5, .2, 3, Clipping.Update.GEOMETRIC),
                        new Correlation.OneTree()))
                .withMessageStartingWith("clipping must be by a norm that stays the same in all steps.");
        assertThatIllegalArgumentException().isThrownBy(() -> new Correlation.Banded(0));
        for (int[] order : new int[][] {{0, 1, 2, 3, 3}, {0, 1, 2, 3}, {0, 1, 2, 3, 5}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DpFtrl.of(
                            FixedGradients.of(1, 1, 1, 1, 1),
                            terms(new Correlation.OneTree()),
                            order,
                            DpSgdTest.replacing(),
                            new Spent()))
                    .withMessageStartingWith("the order must have");
        }
    }

    private static DpFtrl.Terms terms(Correlation correlation) {
        return new DpFtrl.Terms(5, 2, 2, 2, ONE, correlation);
    }

    private static void addOne(double[] node) {
        node[0] += 1;
    }

    private static double sumOfSquares(double[] coefficients) {
        return Arrays.stream(coefficients).map(c -> c * c).sum();
    }

    /** Lists all nodes that are complete, and counts by looking at every step. */
    private static long slowly(int steps, int separation) {
        long largest = 0;
        for (int first = 0; first < separation; first++) {
            long squares = 0;
            for (int length = 1; length <= steps; length *= 2) {
                for (int start = 0; start + length <= steps; start += length) {
                    long count = 0;
                    for (int step = start; step < start + length; step++) {
                        count += step >= first && (step - first) % separation == 0 ? 1 : 0;
                    }
                    squares += count * count;
                }
            }
            largest = Math.max(largest, squares);
        }
        return largest;
    }
}

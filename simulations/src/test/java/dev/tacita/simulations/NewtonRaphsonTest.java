package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.NewtonRaphson;
import dev.tacita.core.learning.NotEncodableException;
import dev.tacita.core.learning.RoundMean;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.learning.SiteAnswer;
import dev.tacita.core.learning.SiteRound;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.EngineTrainer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class NewtonRaphsonTest {
    private static final int WIDTH = 4;
    private static final ModelSpec MODEL = Models.logisticRegression(WIDTH, 1);
    private static final Loss LOSS = new Loss.BinaryCrossEntropyWithLogits();

    /** Of unlike sites: each with rows around a mean of its own. */
    private static List<ArrayExamples> sites(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        List<ArrayExamples> sites = new ArrayList<>();
        for (int site = 0; site < 4; site++) {
            int rows = 30 + 25 * site;
            double mean = random.nextGaussian();
            float[] inputs = new float[rows * WIDTH];
            float[] targets = new float[rows];
            for (int row = 0; row < rows; row++) {
                double logit = .3;
                for (int i = 0; i < WIDTH; i++) {
                    inputs[row * WIDTH + i] = (float) (mean + random.nextGaussian());
                    logit += (i - 1) * inputs[row * WIDTH + i];
                }
                targets[row] = random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
            }
            sites.add(new ArrayExamples(Shape.of(WIDTH), 1, inputs, targets));
        }
        return sites;
    }

    /** Iteratively reweighted least squares on all rows, the normal equations of each by elimination. */
    private static double[] reweighted(List<ArrayExamples> sites, double ridge) {
        double[] w = new double[WIDTH + 1];
        for (int iteration = 0; iteration < 50; iteration++) {
            double[][] system = new double[WIDTH + 1][WIDTH + 2];
            int total = 0;
            for (Examples rows : sites) {
                float[] x = new float[WIDTH + 1];
                float[] y = new float[1];
                x[WIDTH] = 1;
                for (int row = 0; row < rows.size(); row++) {
                    rows.copyInput(row, x, 0);
                    rows.copyTarget(row, y, 0);
                    double z = 0;
                    for (int i = 0; i <= WIDTH; i++) {
                        z += w[i] * x[i];
                    }
                    double p = 1 / (1 + Math.exp(-z));
                    double weight = p * (1 - p);
                    for (int i = 0; i <= WIDTH; i++) {
                        for (int j = 0; j <= WIDTH; j++) {
                            system[i][j] += weight * x[i] * x[j];
                        }
                        system[i][WIDTH + 1] += x[i] * (weight * z + y[0] - p);
                    }
                    total++;
                }
            }
            for (int i = 0; i < WIDTH; i++) {
                system[i][i] += ridge * total;
            }
            w = eliminated(system);
        }
        return w;
    }

    private static double[] eliminated(double[][] system) {
        int size = system.length;
        for (int i = 0; i < size; i++) {
            for (int row = 0; row < size; row++) {
                if (row != i) {
                    double factor = system[row][i] / system[i][i];
                    for (int j = i; j <= size; j++) {
                        system[row][j] -= factor * system[i][j];
                    }
                }
            }
        }
        double[] solution = new double[size];
        for (int i = 0; i < size; i++) {
            solution[i] = system[i][size] / system[i][i];
        }
        return solution;
    }

    @Test
    void itReachesTheOptimumOfAllRowsInOnePlace() throws Exception {
        for (double ridge : new double[] {0, .05}) {
            for (long seed = 1; seed <= 5; seed++) {
                List<ArrayExamples> sites = sites(seed);
                double[] expected = reweighted(sites, ridge);
                NewtonRaphson algorithm = new NewtonRaphson(1, ridge);
                ServerState state = ServerState.first(algorithm, new float[WIDTH + 1]);
                for (int round = 1; round <= 12; round++) {
                    state = algorithm.step(state, mean(algorithm, state, sites, round));
                }
                for (int i = 0; i <= WIDTH; i++) {
                    assertThat((double) state.parameters()[i] + state.memory()[i])
                            .as("ridge " + ridge + ", seed " + seed + ", parameter " + i)
                            .isCloseTo(expected[i], within(1e-8));
                    assertThat(state.parameters()[i])
                            .isCloseTo((float) expected[i], within(Math.ulp((float) expected[i])));
                }
            }
        }
    }

    /** As a run adds contributions: in fixed point. */
    private static RoundMean mean(NewtonRaphson algorithm, ServerState state, List<ArrayExamples> sites, int round)
            throws InterruptedException, NotEncodableException {
        long[] sums = new long[algorithm.contributionSize(WIDTH + 1)];
        long total = 0;
        for (Examples rows : sites) {
            LocalTask task =
                    new LocalTask(MODEL, LOSS, algorithm.work(round), state.parameters(), SeedStream.of(round));
            SiteAnswer answer = algorithm.answer(
                    new SiteRound(task, new float[0], algorithm.shared(state)), new EngineTrainer(), rows);
            var words = answer.contribution().withoutClipping().encode(FixedPoint.STANDARD);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += words.word(i);
            }
            total += answer.contribution().weight();
        }
        double[] mean = new double[sums.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = FixedPoint.STANDARD.mean(sums[i], total);
        }
        return RoundMean.ofAll(mean, round, sites.size());
    }

    private static Population population(long seed) {
        Map<SiteId, LocalDataset> named = new HashMap<>();
        List<ArrayExamples> sites = sites(seed);
        for (int i = 0; i < sites.size(); i++) {
            ArrayExamples rows = sites.get(i);
            named.put(new SiteId("s" + i), new LocalDataset() {
                @Override
                public Examples train() {
                    return rows;
                }

                @Override
                public Examples validation() {
                    return rows.select(new int[0]);
                }

                @Override
                public Examples test() {
                    return rows;
                }
            });
        }
        return Population.natural(named);
    }

    @Test
    void aSimulationReachesItWhateverTheWorkersAndMeasuresAsTheEngine() throws InterruptedException {
        RunPlan plan = Study.plan(MODEL, LOSS, new NewtonRaphson(1, 0), 8, 1, 2);
        double[] expected = reweighted(sites(3), 0);
        for (int workers : new int[] {1, 2, 8}) {
            try (Backend backend = new ThreadBackend(workers)) {
                SimulationResult result = backend.run(new Simulation(plan, population(3)), RoundListener.ALL_ROUNDS);
                for (int i = 0; i <= WIDTH; i++) {
                    assertThat(result.parameters()[i]).isEqualTo((float) expected[i]);
                }
                // What round 8 saw is what round 7 left, and was measured on the same rows.
                var seen = result.rounds().get(7).training();
                var measured = result.rounds().get(6).pooledTest();
                assertThat(seen.correct()).isEqualTo(measured.correct());
                assertThat(seen.loss()).isCloseTo(measured.loss(), within(1e-6));
            }
        }
    }

    @Test
    void whatIsNoLogisticRegressionAndRowsWithoutAnOptimumAreRefused() throws InterruptedException {
        assertThatThrownBy(() -> Study.plan(
                        Models.logisticRegression(WIDTH, 3),
                        new Loss.SoftmaxCrossEntropy(),
                        new NewtonRaphson(1, 0),
                        1,
                        1,
                        1))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("one dense layer of one unit")
                .hasMessageContaining("needs binary-cross-entropy-with-logits");
        assertThatThrownBy(() -> new NewtonRaphson(0, 0)).hasMessageContaining("damping must be > 0 and <= 1");
        var constant = new ArrayExamples(Shape.of(WIDTH), 1, new float[3 * WIDTH], new float[] {0, 1, 1});
        Population singular = Population.dealt(constant, constant, new Iid(), 2, 1);
        try (Backend backend = new ThreadBackend(1)) {
            RunPlan plan = Study.plan(MODEL, LOSS, new NewtonRaphson(1, 0), 3, 1, 1);
            assertThat(backend.run(new Simulation(plan, singular), RoundListener.ALL_ROUNDS)
                            .failure())
                    .hasValueSatisfying(why -> assertThat(why).contains("each new parameter must be finite"));
            RunPlan ridged = Study.plan(MODEL, LOSS, new NewtonRaphson(1, .1), 3, 1, 1);
            assertThat(backend.run(new Simulation(ridged, singular), RoundListener.ALL_ROUNDS)
                            .failure())
                    .isEmpty();
        }
    }
}

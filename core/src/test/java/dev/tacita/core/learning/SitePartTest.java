package dev.tacita.core.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What sites make of a round, and the rounds that come of it. */
class SitePartTest {
    /** One weight and one bias. */
    private static final ModelSpec TWO = Models.logisticRegression(1, 1);

    private static final Loss LOSS = new Loss.MeanSquaredError();

    @Test
    void scaffoldCorrectsTheStepAndMovesTheSitesControlVariate() throws InterruptedException {
        Scaffold scaffold = new Scaffold(new FedAvg(steps(.1, 1), 1));
        LocalTrainer trainer = new SlopeTrainer(w -> 0, w -> new float[] {-3, -3});
        SiteAnswer answer = scaffold.answer(
                new SiteRound(task(scaffold, 1, 1), new float[] {.5f, .5f}, new float[] {2, 2}), trainer, examples(4));
        float[] sent = answer.contribution().valuesInTheClear();
        assertThat(1 + sent[0]).isCloseTo(1.15f, within(1e-6f));
        assertThat(answer.memory()[0]).isCloseTo(-3, within(1e-6f));
        assertThat(sent[2]).isCloseTo(-3.5f, within(1e-6f));
        assertThat(answer.contribution().weight()).isEqualTo(1);
        Scaffold byExamples = new Scaffold(scaffold.base(), Weighting.EXAMPLES);
        SiteRound again = new SiteRound(task(byExamples, 1, 1), new float[2], new float[2]);
        assertThat(byExamples.answer(again, trainer, examples(4)).contribution().weight())
                .isEqualTo(4);
        ServerState after = scaffold.step(
                new ServerState(new float[] {1, 1}, new float[] {2, 2}),
                new RoundMean(new double[] {.15, .15, -3.5, -3.5}, 1, 1, 4));
        assertThat(after.parameters()).containsExactly(1.15f, 1.15f);
        assertThat(after.memory()).containsExactly(2 - 3.5f / 4, 2 - 3.5f / 4);
    }

    /** Two rows, two outputs, absolute errors summed over outputs and averaged over rows. */
    @Test
    void scaffoldOfAModelWhoseContributionHasNoSizeSaysSo() {
        Scaffold scaffold = new Scaffold(new FedAvg(steps(.1, 1), 1));
        assertThatThrownBy(() -> scaffold.contributionSize(1 << 30)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void scaffoldsUpdatesOfALinearModelUnderAbsoluteErrors() throws InterruptedException {
        double[][] inputs = {{1, 0}, {0, 2}};
        double[][] targets = {{4, 6}, {8, 12}};
        LocalTrainer trainer = new SlopeTrainer(w -> absoluteError(w, inputs, targets, new float[4]), w -> {
            float[] gradient = new float[4];
            absoluteError(w, inputs, targets, gradient);
            return gradient;
        });
        Scaffold scaffold = new Scaffold(new FedAvg(steps(.1, 1), 1));
        float[] weights = {2, 4, 3, 5};
        ModelSpec four = Models.logisticRegression(3, 1);
        double[][] expected = {{0, .05, .05, .1, .1, 3.75}, {.1, .04, .04, .09, .09, 3.78}};
        for (double[] row : expected) {
            float control = (float) row[0];
            LocalTask task = new LocalTask(four, LOSS, scaffold.work(1), weights, SeedStream.of(1));
            float[] shared = {control, control, control, control};
            SiteAnswer answer = scaffold.answer(new SiteRound(task, new float[4], shared), trainer, examples(2));
            float[] moved = weights.clone();
            for (int i = 0; i < 4; i++) {
                float update = answer.contribution().valuesInTheClear()[i];
                assertThat((double) update).isCloseTo(row[1 + i], within(1e-6));
                moved[i] += update;
            }
            assertThat(absoluteError(weights, inputs, targets, new float[4])).isCloseTo(4, within(1e-6));
            assertThat(absoluteError(moved, inputs, targets, new float[4])).isCloseTo(row[5], within(1e-6));
        }
    }

    private static double absoluteError(float[] w, double[][] inputs, double[][] targets, float[] gradient) {
        double loss = 0;
        for (int row = 0; row < inputs.length; row++) {
            for (int out = 0; out < 2; out++) {
                double value = inputs[row][0] * w[out] + inputs[row][1] * w[2 + out];
                double error = value - targets[row][out];
                loss += Math.abs(error) / inputs.length;
                gradient[out] += (float) (Math.signum(error) * inputs[row][0] / inputs.length);
                gradient[2 + out] += (float) (Math.signum(error) * inputs[row][1] / inputs.length);
            }
        }
        return loss;
    }

    @Test
    void qFedAvgWeighsByTheLossBeforeTraining() throws InterruptedException {
        double[] means = {0, 0, 0};
        double[][] sites = {{.8, .5}, {.4, 2}};
        for (int q : new int[] {1, 0}) {
            QFedAvg algorithm = new QFedAvg(steps(.1, 1), LearningRateSchedule.CONSTANT, q);
            Arrays.fill(means, 0);
            for (double[] site : sites) {
                LocalTrainer trainer =
                        new SlopeTrainer(w -> site[1], w -> new float[] {(float) ((1 - site[0]) / .1), 0});
                SiteAnswer answer = algorithm.answer(SiteRound.of(task(algorithm, 1, 1)), trainer, examples(7));
                assertThat(answer.contribution().weight()).isEqualTo(1);
                for (int i = 0; i < 3; i++) {
                    means[i] += answer.contribution().valuesInTheClear()[i] / 2;
                }
            }
            ServerState after = algorithm.step(ServerState.of(new float[] {1, 1}), RoundMean.ofAll(means, 1, 2));
            assertThat(after.parameters()[0]).isCloseTo(q == 1 ? .8f : .6f, within(1e-6f));
        }
    }

    @Test
    void controlVariatesOfRunningStatisticsStayZero() throws InterruptedException {
        ModelSpec model = ModelSpec.sequential(Shape.of(2), List.of(new Normalization.BatchNorm(.1, 1e-5)));
        Scaffold scaffold = new Scaffold(new FedAvg(steps(.1, 1), 1));
        int size = model.layout().size();
        LocalTask task = new LocalTask(model, LOSS, scaffold.work(1), new float[size], SeedStream.of(1));
        LocalTrainer trainer = new LocalTrainer() {
            @Override
            public LocalResult train(LocalTask each, Examples train) {
                float[] update = new float[size];
                Arrays.fill(update, 1);
                return new LocalResult(new ModelUpdate(update, 1), Evaluation.NONE);
            }

            @Override
            public Evaluation evaluate(LocalTask each, Examples examples) {
                return Evaluation.NONE;
            }
        };
        SiteAnswer answer =
                scaffold.answer(new SiteRound(task, new float[size], new float[size]), trainer, examples(1));
        for (ParameterLayout.Slot slot : model.layout().slots()) {
            for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
                assertThat(answer.memory()[i]).as(slot.name()).isEqualTo(slot.trained() ? -10 : 0);
                assertThat(answer.contribution().valuesInTheClear()[size + i])
                        .as(slot.name())
                        .isEqualTo(slot.trained() ? -10 : 0);
            }
        }
    }

    @Test
    void trainingFollowsLossDriftAndPull() throws InterruptedException {
        for (long seed = 1; seed <= 20; seed++) {
            var random = new SplittableRandom(seed);
            double rate = .05 * random.nextDouble();
            double mu = random.nextDouble();
            float[] drift = {(float) random.nextGaussian(), (float) random.nextGaussian()};
            float[] start = {(float) random.nextGaussian(), (float) random.nextGaussian()};
            double[] w = {start[0], start[1]};
            for (int step = 0; step < 9; step++) {
                for (int i = 0; i < 2; i++) {
                    w[i] -= rate * (2 * (w[i] - 1) + drift[i] + mu * (w[i] - start[i]));
                }
            }
            LocalTask task = new LocalTask(TWO, LOSS, steps(rate, 9).withProximal(mu), start, SeedStream.of(1), drift);
            float[] update =
                    SlopeTrainer.bowl(2, 1, 1).train(task, examples(3)).update().valuesInTheClear();
            for (int i = 0; i < 2; i++) {
                assertThat((double) update[i]).as("seed " + seed).isCloseTo(w[i] - start[i], within(1e-5));
            }
        }
    }

    @Test
    void effectiveStepsAreWhereAConstantSlopeLeads() {
        for (long seed = 1; seed <= 50; seed++) {
            var random = new SplittableRandom(seed);
            boolean nesterov = random.nextBoolean();
            double momentum = nesterov || random.nextBoolean() ? .9 * random.nextDouble() + .01 : 0;
            var sgd = new OptimizerSpec.Sgd(.05, momentum, nesterov, 0);
            var work = new LocalWork.Train(
                    sgd,
                    new LocalWork.Extent.Epochs(1 + random.nextInt(3)),
                    OptionalInt.of(1 + random.nextInt(5)),
                    random.nextBoolean() ? LearningRateSchedule.CONSTANT : new LearningRateSchedule.Exponential(.9),
                    random.nextBoolean() ? 0 : random.nextDouble());
            int examples = 1 + random.nextInt(20);
            LocalTask task = new LocalTask(TWO, LOSS, work, new float[2], SeedStream.of(1));
            float[] update = new SlopeTrainer(w -> 0, w -> new float[] {-1, -1})
                    .train(task, examples(examples))
                    .update()
                    .valuesInTheClear();
            assertThat(EffectiveSteps.of(work, examples)).as("seed " + seed).isCloseTo(update[0] / .05, within(1e-3));
        }
        assertThat(EffectiveSteps.of(steps(.3, 17), 5)).isEqualTo(17);
    }

    /** Sites of unlike curvature and unlike extent: the optimum of the sum of losses is known. */
    @Test
    void algorithmsThatCorrectDriftReachTheOptimumThatFedAvgMisses() throws InterruptedException {
        FedAvg fedAvg = new FedAvg(steps(.1, 10), 1);
        double missed = distanceToOptimum(fedAvg, 300);
        assertThat(missed).isGreaterThan(.05);
        assertThat(distanceToOptimum(new Scaffold(fedAvg), 300)).isLessThan(1e-3);
        assertThat(distanceToOptimum(new FedDyn(steps(.1, 10), LearningRateSchedule.CONSTANT, .5), 300))
                .isLessThan(1e-3);
        assertThat(distanceToOptimum(new FedProx(fedAvg, 2), 300)).isLessThan(missed);
        assertThat(distanceToOptimum(new FedAvgM(new FedAvg(steps(.1, 1), 1), .5), 300))
                .isLessThan(1e-3);
    }

    @Test
    void fedNovaIsNotPulledToTheSiteThatTakesMoreSteps() throws InterruptedException {
        var training =
                new LocalWork.Train(OptimizerSpec.Sgd.of(.002), new LocalWork.Extent.Epochs(1), OptionalInt.of(1));
        List<Integer> sizes = List.of(4, 40);
        double[] means = {0, 0, 0};
        double[] plain = {0, 0};
        FedNova nova = new FedNova(new FedAvg(training, 1));
        for (int site = 0; site < 2; site++) {
            LocalTask task = task(nova, 0, 0);
            SlopeTrainer trainer = SlopeTrainer.bowl(1, site == 0 ? 1 : -1, 0);
            SiteAnswer answer = nova.answer(SiteRound.of(task), trainer, examples(sizes.get(site)));
            float[] update =
                    trainer.train(task, examples(sizes.get(site))).update().valuesInTheClear();
            for (int i = 0; i < 3; i++) {
                means[i] += answer.contribution().valuesInTheClear()[i] / 2;
            }
            plain[0] += update[0] / 2;
        }
        float[] next = nova.step(ServerState.of(new float[2]), RoundMean.ofAll(means, 1, 2))
                .parameters();
        assertThat(means[2] * 4096).isCloseTo(22, within(1e-4));
        assertThat(plain[0]).isLessThan(-.03);
        assertThat(Math.abs(next[0])).isLessThan(.002f);
    }

    @Test
    void whatAnAlgorithmCannotUseIsNamed() {
        LocalWork.Train adam =
                new LocalWork.Train(OptimizerSpec.Adam.of(.1), new LocalWork.Extent.Epochs(1), OptionalInt.empty());
        assertThatThrownBy(() -> new Scaffold(new FedAvg(adam, 1))).hasMessageContaining("sgd without weight decay");
        assertThatThrownBy(() -> new FedNova(new FedAvg(adam, 1))).hasMessageContaining("sgd without weight decay");
        assertThatThrownBy(() -> new FedProx(new FedAvg(adam, 1), 0)).hasMessageContaining("mu must be > 0");
        assertThatThrownBy(() -> new FedProx(new FedAvg(adam.withProximal(1), 1), 1))
                .hasMessageContaining("proximal must be 0");
        assertThatThrownBy(() -> new FedDyn(adam, LearningRateSchedule.CONSTANT, 0))
                .hasMessageContaining("alpha must be > 0");
        assertThatThrownBy(() -> new QFedAvg(adam, LearningRateSchedule.CONSTANT, -1))
                .hasMessageContaining("q must be >= 0");
    }

    /** Three sites, half the sum of curvature times squared distance: the optimum is the weighted mean of centres. */
    private static double distanceToOptimum(FederatedAlgorithm algorithm, int rounds) throws InterruptedException {
        double[] curvatures = {.2, 1, 3};
        double[][] centres = {{4, 0}, {0, 1}, {-1, -2}};
        double[] optimum = {(.2 * 4 - 3) / 4.2, (1 - 6) / 4.2};
        ServerState state = ServerState.first(algorithm, new float[2]);
        List<float[]> memories = new ArrayList<>();
        for (int site = 0; site < 3; site++) {
            memories.add(new float[algorithm.siteMemorySize(2)]);
        }
        for (int round = 1; round <= rounds; round++) {
            double[] mean = new double[algorithm.contributionSize(2)];
            for (int site = 0; site < 3; site++) {
                LocalTask task =
                        new LocalTask(TWO, LOSS, algorithm.work(round), state.parameters(), SeedStream.of(round));
                SiteAnswer answer = algorithm.answer(
                        new SiteRound(task, memories.get(site), algorithm.shared(state)),
                        SlopeTrainer.bowl(curvatures[site], centres[site]),
                        examples(5));
                memories.set(site, answer.memory());
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += answer.contribution().valuesInTheClear()[i] / 3d;
                }
            }
            state = algorithm.step(state, RoundMean.ofAll(mean, round, 3));
        }
        return Math.hypot(state.parameters()[0] - optimum[0], state.parameters()[1] - optimum[1]);
    }

    private static LocalWork.Train steps(double rate, int steps) {
        return new LocalWork.Train(OptimizerSpec.Sgd.of(rate), new LocalWork.Extent.Steps(steps), OptionalInt.empty());
    }

    private static LocalTask task(FederatedAlgorithm algorithm, float... parameters) {
        return new LocalTask(TWO, LOSS, algorithm.work(1), parameters, SeedStream.of(1));
    }

    private static Examples examples(int count) {
        return new ArrayExamples(Shape.of(1), 1, new float[count], new float[count]);
    }
}

package dev.tacita.core.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.Problem;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Models that sites keep for themselves. */
class PersonalTest {
    private static final Loss LOSS = new Loss.MeanSquaredError();
    private static final ModelSpec TWO = Models.logisticRegression(1, 1);

    /** Dense, batch normalisation, dense. */
    private static final ModelSpec NORMALIZED = ModelSpec.sequential(
            Shape.of(3), List.of(Layer.Dense.of(4), new Normalization.BatchNorm(.1, 1e-5), Layer.Dense.of(2)));

    private static LocalWork.Train steps(double rate, int steps) {
        return new LocalWork.Train(OptimizerSpec.Sgd.of(rate), new LocalWork.Extent.Steps(steps), OptionalInt.empty());
    }

    private static FedAvg fedAvg() {
        return new FedAvg(steps(.1, 3), 1);
    }

    private static Examples examples(int count) {
        return new ArrayExamples(Shape.of(1), 1, new float[count], new float[count]);
    }

    @Test
    void personalLayersStayAtTheSite() throws InterruptedException {
        ParameterLayout layout = NORMALIZED.layout();
        for (FederatedAlgorithm algorithm :
                List.of(new FedBn(fedAvg()), new FedPer(fedAvg(), List.of("layer-3", "layer-2")))) {
            List<String> personal = algorithm instanceof FedBn ? List.of("layer-2") : List.of("layer-2", "layer-3");
            long seed = 5;
            var random = new SplittableRandom(seed);
            float[] memory = new float[algorithm.siteMemorySize(layout.size())];
            float[] own = new float[0];
            for (int round = 1; round <= 3; round++) {
                float[] received = values(random, layout.size());
                float[] seen = algorithm.parametersAtSite(NORMALIZED, received, memory);
                if (round == 1) {
                    assertThat(seen).containsExactly(received);
                }
                float[] update = values(random, layout.size());
                LocalTask task = new LocalTask(NORMALIZED, LOSS, algorithm.work(round), received, SeedStream.of(1));
                float[] start = new float[layout.size()];
                SiteAnswer answer = algorithm.answer(
                        new SiteRound(task, memory, new float[0]), recording(start, update), examples(7));
                float[] sent = answer.contribution().valuesInTheClear();
                assertThat(answer.contribution().weight()).isEqualTo(7);
                assertThat(start).as("trained from what the site has").containsExactly(seen);
                memory = answer.memory();
                float[] after = algorithm.parametersAtSite(NORMALIZED, new float[layout.size()], memory);
                for (ParameterLayout.Slot slot : layout.slots()) {
                    for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
                        String where = algorithm.name() + " " + slot.name() + ", round " + round;
                        if (personal.contains(slot.node())) {
                            assertThat(Float.floatToRawIntBits(sent[i]))
                                    .as(where)
                                    .isZero();
                            assertThat(after[i]).as(where).isEqualTo(start[i] + update[i]);
                            assertThat(round == 1 || start[i] == own[i])
                                    .as(where)
                                    .isTrue();
                        } else {
                            assertThat(sent[i]).as(where).isEqualTo(update[i]);
                            assertThat(start[i]).as(where).isEqualTo(received[i]);
                            assertThat(after[i]).as(where).isZero();
                        }
                    }
                }
                own = after;
            }
        }
    }

    private static float[] values(SplittableRandom random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextInt(1, 1000) / 256f;
        }
        return values;
    }

    /** Notes where training starts and moves by what is given. */
    private static LocalTrainer recording(float[] start, float[] update) {
        return new LocalTrainer() {
            @Override
            public LocalResult train(LocalTask task, Examples train) {
                System.arraycopy(task.parameters(), 0, start, 0, start.length);
                return new LocalResult(new ModelUpdate(update.clone(), train.size()), Evaluation.NONE);
            }

            @Override
            public Evaluation evaluate(LocalTask task, Examples examples) {
                return Evaluation.NONE;
            }
        };
    }

    @Test
    void whatCannotBePersonalIsNamed() {
        assertThat(new FedBn(fedAvg()).problemsWith(NORMALIZED)).isEmpty();
        assertThat(new FedBn(fedAvg()).problemsWith(TWO))
                .extracting(Problem::why)
                .containsExactly("fedbn keeps batch normalisation at the sites, and the model has none.");
        assertThat(new FedPer(fedAvg(), List.of("layer-1")).problemsWith(NORMALIZED))
                .isEmpty();
        assertThat(new FedPer(fedAvg(), List.of("layer-4", "layer-1")).problemsWith(NORMALIZED))
                .extracting(Problem::why)
                .containsExactly("must be layers that have parameters: layer-1, layer-2, layer-3. Provided value:"
                        + " 'layer-4'.");
        assertThat(new FedPer(fedAvg(), List.of("layer-1", "layer-2", "layer-3")).problemsWith(NORMALIZED))
                .extracting(Problem::why)
                .containsExactly("must leave a layer that sites learn together. Provided value: all layers.");
        assertThatThrownBy(() -> new FedPer(fedAvg(), List.of())).hasMessageContaining("at least one layer");
        assertThatThrownBy(() -> new FedPer(fedAvg(), List.of("a", "a"))).hasMessageContaining("each once");
        assertThatThrownBy(() -> new Ditto(fedAvg(), -1)).hasMessageContaining("lambda must be >= 0");
        assertThatThrownBy(() -> new AdaFedProx(fedAvg(), -1)).hasMessageContaining("mu must be >= 0");
    }

    /** Gradient descent on the loss and the pull, written out. */
    @Test
    void dittosOwnModelIsPulledToTheCommonOne() throws InterruptedException {
        for (long seed = 1; seed <= 20; seed++) {
            var random = new SplittableRandom(seed);
            double lambda = seed == 1 ? 0 : 2 * random.nextDouble();
            double rate = .1 * random.nextDouble();
            double[] centre = {random.nextGaussian(), random.nextGaussian()};
            double curvature = 1 + random.nextDouble();
            Ditto ditto = new Ditto(new FedAvg(steps(rate, 4), 1), lambda);
            float[] memory = new float[ditto.siteMemorySize(2)];
            double[] own = new double[2];
            for (int round = 1; round <= 3; round++) {
                float[] received = {(float) random.nextGaussian(), (float) random.nextGaussian()};
                if (round == 1) {
                    own = new double[] {received[0], received[1]};
                }
                for (int step = 0; step < 4; step++) {
                    for (int i = 0; i < 2; i++) {
                        own[i] -= rate * (curvature * (own[i] - centre[i]) + lambda * (own[i] - received[i]));
                    }
                }
                LocalTask task = new LocalTask(TWO, LOSS, ditto.work(round), received, SeedStream.of(seed));
                SlopeTrainer trainer = SlopeTrainer.bowl(curvature, centre);
                SiteAnswer answer = ditto.answer(new SiteRound(task, memory, new float[0]), trainer, examples(5));
                assertThat(answer.contribution().valuesInTheClear())
                        .as("the common model is federated averaging's")
                        .containsExactly(
                                trainer.train(task, examples(5)).update().valuesInTheClear());
                memory = answer.memory();
                float[] kept = ditto.parametersAtSite(TWO, received, memory);
                for (int i = 0; i < 2; i++) {
                    assertThat((double) kept[i])
                            .as("seed " + seed + ", round " + round)
                            .isCloseTo(own[i], within(1e-5));
                }
            }
        }
    }

    @Test
    void adaFedProxFollowsTheLoss() throws InterruptedException {
        AdaFedProx algorithm = new AdaFedProx(fedAvg(), .1);
        double[] losses = {5, 6, 5, 4, 3, 2, 1, .9, .8, .7, .6, .5, .4, .3, .2, .1, .09, .08, .07, .08, .08, .1};
        double[] mus = {.1, .2, .2, .2, .2, .2, .1, .1, .1, .1, .1, 0, 0, 0, 0, 0, 0, 0, 0, .1, .1, .2};
        ServerState state = ServerState.first(algorithm, new float[] {1, 1});
        assertThat(algorithm.shared(state)[0]).isEqualTo(.1f);
        for (int round = 1; round <= losses.length; round++) {
            state = algorithm.step(state, RoundMean.ofAll(new double[] {.5, 0, losses[round - 1]}, round, 2));
            assertThat(algorithm.shared(state)[0])
                    .as("after round " + round)
                    .isCloseTo((float) mus[round - 1], within(1e-6f));
        }
        assertThat(state.parameters()).containsExactly(1 + losses.length * .5f, 1);
    }

    @Test
    void adaFedProxTrainsAsFedProxOfItsMuAndSendsTheLossItMet() throws InterruptedException {
        AdaFedProx algorithm = new AdaFedProx(fedAvg(), .5);
        SlopeTrainer trainer = SlopeTrainer.bowl(2, 1, -1);
        float[] received = {3, 0};
        LocalTask task = new LocalTask(TWO, LOSS, algorithm.work(1), received, SeedStream.of(1));
        SiteAnswer answer =
                algorithm.answer(new SiteRound(task, new float[0], new float[] {.5f}), trainer, examples(6));
        FedProx fixed = new FedProx(fedAvg(), .5);
        LocalTask same = new LocalTask(TWO, LOSS, fixed.work(1), received, SeedStream.of(1));
        float[] sent = answer.contribution().valuesInTheClear();
        assertThat(Arrays.copyOf(sent, 2))
                .containsExactly(trainer.train(same, examples(6)).update().valuesInTheClear());
        assertThat(sent[2]).isEqualTo(5);
        assertThat(answer.contribution().weight()).isEqualTo(6);
    }
}

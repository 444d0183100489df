package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.PerExampleGradients;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Spent;
import dev.tacita.dp.training.DpTrainer;
import dev.tacita.engine.EnginePerExampleGradients;
import dev.tacita.engine.EngineTrainer;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Private training on the real engine. */
class PrivateEngineTest {
    private static final Loss LOSS = new Loss.SoftmaxCrossEntropy();
    private static final ModelSpec MODEL = Models.twoHiddenLayers(Shape.of(5), 7, 3);
    private static final int ROWS = 24;

    @Test
    void withHardlyAnyNoiseItTakesTheStepsThatEachExamplesGradientGives() throws Exception {
        Examples examples = examples();
        LocalWork.Train work =
                new LocalWork.Train(OptimizerSpec.Sgd.of(0.3), new LocalWork.Extent.Steps(3), OptionalInt.empty());
        LocalTask task = task(MODEL, work);
        float[] expected = task.parameters().clone();
        PerExampleGradients.OfTask gradients = new EnginePerExampleGradients().of(task, examples, ROWS);
        for (int step = 0; step < 3; step++) {
            descend(gradients, expected);
        }
        Spent spent = new Spent();
        float[] update = trainer(1e-6, spent).train(task, examples).update().valuesInTheClear();

        for (int i = 0; i < update.length; i++) {
            assertThat(update[i]).as("parameter %s", i).isCloseTo(expected[i] - task.parameters()[i], within(2e-5f));
        }
        assertThat(spent.event()).isEqualTo(Event.dpSgd(1, 1e-6, 3));
    }

    @Test
    void poissonBatchesOfARealModelLearnInSpiteOfTheNoise() throws Exception {
        Examples examples = examples();
        LocalWork.Train work =
                new LocalWork.Train(OptimizerSpec.Adam.of(0.02), new LocalWork.Extent.Epochs(40), OptionalInt.of(8));
        LocalTask task = task(MODEL, work);
        Spent spent = new Spent();
        float[] parameters = trainer(0.2, spent).train(task, examples).update().valuesInTheClear();
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += task.parameters()[i];
        }
        EngineTrainer engine = new EngineTrainer();
        double before = engine.evaluate(task, examples).loss();
        double after = engine.evaluate(new LocalTask(MODEL, LOSS, work, parameters, task.seeds()), examples)
                .loss();

        assertThat(after).isLessThan(0.7 * before);
        assertThat(spent.event()).isEqualTo(Event.dpSgd(8 / 24., 0.2, 120));
    }

    @Test
    void aModelWithBatchNormIsRefusedAndOneWithGroupNormIsNot() {
        DpTrainer trainer = trainer(1, new Spent());
        assertThat(trainer.problemsWith(normalized(Normalization.BatchNorm.standard()), LOSS)
                        .toString())
                .contains("Use group-norm in its place.");
        assertThat(trainer.problemsWith(normalized(new Normalization.GroupNorm(2, 1e-5)), LOSS))
                .isEmpty();
    }

    private static DpTrainer trainer(double noiseMultiplier, Spent spent) {
        return new DpTrainer(
                new EnginePerExampleGradients(), new EngineTrainer(), new Clipping.Flat(0.5), noiseMultiplier, spent);
    }

    private static void descend(PerExampleGradients.OfTask gradients, float[] parameters) throws InterruptedException {
        float[][] each = new float[ROWS][parameters.length];
        gradients.each(parameters, IntStream.range(0, ROWS).toArray(), ROWS, each);
        double[] sum = new double[parameters.length];
        for (float[] gradient : each) {
            double square = 0;
            for (float value : gradient) {
                square += (double) value * value;
            }
            double coefficient = Math.min(1, 0.5 / Math.sqrt(square));
            for (int i = 0; i < sum.length; i++) {
                sum[i] += coefficient * gradient[i];
            }
        }
        for (int i = 0; i < sum.length; i++) {
            parameters[i] -= (float) (0.3 * sum[i] / ROWS);
        }
    }

    private static ModelSpec normalized(Layer layer) {
        return ModelSpec.sequential(Shape.of(4, 3, 3), List.of(layer, new Layer.Flatten(), Layer.Dense.of(3)));
    }

    private static LocalTask task(ModelSpec model, LocalWork work) {
        SeedStream seeds = SeedStream.of(3);
        return new LocalTask(model, LOSS, work, model.layout().initialValues(seeds), seeds);
    }

    /** Three clusters. */
    private static Examples examples() {
        Random random = new Random(4);
        float[] inputs = new float[5 * ROWS];
        float[] targets = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            targets[row] = row % 3;
            for (int i = 0; i < 5; i++) {
                inputs[5 * row + i] = (float) (random.nextGaussian() * 0.3 + (i == row % 3 ? 2 : 0));
            }
        }
        return new ArrayExamples(Shape.of(5), 1, inputs, targets);
    }
}

package dev.tacita.dp.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LearningRateSchedule;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Spent;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** B10 of the acceptance scenarios, and what a site does in a round. */
class DpTrainerTest {
    private static final Loss LOSS = new Loss.MeanSquaredError();
    private static final ModelSpec MODEL = Models.logisticRegression(3, 1);
    private static final Clipping ONE = new Clipping.Flat(1);
    private static final double LITTLE = 1e-5;

    @Test
    void withHardlyAnyNoiseAFullBatchTrainsAsClippedDescentDoes() throws Exception {
        Examples examples = examples(20);
        double[] expected = new double[4];
        for (int step = 0; step < 5; step++) {
            double[] mean = clippedMean(expected, examples);
            for (int i = 0; i < 4; i++) {
                expected[i] -= 0.5 * Math.pow(0.9, step) * mean[i];
            }
        }
        var work = new LocalWork.Train(
                OptimizerSpec.Sgd.of(0.5),
                new LocalWork.Extent.Steps(5),
                OptionalInt.empty(),
                new LearningRateSchedule.Exponential(0.9));
        Spent spent = new Spent();
        LocalResult result = trainer(LITTLE, spent).train(task(work), examples);

        for (int i = 0; i < 4; i++) {
            assertThat((double) result.update().valuesInTheClear()[i]).isCloseTo(expected[i], within(1e-4));
        }
        assertThat(result.update().weight()).isEqualTo(20);
        assertThat(spent.event()).isEqualTo(Event.dpSgd(1, LITTLE, 5));
    }

    @Test
    void gradientWorkGivesOneNoisyGradientOverAllExamples() throws Exception {
        Examples examples = examples(20);
        Spent spent = new Spent();
        float[] gradient = trainer(LITTLE, spent)
                .train(task(new LocalWork.Gradient()), examples)
                .update()
                .valuesInTheClear();

        double[] expected = clippedMean(new double[4], examples);
        for (int i = 0; i < 4; i++) {
            assertThat((double) gradient[i]).isCloseTo(expected[i], within(1e-4));
        }
        assertThat(spent.event()).isEqualTo(new Event.PoissonSampled(1, new Event.Gaussian(LITTLE)));
    }

    @Test
    void metricsOfPrivateTrainingAreNotGivenAwayAndEvaluationIsTheEvaluators() throws Exception {
        DpTrainer trainer = trainer(1, new Spent());
        assertThat(trainer.train(task(epochs(1, 4)), examples(20)).training()).isEqualTo(Evaluation.NONE);
        assertThat(trainer.train(task(new LocalWork.Gradient()), examples(20)).training())
                .isEqualTo(Evaluation.NONE);
        assertThat(trainer.evaluate(task(new LocalWork.Evaluate()), examples(20)))
                .isEqualTo(new LeastSquares().evaluate(task(new LocalWork.Evaluate()), examples(20)));
    }

    @Test
    void theBatchOfTheWorkIsTheExpectedOneAndEpochsAreExpectedPasses() throws Exception {
        for (int[] each : new int[][] {{20, 8, 3, 7}, {20, 64, 3, 3}, {20, 20, 2, 2}, {3, 2, 1, 1}, {7, 1, 1, 7}}) {
            LocalWork work = epochs(each[2], each[1]);
            Spent spent = new Spent();
            trainer(2, spent).train(task(work), examples(each[0]));

            double rate = Math.min(1, (double) each[1] / each[0]);
            assertThat(spent.event()).isEqualTo(each[3] == 1 ? step(rate) : Event.dpSgd(rate, 2, each[3]));
            assertThat(DpTrainer.planned(work, each[0], 2)).isEqualTo(Event.dpSgd(rate, 2, each[3]));
        }
        assertThat(DpTrainer.planned(epochs(60, 256), 60_000, 1.1)).isEqualTo(Event.dpSgd(256 / 60_000., 1.1, 14_062));
        assertThat(DpTrainer.planned(new LocalWork.Evaluate(), 20, 2)).isEqualTo(new Event.Nothing());
    }

    @Test
    void workThatIsRefusedOrInterruptedHalfwayHasEnteredWhatItUsed() {
        Spent spent = new Spent();
        DpTrainer trainer = new DpTrainer(new LeastSquares(), new LeastSquares(), ONE, 1, event -> {
            if (spent.count() == 3) {
                throw new IllegalStateException("the budget is spent");
            }
            spent.spend(event);
        });

        assertThatThrownBy(() -> trainer.train(task(epochs(5, 4)), examples(20)))
                .hasMessage("the budget is spent");
        assertThat(spent.count()).isEqualTo(3);
    }

    @Test
    void aModelThatMixesExamplesIsRefusedWithWhatToUseInstead() {
        ModelSpec model = ModelSpec.sequential(
                Shape.of(2, 4, 4), List.of(Normalization.BatchNorm.standard(), new Layer.Flatten(), Layer.Dense.of(1)));
        List<Problem> problems = trainer(1, new Spent()).problemsWith(model, new Loss.CoxPartialLikelihood());

        assertThat(problems.toString())
                .contains("batch-norm mixes those of a batch. Use group-norm")
                .contains("need a loss that is a sum over examples");
        assertThat(problems).hasSize(2);
        assertThatThrownBy(() -> trainer(1, new Spent())
                        .train(new LocalTask(model, LOSS, epochs(1, 1), new float[1], SeedStream.of(1)), examples(2)))
                .isInstanceOf(ProblemsException.class);
    }

    @Test
    void everyProblemOfTheTermsIsNamedWithItsRemedy() {
        var layers = new Clipping.PerLayer(1, new TreeMap<>(Map.of("no-such", 1.0)));
        assertThat(PrivacyProblems.ofExamples(MODEL, LOSS, Double.NaN, layers).toString())
                .contains("noise-multiplier must be > 0 and <= 10000.0. Provided value: NaN. Calibrate it")
                .contains("clipping norm of node 'no-such': a norm must be for a node whose parameters are trained."
                        + " Those of the model are: layer-1.");
        var count = new Clipping.Quantile(1, 0.5, 0.2, 1, Clipping.Update.GEOMETRIC);
        assertThatThrownBy(() -> new DpTrainer(new LeastSquares(), new LeastSquares(), count, 2, new Spent()))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("it must be above half the noise multiplier of 2.0")
                .hasMessageContaining("A twentieth of the expected batch is usual.");
    }

    private static Event step(double rate) {
        return new Event.PoissonSampled(rate, new Event.Gaussian(2));
    }

    private static LocalWork.Train epochs(int epochs, int batch) {
        return new LocalWork.Train(
                OptimizerSpec.Adam.of(0.1), new LocalWork.Extent.Epochs(epochs), OptionalInt.of(batch));
    }

    private static DpTrainer trainer(double noiseMultiplier, Spent spent) {
        return new DpTrainer(new LeastSquares(), new LeastSquares(), ONE, noiseMultiplier, spent);
    }

    private static LocalTask task(LocalWork work) {
        return new LocalTask(MODEL, LOSS, work, new float[4], SeedStream.of(1));
    }

    private static Examples examples(int count) {
        Random random = new Random(2);
        float[] inputs = new float[3 * count];
        float[] targets = new float[count];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < count; i++) {
            targets[i] = (float) random.nextGaussian();
        }
        return new ArrayExamples(Shape.of(3), 1, inputs, targets);
    }

    private static double[] clippedMean(double[] parameters, Examples examples) {
        float[] at = new float[parameters.length];
        for (int i = 0; i < at.length; i++) {
            at[i] = (float) parameters[i];
        }
        double[] mean = new double[at.length];
        for (int row = 0; row < examples.size(); row++) {
            float[] gradient = LeastSquares.gradient(at, examples, row);
            double square = 0;
            for (float value : gradient) {
                square += (double) value * value;
            }
            for (int i = 0; i < mean.length; i++) {
                mean[i] += gradient[i] * Math.min(1, 1 / Math.sqrt(square)) / examples.size();
            }
        }
        return mean;
    }
}

package dev.tacita.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CoxTrainingTest {
    private static final int ROWS = 700;
    private static final Loss COX = new Loss.CoxPartialLikelihood();
    private static final float[] TRUTH = {1.2f, -0.8f, 0};

    @Test
    void riskSetsSpanAllRowsHoweverMany() throws Exception {
        ModelSpec model = Models.coxProportionalHazards(3);
        Examples examples = survivors(1);
        float[] parameters = {0.3f, 0.1f, -0.2f};
        LocalResult result =
                new EngineTrainer().train(Cases.task(model, COX, new LocalWork.Gradient(), parameters), examples);
        NaiveModel oracle = new NaiveModel(model, COX);
        double[] outputs = new double[ROWS];
        float[] targets = new float[2 * ROWS];
        for (int row = 0; row < ROWS; row++) {
            float[] x = new float[3];
            examples.copyInput(row, x, 0);
            examples.copyTarget(row, targets, 2 * row);
            outputs[row] = oracle.output(Cases.widen(parameters), Cases.widen(x))[0];
        }
        assertThat(result.training().loss()).isCloseTo(NaiveLoss.mean(COX, outputs, targets, ROWS), within(1e-5));
        assertThat(new EngineTrainer()
                        .evaluate(Cases.task(model, COX, new LocalWork.Evaluate(), parameters), examples)
                        .loss())
                .isCloseTo(NaiveLoss.mean(COX, outputs, targets, ROWS), within(1e-5));
    }

    @Test
    void trainingFindsTheHazardRatios() throws Exception {
        ModelSpec model = Models.coxProportionalHazards(3);
        LocalTask task = new LocalTask(
                model,
                COX,
                Cases.fullBatch(OptimizerSpec.Adam.of(0.05), 200),
                model.layout().initialValues(SeedStream.of(1)),
                SeedStream.of(2));
        float[] update = new EngineTrainer().train(task, survivors(3)).update().valuesInTheClear();
        for (int i = 0; i < TRUTH.length; i++) {
            assertThat(update[i]).isCloseTo(TRUTH[i], within(0.15f));
        }
    }

    @Test
    void aBatchThatMustStayWholeAndDoesNotFitIsRefused() {
        ModelSpec model = ModelSpec.sequential(Shape.of(1_000_000), List.of(Layer.Dense.of(1)));
        Examples examples =
                new ArrayExamples(Shape.of(1_000_000), 2, new float[1_000_000], new float[2]).select(new int[100]);
        LocalTask task = Cases.task(
                model, COX, new LocalWork.Gradient(), new float[model.layout().size()]);
        assertThatThrownBy(() -> new EngineTrainer().train(task, examples))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("one pass")
                .hasMessageContaining("100");
    }

    /** Exponential survival times with hazards exp(TRUTH x), some seen last before the event. */
    private static Examples survivors(long seed) {
        Random random = new Random(seed);
        float[] inputs = new float[3 * ROWS];
        float[] targets = new float[2 * ROWS];
        for (int row = 0; row < ROWS; row++) {
            double score = 0;
            for (int i = 0; i < 3; i++) {
                inputs[3 * row + i] = (float) random.nextGaussian();
                score += TRUTH[i] * inputs[3 * row + i];
            }
            double time = -Math.log(1 - random.nextDouble()) / Math.exp(score);
            double seen = 3 * random.nextDouble();
            targets[2 * row] = (float) Math.min(time, seen);
            targets[2 * row + 1] = time <= seen ? 1 : 0;
        }
        return new ArrayExamples(Shape.of(3), 2, inputs, targets);
    }
}

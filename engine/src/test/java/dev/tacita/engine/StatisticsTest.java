package dev.tacita.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.metric.Statistic;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Shape;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    private static final int ROWS = 300;

    @Test
    void lossAndAccuracyAreThoseOfTheEvaluation() throws Exception {
        for (Loss loss : List.of(
                new Loss.SoftmaxCrossEntropy(), new Loss.BinaryCrossEntropyWithLogits(), new Loss.MeanSquaredError())) {
            int outputs = loss.classifies() && loss.targets(2) == 2 ? 1 : 2;
            ModelSpec model = ModelSpec.sequential(Shape.of(3), List.of(Layer.Dense.of(outputs)));
            Examples examples = examples(loss, loss.targets(outputs));
            LocalTask task = Cases.task(model, loss, new LocalWork.Evaluate(), Cases.parameters(model, 1));
            EngineTrainer trainer = new EngineTrainer();
            Evaluation evaluation = trainer.evaluate(task, examples);
            Map<String, Double> metrics = new TreeMap<>();
            for (Statistic statistic : trainer.statistics(task, examples)) {
                metrics.putAll(statistic.metrics());
            }
            if (loss.classifies()) {
                assertThat(metrics.get("accuracy")).as(loss.name()).isEqualTo(evaluation.accuracy());
                assertThat(metrics.get("log-loss")).as(loss.name()).isCloseTo(evaluation.loss(), within(1e-6));
                assertThat(metrics).containsKeys("auroc", "auprc", "f1", "brier", "expected-calibration-error");
            } else {
                assertThat(Math.pow(metrics.getOrDefault("root-mean-squared-error", Double.NaN), 2))
                        .isCloseTo(evaluation.loss(), within(1e-6));
            }
        }
    }

    @Test
    void aModelThatKnowsTheHazardsRanksTheTimes() throws Exception {
        ModelSpec model = ModelSpec.sequential(Shape.of(1), List.of(Layer.Dense.of(1)));
        float[] inputs = new float[ROWS];
        float[] targets = new float[2 * ROWS];
        for (int row = 0; row < ROWS; row++) {
            inputs[row] = row;
            targets[2 * row] = ROWS - row;
            targets[2 * row + 1] = 1;
        }
        Examples examples = new ArrayExamples(Shape.of(1), 2, inputs, targets);
        LocalTask task =
                Cases.task(model, new Loss.CoxPartialLikelihood(), new LocalWork.Evaluate(), new float[] {0.01f, 0});
        assertThat(new EngineTrainer().statistics(task, examples).get(0).metrics())
                .containsEntry("c-index", 1.0);
    }

    private static Examples examples(Loss loss, int targetSize) {
        Random random = new Random(2);
        float[] targets = Cases.uniform(random, ROWS * targetSize);
        if (loss.classifies()) {
            for (int i = 0; i < targets.length; i++) {
                targets[i] = random.nextInt(2);
            }
        }
        return new ArrayExamples(Shape.of(3), targetSize, Cases.uniform(random, 3 * ROWS), targets);
    }
}

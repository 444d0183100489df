package dev.tacita.engine;

import static dev.tacita.engine.Cases.SOFTMAX;
import static dev.tacita.engine.Cases.SQUARED;
import static dev.tacita.engine.SampleModels.TANH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.ParameterLayout.Slot;
import dev.tacita.core.model.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BatchNormTest {
    private static final OptimizerSpec UNIT_STEP = new OptimizerSpec.Sgd(1, 0, false, 0);
    private static final Layer NORM = new Normalization.BatchNorm(0.3, 1e-3);

    private final EngineTrainer trainer = new EngineTrainer();

    static List<ModelSpec> models() {
        return List.of(
                ModelSpec.sequential(Shape.of(4), List.of(Layer.Dense.of(5), NORM, TANH, Layer.Dense.of(3))),
                SampleModels.image(Shape.of(3, 3, 2), NORM),
                twice());
    }

    private static ModelSpec twice() {
        return SampleModels.graph(
                Shape.of(3),
                new Node("a", Layer.Dense.of(4), List.of("x")),
                new Node("b", NORM, List.of("a")),
                new Node("c", TANH, List.of("b")),
                new Node("d", NORM, List.of("c")),
                new Node("sum", new Layer.Add(), List.of("a", "d")));
    }

    @ParameterizedTest
    @MethodSource("models")
    void gradientsInTrainingAgreeWithFiniteDifferencesOverTheBatch(ModelSpec model) throws Exception {
        float[] parameters = Cases.parameters(model, 3);
        Examples examples = Cases.examples(model, SQUARED, 5, 4);
        float[] update = update(model, parameters, examples, Cases.fullBatch(UNIT_STEP, 1));
        for (Slot slot : model.layout().slots()) {
            for (int i = slot.offset(); slot.trained() && i < slot.offset() + slot.length(); i++) {
                double slope = trainingSlope(model, parameters, examples, i);
                assertThat((double) -update[i]).as("%s at %d", slot.name(), i).isCloseTo(slope, within(3e-6));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void runningStatisticsFollowTheBatchesAndNoOptimizerMovesThem(ModelSpec model) throws Exception {
        float[] parameters = Cases.parameters(model, 3);
        Examples examples = Cases.examples(model, SQUARED, 6, 4);
        for (OptimizerSpec optimizer :
                List.of(UNIT_STEP, new OptimizerSpec.Sgd(0.1, 0.9, false, 0.5), OptimizerSpec.Adam.of(0.1))) {
            float[] update = update(model, parameters, examples, Cases.fullBatch(optimizer, 1));
            Node norm = first(model);
            double[] seen = inputsOf(model, norm, parameters, examples);
            int channels = model.layout().of(norm.id()).get(0).length();
            int size = seen.length / examples.size();
            int plane = size / channels;
            for (int c = 0; c < channels; c++) {
                double count = seen.length / (double) channels;
                double mean = NaiveNormalization.mean(seen, i -> i % size / plane, c);
                double variance = NaiveNormalization.variance(seen, i -> i % size / plane, c) * count / (count - 1);
                int meanAt = model.layout().of(norm.id()).get(2).offset() + c;
                int varianceAt = model.layout().of(norm.id()).get(3).offset() + c;
                assertThat((double) update[meanAt]).isCloseTo(0.3 * (mean - parameters[meanAt]), within(1e-6));
                assertThat((double) update[varianceAt])
                        .isCloseTo(0.3 * (variance - parameters[varianceAt]), within(1e-6));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void evaluationNormalisesByTheRunningStatistics(ModelSpec model) throws Exception {
        float[] parameters = Cases.parameters(model, 3);
        Examples examples = Cases.examples(model, SQUARED, 7, 4);
        double loss = trainer.evaluate(Cases.task(model, SQUARED, new LocalWork.Evaluate(), parameters), examples)
                .loss();
        assertThat(loss)
                .isCloseTo(new NaiveModel(model, SQUARED).meanLoss(Cases.widen(parameters), examples), within(2e-6));
    }

    @Test
    void signalsInEvaluationPassTheRunningStatistics() {
        ModelSpec model = twice();
        float[] parameters = Cases.parameters(model, 3);
        Gradients gradients = new Gradients(model, Set.of("x"), 2);
        float[] x = {0.1f, -0.4f, 0.7f, 0.2f, 0.5f, -0.9f};
        gradients.forward(parameters, List.of(x), 2);
        gradients.backward(1);
        float[] actual = gradients.gradient("x");
        NaiveModel oracle = new NaiveModel(model, SQUARED);
        for (int i = 0; i < x.length; i++) {
            double[] example = Arrays.copyOfRange(Cases.widen(x), i / 3 * 3, i / 3 * 3 + 3);
            example[i % 3] += 1e-5;
            double above = oracle.output(Cases.widen(parameters), example)[1];
            example[i % 3] -= 2e-5;
            double below = oracle.output(Cases.widen(parameters), example)[1];
            assertThat((double) actual[i]).isCloseTo((above - below) / 2e-5, within(2e-6));
        }
    }

    @Test
    void aChannelWithOneValueIsNormalisedByTheRunningStatisticsAndLeavesThem() throws Exception {
        ModelSpec model = twice();
        float[] parameters = Cases.parameters(model, 3);
        Examples one = Cases.examples(model, SQUARED, 1, 4);
        float[] update = update(model, parameters, one, Cases.fullBatch(UNIT_STEP, 1));
        NaiveModel oracle = new NaiveModel(model, SQUARED);
        for (Slot slot : model.layout().slots()) {
            for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
                double slope = slot.trained() ? oracle.slope(Cases.widen(parameters), one, i) : 0;
                assertThat((double) -update[i]).as("%s at %d", slot.name(), i).isCloseTo(slope, within(3e-6));
            }
        }
    }

    @Test
    void aFrozenOneStaysAsItIsAndKeepsExamplesApart() throws Exception {
        ModelSpec model = frozen();
        assertThat(model.mixingNodes()).isEmpty();
        float[] parameters = Cases.parameters(model, 3);
        Examples examples = Cases.examples(model, SQUARED, 5, 4);
        NaiveModel oracle = new NaiveModel(model, SQUARED);
        for (LocalWork work : List.of(new LocalWork.Gradient(), Cases.fullBatch(UNIT_STEP, 1))) {
            float[] update = update(model, parameters, examples, work);
            double sign = work instanceof LocalWork.Gradient ? 1 : -1;
            for (Slot slot : model.layout().slots()) {
                for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
                    double slope = slot.trained() ? oracle.slope(Cases.widen(parameters), examples, i) : 0;
                    assertThat(sign * update[i]).as("%s at %d", slot.name(), i).isCloseTo(slope, within(3e-6));
                }
            }
        }
    }

    @Test
    void gradientTasksAndGradientsOfSingleExamplesAreRefusedInFavourOfGroupNorm() {
        ModelSpec model = twice();
        Examples examples = Cases.examples(model, SOFTMAX, 5, 4);
        float[] parameters = Cases.parameters(model, 3);
        assertThatThrownBy(() -> update(model, parameters, examples, new LocalWork.Gradient()))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining(
                        "node 'b': with gradients alone the running statistics of a batch-norm would never")
                .hasMessageContaining("node 'd'")
                .hasMessageContaining("Use group-norm in its place");
        assertThat(new EnginePerExampleGradients().problemsWith(model, SOFTMAX).toString())
                .contains("Use group-norm in its place");
    }

    @Test
    void statisticsOfABatchInPiecesAreTheMeanOverThePieces() throws Exception {
        ModelSpec model = ModelSpec.sequential(Shape.of(2), List.of(new Normalization.BatchNorm(1, 1e-5)));
        float[] parameters = {1, 1, 0, 0, 5, 5, 9, 9};
        Examples examples = Cases.examples(model, SQUARED, 256, 4);
        float[] update = update(model, parameters, examples, Cases.fullBatch(UNIT_STEP, 1));
        double mean = 0;
        float[] input = new float[2];
        for (int row = 0; row < 256; row++) {
            examples.copyInput(row, input, 0);
            mean += input[0] / 256.0;
        }
        assertThat(update[4] + 5.0).isCloseTo(mean, within(1e-6));
    }

    private static ModelSpec frozen() {
        ModelSpec model = twice();
        List<Node> nodes = model.nodes().stream()
                .map(node -> node.layer().mixesExamples() ? node.asFrozen() : node)
                .toList();
        return new ModelSpec(List.of(new Input("x", Shape.of(3))), nodes, model.output());
    }

    private float[] update(ModelSpec model, float[] parameters, Examples examples, LocalWork work) throws Exception {
        return trainer.train(Cases.task(model, SQUARED, work, parameters), examples)
                .update()
                .valuesInTheClear();
    }

    private static Node first(ModelSpec model) {
        return model.mixingNodes().get(0);
    }

    private static double[] inputsOf(ModelSpec model, Node node, float[] parameters, Examples examples) {
        ModelSpec before =
                new ModelSpec(model.inputs(), model.nodes(), node.inputs().get(0));
        double[][] outputs = new NaiveModel(before, SQUARED).trainingOutputs(Cases.widen(parameters), inputs(examples));
        return Arrays.stream(outputs).flatMapToDouble(Arrays::stream).toArray();
    }

    private static double trainingSlope(ModelSpec model, float[] parameters, Examples examples, int index) {
        double[] moved = Cases.widen(parameters);
        moved[index] += 1e-6;
        double above = trainingLoss(model, moved, examples);
        moved[index] -= 2e-6;
        return (above - trainingLoss(model, moved, examples)) / 2e-6;
    }

    private static double trainingLoss(ModelSpec model, double[] parameters, Examples examples) {
        double[][] outputs = new NaiveModel(model, SQUARED).trainingOutputs(parameters, inputs(examples));
        double sum = 0;
        for (int row = 0; row < outputs.length; row++) {
            float[] target = new float[examples.targetSize()];
            examples.copyTarget(row, target, 0);
            sum += NaiveLoss.one(SQUARED, outputs[row], target);
        }
        return sum / outputs.length;
    }

    private static double[][] inputs(Examples examples) {
        double[][] inputs = new double[examples.size()][];
        for (int row = 0; row < inputs.length; row++) {
            float[] input = new float[examples.inputShape().size()];
            examples.copyInput(row, input, 0);
            inputs[row] = Cases.widen(input);
        }
        return inputs;
    }
}

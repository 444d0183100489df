package dev.tacita.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LearningRateSchedule;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Blocks;
import dev.tacita.core.model.Initializer;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.ResNet;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Shape;
import dev.tacita.engine.Cases;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.engine.SampleModels;
import dev.tacita.engine.kernel.JavaKernels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

class Nd4jTrainerTest {
    private static final Loss SQUARED = new Loss.MeanSquaredError();
    private static final LocalWork GRADIENT = new LocalWork.Gradient();
    private static final double BOUND = 1e-4;

    private final LocalTrainer engine = new EngineTrainer(new JavaKernels());
    private final Traffic traffic = new Traffic();
    private final LocalTrainer device = new Nd4jTrainer(traffic);

    static Set<String> models() {
        return SampleModels.all().keySet();
    }

    @ParameterizedTest
    @MethodSource("models")
    void gradientsOfEveryLayerAreTheEngines(String name) throws Exception {
        ModelSpec model = SampleModels.named(name);
        Examples examples = Cases.examples(model, SQUARED, 5, 4);
        agree(Cases.task(model, SQUARED, GRADIENT, Cases.parameters(model, 3)), examples);
    }

    static Map<String, ModelSpec> batchNormalised() {
        Map<String, ModelSpec> models = new TreeMap<>();
        Layer norm = new Normalization.BatchNorm(0.3, 1e-3);
        models.put("vector", ModelSpec.sequential(Shape.of(4), List.of(Layer.Dense.of(5), norm, Layer.Dense.of(3))));
        models.put(
                "small residual network",
                ResNet.resNet18(ResNet.Stem.SMALL, Shape.of(3, 16, 16), 2, 3, Blocks.batchNorm()));
        models.put(
                "shared",
                new ModelSpec(
                        List.of(new Input("x", Shape.of(4))),
                        List.of(
                                new Node("a", norm, List.of("x")),
                                new Node("b", new Layer.Activation(new ActivationFunction.Tanh()), List.of("a")),
                                new Node("c", norm, List.of("b")).sharing("a"),
                                new Node("d", norm, List.of("c")).asFrozen(),
                                new Node("e", Layer.Dense.of(2), List.of("d"))),
                        "e"));
        return models;
    }

    private static ModelSpec batchNormalised(String name) {
        return Optional.ofNullable(batchNormalised().get(name)).orElseThrow();
    }

    static Set<String> batchNormalisedNames() {
        return batchNormalised().keySet();
    }

    @ParameterizedTest
    @MethodSource("batchNormalisedNames")
    void stepsAndRunningStatisticsOfBatchNormalisationsAreTheEngines(String name) throws Exception {
        ModelSpec model = batchNormalised(name);
        Examples examples = Cases.examples(model, SQUARED, 9, 4);
        LocalWork work = Cases.epochs(OptimizerSpec.Sgd.of(0.01), 1, 8);
        agree(Cases.task(model, SQUARED, work, Cases.parameters(model, 3)), examples);
    }

    static List<Loss> losses() {
        return List.of(
                new Loss.SoftmaxCrossEntropy(),
                new Loss.SoftmaxCrossEntropy(List.of(0.5, 2.0, 1.0), 0.1),
                new Loss.Focal(0),
                new Loss.Focal(0.5),
                new Loss.Focal(2),
                new Loss.BinaryCrossEntropyWithLogits(),
                new Loss.BinaryCrossEntropyWithLogits(3),
                new Loss.Hinge(),
                new Loss.MeanSquaredError(),
                new Loss.Huber(0.3),
                new Loss.CoxPartialLikelihood());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void everyLossIsTheEngines(Loss loss) throws Exception {
        int outputs = loss instanceof Loss.CoxPartialLikelihood ? 1 : 3;
        ModelSpec model = ModelSpec.sequential(Shape.of(4), List.of(Layer.Dense.of(outputs)));
        Examples examples = examples(model, loss, 12, 5);
        float[] parameters = Cases.parameters(model, 2);
        agree(Cases.task(model, loss, GRADIENT, parameters), examples);
        agree(Cases.task(model, loss, GRADIENT, scaled(parameters, 50)), examples);
        agree(Cases.task(model, loss, GRADIENT, new float[parameters.length]), examples);
    }

    @Test
    void oneLogitIsClassifiedByItsSign() throws Exception {
        ModelSpec model = Models.logisticRegression(4, 1);
        Examples examples = examples(model, new Loss.Hinge(), 20, 5);
        for (Loss loss : List.of(new Loss.Hinge(), new Loss.BinaryCrossEntropyWithLogits())) {
            agree(Cases.task(model, loss, GRADIENT, Cases.parameters(model, 2)), examples);
        }
    }

    static List<OptimizerSpec> optimizers() {
        return List.of(
                OptimizerSpec.Sgd.of(0.1),
                new OptimizerSpec.Sgd(0.1, 0, false, 0.2),
                new OptimizerSpec.Sgd(0.1, 0.9, false, 0.2),
                new OptimizerSpec.Sgd(0.1, 0.9, true, 0.2),
                OptimizerSpec.Adam.of(0.01),
                new OptimizerSpec.Adam(0.01, 0.8, 0.9, 1e-3, 0.1),
                new OptimizerSpec.AdamW(0.01, 0.9, 0.99, 1e-4, 0.2),
                new OptimizerSpec.Yogi(0.01, 0.9, 0.99, 1e-3),
                new OptimizerSpec.RmsProp(0.01, 0.9, 1e-3),
                new OptimizerSpec.Adagrad(0.05, 1e-4));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void stepsOfEveryOptimizerAreTheEngines(OptimizerSpec optimizer) throws Exception {
        ModelSpec model = SampleModels.named("frozen and shared");
        LocalWork work = new LocalWork.Train(
                optimizer, new LocalWork.Extent.Steps(7), OptionalInt.of(4), new LearningRateSchedule.Exponential(0.9));
        agree(Cases.task(model, SQUARED, work, Cases.parameters(model, 3)), Cases.examples(model, SQUARED, 10, 4));
    }

    @Test
    void aBatchTooLargeForOneRunIsAddedUpFromPieces() throws Exception {
        ModelSpec model = SampleModels.named("dense");
        agree(Cases.task(model, SQUARED, GRADIENT, Cases.parameters(model, 3)), Cases.examples(model, SQUARED, 300, 4));
    }

    @Test
    void evaluationIsTheEngines() throws Exception {
        for (ModelSpec model : List.of(batchNormalised("small residual network"), Models.leNet5())) {
            Loss loss = new Loss.SoftmaxCrossEntropy();
            Examples examples = Cases.examples(model, loss, 9, 4);
            LocalTask task = Cases.task(model, loss, new LocalWork.Evaluate(), Cases.parameters(model, 3));
            agree(engine.evaluate(task, examples), device.evaluate(task, examples));
        }
        assertThat(device.evaluate(
                        Cases.task(Models.leNet5(), SQUARED, new LocalWork.Evaluate(), new float[0]),
                        new ArrayExamples(Shape.of(1, 28, 28), 1, new float[0], new float[0])))
                .isEqualTo(Evaluation.NONE);
    }

    @Test
    void dropoutZeroesItsShareGoesBackTheSameWayAndRepeatsItsDraws() throws Exception {
        ModelSpec model = ModelSpec.sequential(
                Shape.of(2000), List.of(new Layer.Dropout(0.25), new Layer.Dense(1, false, Initializer.HE_NORMAL)));
        float[] ones = new float[2000];
        Arrays.fill(ones, 1f);
        Examples examples = new ArrayExamples(Shape.of(2000), 1, ones, new float[] {-1});
        float[] parameters = new float[2000];
        LocalTask task = Cases.task(model, SQUARED, GRADIENT, parameters);
        float[] gradient = gradient(device, task, examples);
        int zero = 0;
        for (float slope : gradient) {
            assertThat(slope == 0 || Math.abs(slope - 2 / 0.75f) < 1e-5).isTrue();
            zero += slope == 0 ? 1 : 0;
        }
        assertThat(zero).isBetween(400, 600);
        Nd4j.getRandom().nextFloat();
        assertThat(gradient(device, task, examples)).isEqualTo(gradient);
        Evaluation evaluation = device.evaluate(Cases.task(model, SQUARED, new LocalWork.Evaluate(), ones), examples);
        assertThat(evaluation.lossSum()).isCloseTo(2001.0 * 2001.0, within(1.0));
    }

    @Test
    void theSameTaskGivesTheSameBitsWhateverTheTrainerDidBefore() throws Exception {
        ModelSpec model = Models.leNet5();
        Loss loss = new Loss.SoftmaxCrossEntropy();
        Examples examples = Cases.examples(model, loss, 12, 4);
        LocalTask task =
                Cases.task(model, loss, Cases.epochs(OptimizerSpec.Adam.of(0.01), 1, 5), Cases.parameters(model, 3));
        float[] first = gradient(device, task, examples);
        gradient(device, Cases.task(model, loss, GRADIENT, Cases.parameters(model, 9)), examples);
        assertThat(gradient(device, task, examples)).isEqualTo(first);
        assertThat(gradient(new Nd4jTrainer(), task, examples)).isEqualTo(first);
    }

    @Test
    void betweenTheFirstStepAndTheLastOnlyBatchesGoToTheDeviceAndNothingComesBack() throws Exception {
        ModelSpec model = Models.mcMahan2nn();
        Loss loss = new Loss.SoftmaxCrossEntropy();
        Examples examples = Cases.examples(model, loss, 8, 4);
        for (int steps : List.of(1, 5)) {
            long in = traffic.copiesIn();
            long out = traffic.copiesOut();
            LocalWork work = Cases.steps(OptimizerSpec.Adam.of(0.01), steps, 4);
            device.train(Cases.task(model, loss, work, Cases.parameters(model, 3)), examples);
            assertThat(traffic.copiesIn() - in)
                    .as("parameters, and inputs and targets a batch")
                    .isEqualTo(1 + 2L * steps);
            assertThat(traffic.copiesOut() - out).as("parameters and metrics").isEqualTo(2);
        }
    }

    @Test
    void whatNoGraphCanHoldIsNamedBeforeTheFirstStep() {
        ModelSpec longOne = ModelSpec.sequential(
                Shape.of(600), List.of(new Sequence.Embedding(1 << 20, 2), new Sequence.Gru(2, false)));
        assertThat(device.problemsWith(longOne, SQUARED).stream().map(Problem::place))
                .containsExactly("node 'layer-1'", "node 'layer-2'");
        float[] parameters = new float[longOne.layout().size()];
        Examples examples = new ArrayExamples(Shape.of(600), 2, new float[600], new float[2]);
        assertThatThrownBy(() -> device.train(Cases.task(longOne, SQUARED, GRADIENT, parameters), examples))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("at most 512");
    }

    @Test
    void aBatchOfARiskSetThatIsTooLargeIsRefused() {
        ModelSpec model = ModelSpec.sequential(Shape.of(1), List.of(Layer.Dense.of(1)));
        int rows = 9000;
        Examples examples = new ArrayExamples(Shape.of(1), 2, new float[rows], new float[2 * rows]);
        LocalTask task = Cases.task(model, new Loss.CoxPartialLikelihood(), GRADIENT, new float[2]);
        assertThatThrownBy(() -> device.train(task, examples))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("9000 examples");
    }

    @Test
    void whatTheEngineRefusesIsRefused() {
        ModelSpec model = SampleModels.named("dense");
        Examples examples = Cases.examples(model, SQUARED, 3, 4);
        assertThatThrownBy(() -> device.train(Cases.task(model, SQUARED, GRADIENT, new float[3]), examples))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("the model has 40 parameters");
        assertThatThrownBy(() -> device.train(
                        Cases.task(model, SQUARED, new LocalWork.Evaluate(), Cases.parameters(model, 1)), examples))
                .isInstanceOf(IllegalArgumentException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(
                        () -> device.train(Cases.task(model, SQUARED, GRADIENT, Cases.parameters(model, 1)), examples))
                .isInstanceOf(InterruptedException.class);
    }

    private void agree(LocalTask task, Examples examples) throws InterruptedException {
        LocalResult expected = engine.train(task, examples);
        LocalResult actual = device.train(task, examples);
        float[] theirs = actual.update().valuesInTheClear();
        float[] ours = expected.update().valuesInTheClear();
        double largest = 1e-3;
        for (float value : ours) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < ours.length; i++) {
            assertThat((double) theirs[i]).as("parameter %d", i).isCloseTo(ours[i], within(BOUND * largest));
        }
        agree(expected.training(), actual.training());
    }

    private static void agree(Evaluation expected, Evaluation actual) {
        assertThat(actual.examples()).isEqualTo(expected.examples());
        assertThat(actual.lossSum())
                .isCloseTo(expected.lossSum(), within(BOUND * Math.max(1, Math.abs(expected.lossSum()))));
        assertThat(actual.correct()).isEqualTo(expected.correct());
    }

    private static float[] gradient(LocalTrainer trainer, LocalTask task, Examples examples)
            throws InterruptedException {
        return trainer.train(task, examples).update().valuesInTheClear();
    }

    private static float[] scaled(float[] values, float factor) {
        float[] scaled = values.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factor;
        }
        return scaled;
    }

    /** Small numbers of targets, so that there are ties. */
    private static Examples examples(ModelSpec model, Loss loss, int count, long seed) {
        Random random = new Random(seed);
        Shape input = model.inputs().get(0).shape();
        int targetSize = loss.targets(model.outputShape().size());
        float[] inputs = new float[count * input.size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = 2 * random.nextFloat() - 1;
        }
        boolean classes = targetSize == 1 && model.outputShape().size() > 1;
        float[] targets = new float[count * targetSize];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = random.nextInt(classes ? 3 : 2);
        }
        return new ArrayExamples(input, targetSize, inputs, targets);
    }
}

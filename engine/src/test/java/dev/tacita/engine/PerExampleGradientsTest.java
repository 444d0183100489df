package dev.tacita.engine;

import static dev.tacita.engine.Cases.BINARY;
import static dev.tacita.engine.Cases.SOFTMAX;
import static dev.tacita.engine.Cases.SQUARED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.ExampleNorms;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.PerExampleGradients;
import dev.tacita.core.learning.PerExampleGradients.Group;
import dev.tacita.core.learning.ScalingRule;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import dev.tacita.engine.kernel.BlasKernels;
import dev.tacita.engine.kernel.JavaKernels;
import dev.tacita.engine.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PerExampleGradientsTest {
    private static final double RELATIVE = 1e-5;
    private static final int ROWS = 9;
    private static final List<Kernels> KERNELS =
            List.of(new JavaKernels(), BlasKernels.create(), BlasKernels.openBlas());

    static Stream<Arguments> modelsAndLosses() {
        List<Arguments> cases = new ArrayList<>();
        SampleModels.all().forEach((name, model) -> {
            if (PerExampleGradients.mixing(model, SQUARED).isEmpty()) {
                for (Loss loss : List.of(SOFTMAX, BINARY, SQUARED)) {
                    cases.add(Arguments.of(name, model, loss));
                }
            }
        });
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}, {2}")
    @MethodSource("modelsAndLosses")
    void normsAndSumsAgreeWithBackPropagationOfOneExampleAtATime(String name, ModelSpec model, Loss loss)
            throws Exception {
        float[] parameters = Cases.parameters(model, 3);
        Examples examples = Cases.examples(model, loss, ROWS, 5);
        float[][] alone = oneAtATime(model, loss, parameters, examples);
        for (Kernels kernels : KERNELS) {
            PerExampleGradients engine = new EnginePerExampleGradients(kernels);
            for (int batch : new int[] {0, 1, 7}) {
                int[] rows = new Random(batch).ints(batch, 0, ROWS).toArray();
                for (int largestPass : batch == 7 ? new int[] {3, 7} : new int[] {3}) {
                    var gradients = engine.of(task(model, loss, parameters), examples, largestPass);
                    checkEach(name, gradients, parameters, rows, alone);
                    checkNorms(name, gradients, parameters, rows, alone);
                    checkFlatClipping(name, gradients, parameters, rows, alone);
                    checkClippingByGroup(name, gradients, parameters, rows, alone);
                }
            }
        }
    }

    private static LocalTask task(ModelSpec model, Loss loss, float[] parameters) {
        return Cases.task(model, loss, new LocalWork.Gradient(), parameters);
    }

    private static float[][] oneAtATime(ModelSpec model, Loss loss, float[] parameters, Examples examples)
            throws InterruptedException {
        EngineTrainer trainer = new EngineTrainer();
        float[][] gradients = new float[examples.size()][];
        for (int row = 0; row < gradients.length; row++) {
            gradients[row] = trainer.train(task(model, loss, parameters), examples.select(new int[] {row}))
                    .update()
                    .valuesInTheClear();
        }
        return gradients;
    }

    private static void checkEach(
            String name, PerExampleGradients.OfTask gradients, float[] parameters, int[] rows, float[][] alone)
            throws InterruptedException {
        float[][] each = new float[rows.length][parameters.length];
        gradients.each(parameters, rows, rows.length, each);
        for (int i = 0; i < rows.length; i++) {
            assertClose(name + ", example " + i, each[i], Cases.widen(alone[rows[i]]));
        }
    }

    private static void checkNorms(
            String name, PerExampleGradients.OfTask gradients, float[] parameters, int[] rows, float[][] alone)
            throws InterruptedException {
        boolean[] seen = new boolean[rows.length];
        float[] sum = new float[parameters.length];
        Arrays.fill(sum, Float.NaN);
        gradients.sum(
                parameters,
                rows,
                rows.length,
                norms -> {
                    for (int i = 0; i < norms.count(); i++) {
                        float[] exact = alone[rows[norms.first() + i]];
                        seen[norms.first() + i] = true;
                        assertNorm(name, norms.norm(i), norm(exact, 0, exact.length));
                        for (int group = 0; group < norms.groups(); group++) {
                            Group place = gradients.groups().get(group);
                            assertNorm(
                                    name + ", " + place,
                                    norms.norm(i, group),
                                    norm(exact, place.offset(), place.length()));
                        }
                    }
                },
                sum);
        assertThat(seen).doesNotContain(false);
        assertThat(sum).as("a sum of what was given no coefficient").containsOnly(0f);
    }

    private static void assertNorm(String name, double actual, double exact) {
        assertThat(actual).as(name).isCloseTo(exact, within(1e-7 + RELATIVE * exact));
    }

    private static void checkFlatClipping(
            String name, PerExampleGradients.OfTask gradients, float[] parameters, int[] rows, float[][] alone)
            throws InterruptedException {
        double limit = rows.length == 0 ? 1 : 0.8 * norm(alone[rows[0]], 0, parameters.length) + 1e-3;
        double[] expected = new double[parameters.length];
        for (int row : rows) {
            add(alone[row], 0, parameters.length, limit, expected);
        }
        float[] sum = new float[parameters.length];
        gradients.sum(parameters, rows, rows.length, clip(limit), sum);
        assertClose(name, sum, expected);
    }

    private static ScalingRule clip(double limit) {
        return norms -> {
            for (int i = 0; i < norms.count(); i++) {
                norms.scale(i, Math.min(1, limit / norms.norm(i)));
            }
        };
    }

    private static void checkClippingByGroup(
            String name, PerExampleGradients.OfTask gradients, float[] parameters, int[] rows, float[][] alone)
            throws InterruptedException {
        double[] expected = new double[parameters.length];
        for (int row : rows) {
            for (Group group : gradients.groups()) {
                add(alone[row], group.offset(), group.length(), 0.1, expected);
            }
        }
        float[] sum = new float[parameters.length];
        gradients.sum(
                parameters,
                rows,
                rows.length,
                norms -> {
                    for (int i = 0; i < norms.count(); i++) {
                        for (int group = 0; group < norms.groups(); group++) {
                            norms.scale(i, group, Math.min(1, 0.1 / norms.norm(i, group)));
                        }
                    }
                },
                sum);
        assertClose(name, sum, expected);
    }

    private static void add(float[] gradient, int offset, int length, double limit, double[] sum) {
        double coefficient = Math.min(1, limit / norm(gradient, offset, length));
        for (int i = offset; i < offset + length; i++) {
            sum[i] += coefficient * gradient[i];
        }
    }

    private static double norm(float[] values, int offset, int length) {
        double sum = 0;
        for (int i = offset; i < offset + length; i++) {
            sum += (double) values[i] * values[i];
        }
        return Math.sqrt(sum);
    }

    private static void assertClose(String name, float[] actual, double[] expected) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            norm += expected[i] * expected[i];
        }
        assertThat(Math.sqrt(difference)).as(name).isLessThanOrEqualTo(1e-7 + RELATIVE * Math.sqrt(norm));
    }

    @ParameterizedTest(name = "{0}, {2}")
    @MethodSource("modelsAndLosses")
    void anExampleThatIsNotFiniteIsSeenInItsNormAndAddsExactlyNothing(String name, ModelSpec model, Loss loss)
            throws Exception {
        assumeFalse(Cases.readsTokens(model), "a token that is not finite is refused before the first step");
        float[] parameters = Cases.parameters(model, 3);
        Examples good = Cases.examples(model, loss, ROWS, 5);
        for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Examples examples = withBrokenRow(good, 2, broken);
            PerExampleGradients engine = new EnginePerExampleGradients();
            float[] expected = new float[parameters.length];
            int[] others = {0, 1, 3, 4, 5};
            engine.of(task(model, loss, parameters), examples, 7).sum(parameters, others, 5, clip(0.5), expected);
            float[] actual = new float[parameters.length];
            int[] refused = {0};
            engine.of(task(model, loss, parameters), examples, 7)
                    .sum(
                            parameters,
                            new int[] {0, 1, 2, 3, 4, 5},
                            6,
                            norms -> {
                                for (int i = 0; i < norms.count(); i++) {
                                    double norm = norms.norm(i);
                                    if (Double.isFinite(norm)) {
                                        norms.scale(i, Math.min(1, 0.5 / norm));
                                    } else {
                                        refused[0]++;
                                        int example = i;
                                        assertThatThrownBy(() -> norms.scale(example, 1))
                                                .hasMessageContaining("must get the coefficient 0");
                                        norms.scale(i, 0);
                                    }
                                }
                            },
                            actual);
            assertThat(refused[0]).as(name).isEqualTo(1);
            assertClose(name + ", " + broken, actual, Cases.widen(expected));
        }
    }

    private static Examples withBrokenRow(Examples good, int row, float value) {
        int size = good.inputShape().size();
        float[] inputs = new float[good.size() * size];
        float[] targets = new float[good.size() * good.targetSize()];
        for (int i = 0; i < good.size(); i++) {
            good.copyInput(i, inputs, i * size);
            good.copyTarget(i, targets, i * good.targetSize());
        }
        Arrays.fill(inputs, row * size, (row + 1) * size, value);
        return new ArrayExamples(good.inputShape(), good.targetSize(), inputs, targets);
    }

    @Test
    void everyLossThatIsASumOverExamplesAgreesToo() throws Exception {
        ModelSpec model = SampleModels.named("tanh");
        List<Loss> losses = List.of(
                new Loss.SoftmaxCrossEntropy(List.of(0.5, 2.0, 0.0), 0.1),
                new Loss.Focal(2),
                new Loss.BinaryCrossEntropyWithLogits(3),
                new Loss.Hinge(),
                new Loss.Huber(0.5));
        for (Loss loss : losses) {
            assertThat(PerExampleGradients.mixing(model, loss)).isEmpty();
            float[] parameters = Cases.parameters(model, 3);
            int targets = loss.targets(3);
            Random random = new Random(8);
            float[] classes = new float[ROWS * targets];
            for (int i = 0; i < classes.length; i++) {
                classes[i] = random.nextInt(targets == 1 ? 3 : 2);
            }
            Examples examples = new ArrayExamples(Shape.of(6), targets, Cases.uniform(random, ROWS * 6), classes);
            float[][] alone = oneAtATime(model, loss, parameters, examples);
            int[] rows = {8, 1, 0, 3, 3, 7, 5};
            var gradients = new EnginePerExampleGradients().of(task(model, loss, parameters), examples, 4);
            checkNorms(loss.name(), gradients, parameters, rows, alone);
            checkFlatClipping(loss.name(), gradients, parameters, rows, alone);
        }
    }

    @Test
    void whatMixesTheExamplesOfABatchIsRefusedBeforeTheRun() {
        ModelSpec model = Models.logisticRegression(3, 1);
        Loss cox = new Loss.CoxPartialLikelihood();
        PerExampleGradients engine = new EnginePerExampleGradients();
        assertThat(engine.problemsWith(model, cox)).singleElement().satisfies(problem -> {
            assertThat(problem.place()).isEqualTo("loss");
            assertThat(problem.why())
                    .isEqualTo(
                            "the gradients of single examples need a loss that is a sum over examples. Provided value:"
                                    + " cox-partial-likelihood.");
            assertThat(problem.fix()).isEmpty();
        });
        LocalTask task = task(model, cox, Cases.parameters(model, 1));
        Examples examples = new ArrayExamples(Shape.of(3), 2, new float[3], new float[2]);
        assertThatThrownBy(() -> engine.of(task, examples, 1)).isInstanceOf(ProblemsException.class);
        assertThat(engine.problemsWith(model, BINARY)).isEmpty();
    }

    @Test
    void theModelsOfMcMahanAgreeWithBackPropagationOfOneExampleAtATime() throws Exception {
        for (ModelSpec model : List.of(Models.mcMahan2nn(), Models.mcMahanCnn())) {
            float[] parameters = Cases.parameters(model, 1);
            Examples examples = Cases.examples(model, SOFTMAX, 3, 2);
            float[][] alone = oneAtATime(model, SOFTMAX, parameters, examples);
            int[] rows = {2, 0, 1, 2};
            var gradients = new EnginePerExampleGradients().of(task(model, SOFTMAX, parameters), examples, 3);
            checkNorms("", gradients, parameters, rows, alone);
            checkFlatClipping("", gradients, parameters, rows, alone);
        }
    }

    @Test
    void dropoutLeavesOutTheSameForTheNormsTheSumAndTheGradientsThemselves() throws Exception {
        ModelSpec model = ModelSpec.sequential(
                Shape.of(6),
                List.of(
                        Layer.Dense.of(20),
                        new Layer.Dropout(0.5),
                        SampleModels.TANH,
                        Layer.Dense.of(8),
                        new Layer.Dropout(0.3),
                        Layer.Dense.of(3)));
        float[] parameters = Cases.parameters(model, 1);
        Examples examples = Cases.examples(model, SOFTMAX, 5, 2);
        int[] rows = {0, 1, 2, 3, 4};
        PerExampleGradients engine = new EnginePerExampleGradients();
        float[][] each = new float[5][parameters.length];
        engine.of(task(model, SOFTMAX, parameters), examples, 2).each(parameters, rows, 5, each);
        var gradients = engine.of(task(model, SOFTMAX, parameters), examples, 2);
        checkNorms("dropout", gradients, parameters, rows, each);
        checkFlatClipping("dropout", engine.of(task(model, SOFTMAX, parameters), examples, 2), parameters, rows, each);
    }

    @Test
    void aSumOverAllExamplesWithoutClippingIsTheirMeanGradientTimesTheirNumber() throws Exception {
        ModelSpec model = ModelSpec.sequential(
                Shape.of(1, 6, 6),
                List.of(
                        Layer.Conv2d.of(3, Window.square(3, 1, 1)),
                        SampleModels.TANH,
                        new Layer.Flatten(),
                        Layer.Dense.of(4)));
        float[] parameters = Cases.parameters(model, 1);
        Examples examples = Cases.examples(model, SOFTMAX, 50, 2);
        var mean = new EngineTrainer().train(task(model, SOFTMAX, parameters), examples);
        double[] expected = Cases.widen(mean.update().valuesInTheClear());
        for (int i = 0; i < expected.length; i++) {
            expected[i] *= 50;
        }
        float[] sum = new float[parameters.length];
        Evaluation training = new EnginePerExampleGradients()
                .of(task(model, SOFTMAX, parameters), examples, 16)
                .sum(parameters, IntStream.range(0, 50).toArray(), 50, clip(1e9), sum);
        assertClose("all", sum, expected);
        assertThat(training.examples()).isEqualTo(50);
        assertThat(training.loss()).isCloseTo(mean.training().loss(), within(1e-6));
    }

    @Test
    void theSameCallsGiveTheSameBitsWhateverCameBefore() throws Exception {
        ModelSpec model = SampleModels.named("conv 3x3, stride 2, padding 1");
        float[] parameters = Cases.parameters(model, 1);
        Examples examples = Cases.examples(model, SOFTMAX, 12, 2);
        int[] rows = IntStream.range(0, 12).toArray();
        float[] first = new float[parameters.length];
        float[] second = new float[parameters.length];
        new EnginePerExampleGradients()
                .of(task(model, SOFTMAX, parameters), examples, 5)
                .sum(parameters, rows, 12, clip(0.2), first);
        var gradients = new EnginePerExampleGradients().of(task(model, SOFTMAX, parameters), examples, 5);
        gradients.sum(parameters, rows, 3, clip(1), second);
        gradients.each(parameters, rows, 4, new float[4][parameters.length]);
        gradients.sum(parameters, rows, 12, clip(0.2), second);
        assertThat(second).isEqualTo(first);
    }

    @Test
    void whatWasMadeReadyBeforeRefusesToBeUsed() {
        ModelSpec model = Models.logisticRegression(3, 1);
        float[] parameters = Cases.parameters(model, 1);
        Examples examples = Cases.examples(model, BINARY, 4, 2);
        PerExampleGradients engine = new EnginePerExampleGradients();
        var former = engine.of(task(model, BINARY, parameters), examples, 2);
        engine.of(task(model, BINARY, parameters), examples, 2);
        assertThatThrownBy(() -> former.sum(parameters, new int[] {0}, 1, clip(1), new float[4]))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void vectorsOfAnotherLengthAreRefused() {
        ModelSpec model = Models.logisticRegression(3, 1);
        float[] parameters = Cases.parameters(model, 1);
        var gradients = new EnginePerExampleGradients()
                .of(task(model, BINARY, parameters), Cases.examples(model, BINARY, 4, 2), 2);
        assertThatThrownBy(() -> gradients.sum(parameters, new int[] {0}, 1, clip(1), new float[3]))
                .hasMessageContaining("sum must have 4 values. Provided value: 3");
        assertThatThrownBy(() -> gradients.each(new float[5], new int[] {0}, 1, new float[1][4]))
                .hasMessageContaining("parameters must have 4 values. Provided value: 5");
    }

    @Test
    void stepsMakeNoGarbage() throws Exception {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        for (String name : List.of("conv 3x3, stride 2, padding 1", "shared convolutions", "relu")) {
            ModelSpec model = SampleModels.named(name);
            float[] parameters = Cases.parameters(model, 1);
            var gradients = new EnginePerExampleGradients()
                    .of(task(model, SOFTMAX, parameters), Cases.examples(model, SOFTMAX, 23, 2), 5);
            int[] rows = IntStream.range(0, 23).toArray();
            float[] sum = new float[parameters.length];
            ScalingRule rule = clip(0.1);
            long start = 0;
            for (int step = 0; step < 3000; step++) {
                if (step == 2000) {
                    start = threads.getCurrentThreadAllocatedBytes();
                }
                gradients.sum(parameters, rows, 23, rule, sum);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - start)
                    .as(name)
                    .isLessThan(1000 * 256L);
        }
    }

    @Test
    void aTableOfNormsHoldsItsCallersToItsRules() {
        ExampleNorms norms = new ExampleNorms(2, 3);
        norms.begin(0, 2);
        norms.squares(0)[1] = 9;
        norms.squares(1)[1] = 16;
        assertThat(norms.norm(1)).isEqualTo(5);
        assertThat(norms.norm(1, 1)).isEqualTo(4);
        norms.scale(1, 1, 0.5);
        assertThat(norms.coefficients(0)[1]).isZero();
        assertThat(norms.coefficients(1)[1]).isEqualTo(0.5f);
        for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> norms.scale(1, bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}

package dev.tacita.engine;

import static dev.tacita.engine.Cases.BINARY;
import static dev.tacita.engine.Cases.SOFTMAX;
import static dev.tacita.engine.Cases.SQUARED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.kernel.JavaKernels;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EngineTrainerTest {
    private static final OptimizerSpec SGD = OptimizerSpec.Sgd.of(0.1);
    private static final ModelSpec MLP = ModelSpec.sequential(
            Shape.of(6),
            List.of(
                    Layer.Dense.of(8),
                    new Layer.Activation(new ActivationFunction.Tanh()),
                    new Layer.Dropout(0.3),
                    Layer.Dense.of(3)));
    private static final ModelSpec CNN = ModelSpec.sequential(
            Shape.of(1, 9, 9),
            List.of(
                    Layer.Conv2d.of(4, Window.square(3, 1, 1)),
                    new Layer.Activation(new ActivationFunction.Relu()),
                    new Layer.MaxPool2d(Window.square(2, 2, 0)),
                    new Layer.Flatten(),
                    Layer.Dense.of(3)));

    private final EngineTrainer trainer = new EngineTrainer();

    private float[] update(ModelSpec model, Loss loss, LocalWork work, Examples examples) throws InterruptedException {
        return update(trainer, model, loss, work, examples);
    }

    private static float[] update(EngineTrainer trainer, ModelSpec model, Loss loss, LocalWork work, Examples examples)
            throws InterruptedException {
        LocalTask task = Cases.task(model, loss, work, Cases.parameters(model, 1));
        return trainer.train(task, examples).update().valuesInTheClear();
    }

    @Test
    void oneEpochOfTheFullBatchIsOneStepAlongTheGradient() throws Exception {
        for (int count : new int[] {1, 128, 129, 1000}) {
            Examples examples = Cases.examples(MLP, SOFTMAX, count, 2);
            float[] gradient = update(MLP, SOFTMAX, new LocalWork.Gradient(), examples);
            float[] step = update(MLP, SOFTMAX, Cases.fullBatch(SGD, 1), examples);
            for (int i = 0; i < step.length; i++) {
                assertThat(step[i]).isCloseTo(-0.1f * gradient[i], within(1e-6f));
            }
        }
    }

    @Test
    void theGradientOfManyExamplesIsTheMeanOfTheGradientsOfEach() throws Exception {
        ModelSpec model = CNN;
        Examples examples = Cases.examples(model, SOFTMAX, 300, 2);
        float[] gradient = update(model, SOFTMAX, new LocalWork.Gradient(), examples);
        double[] mean = new double[gradient.length];
        for (int row = 0; row < 300; row++) {
            float[] one = update(model, SOFTMAX, new LocalWork.Gradient(), examples.select(new int[] {row}));
            for (int i = 0; i < mean.length; i++) {
                mean[i] += one[i] / 300.0;
            }
        }
        for (int i = 0; i < mean.length; i++) {
            assertThat((double) gradient[i]).isCloseTo(mean[i], within(1e-6));
        }
    }

    @Test
    void trainingAgreesWithGradientDescentByHandIncludingAShortLastBatch() throws Exception {
        ModelSpec model = Models.logisticRegression(3, 1);
        Examples examples = Cases.examples(model, BINARY, 7, 2);
        float[] start = Cases.parameters(model, 1);
        LocalTask task = Cases.task(model, BINARY, Cases.epochs(SGD, 2, 3), start);
        float[] actual = trainer.train(task, examples).update().valuesInTheClear();
        var random = task.seeds().derive("shuffle").random();
        int[] order = IntStream.range(0, 7).toArray();
        double[] expected = Cases.widen(start);
        NaiveModel oracle = new NaiveModel(model, BINARY);
        for (int epoch = 0; epoch < 2; epoch++) {
            for (int i = 6; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int other = order[j];
                order[j] = order[i];
                order[i] = other;
            }
            for (int[] rows : List.of(
                    new int[] {order[0], order[1], order[2]},
                    new int[] {order[3], order[4], order[5]},
                    new int[] {order[6]})) {
                double[] gradient = oracle.meanGradient(expected, examples.select(rows));
                for (int i = 0; i < expected.length; i++) {
                    expected[i] -= 0.1 * gradient[i];
                }
            }
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i] - start[i], within(1e-6));
        }
    }

    @Test
    void momentsOfLossesAreSumsOverTheExamples() throws Exception {
        Examples examples = Cases.examples(CNN, SOFTMAX, 150, 2);
        LocalTask task = Cases.task(CNN, SOFTMAX, new LocalWork.Evaluate(), Cases.parameters(CNN, 1));
        double sum = 0;
        double squares = 0;
        for (int row = 0; row < 150; row++) {
            double loss =
                    trainer.evaluate(task, examples.select(new int[] {row})).lossSum();
            sum += loss;
            squares += loss * loss;
        }
        LossMoments moments = trainer.losses(task, examples);
        assertThat(moments.examples()).isEqualTo(150);
        assertThat(moments.sum()).isCloseTo(sum, within(1e-4));
        assertThat(moments.mean()).isCloseTo(sum / 150, within(1e-6));
        assertThat(moments.squares()).isCloseTo(squares, within(1e-4));
    }

    @Test
    void stepsThatFillWholePassesEqualEpochs() throws Exception {
        Examples examples = Cases.examples(MLP, SOFTMAX, 10, 2);
        assertThat(update(MLP, SOFTMAX, Cases.steps(SGD, 9, 4), examples))
                .isEqualTo(update(MLP, SOFTMAX, Cases.epochs(SGD, 3, 4), examples))
                .isNotEqualTo(update(MLP, SOFTMAX, Cases.steps(SGD, 8, 4), examples));
    }

    @Test
    void aBatchLargerThanTheDataIsTheFullBatch() throws Exception {
        Examples examples = Cases.examples(MLP, SOFTMAX, 10, 2);
        assertThat(update(MLP, SOFTMAX, Cases.epochs(SGD, 3, 99), examples))
                .isEqualTo(update(MLP, SOFTMAX, Cases.fullBatch(SGD, 3), examples));
    }

    @Test
    void theSameTaskGivesTheSameBitsWhateverTheTrainerDidBefore() throws Exception {
        OptimizerSpec adam = OptimizerSpec.Adam.of(0.01);
        for (ModelSpec model : List.of(MLP, CNN)) {
            Examples examples = Cases.examples(model, SOFTMAX, 23, 2);
            float[] fresh = update(new EngineTrainer(), model, SOFTMAX, Cases.epochs(adam, 2, 5), examples);
            update(model, SQUARED, Cases.steps(SGD, 3, 5), Cases.examples(model, SQUARED, 40, 8));
            update(model, SOFTMAX, new LocalWork.Gradient(), examples);
            update(Models.logisticRegression(4, 1), BINARY, Cases.steps(SGD, 3, 5), someExamples());
            assertThat(update(model, SOFTMAX, Cases.epochs(adam, 2, 5), examples))
                    .isEqualTo(fresh);
            assertThat(update(model, SOFTMAX, Cases.epochs(adam, 2, 5), examples))
                    .isEqualTo(fresh);
        }
    }

    private static Examples someExamples() {
        return Cases.examples(Models.logisticRegression(4, 1), BINARY, 9, 1);
    }

    @Test
    void otherSeedsGiveAnotherOrderAndOtherDropout() throws Exception {
        Examples examples = Cases.examples(MLP, SOFTMAX, 23, 2);
        float[] parameters = Cases.parameters(MLP, 1);
        for (LocalWork work : List.of(Cases.fullBatch(SGD, 1), Cases.steps(SGD, 3, 5))) {
            float[] one = trainer.train(new LocalTask(MLP, SOFTMAX, work, parameters, SeedStream.of(1)), examples)
                    .update()
                    .valuesInTheClear();
            float[] two = trainer.train(new LocalTask(MLP, SOFTMAX, work, parameters, SeedStream.of(2)), examples)
                    .update()
                    .valuesInTheClear();
            assertThat(one).isNotEqualTo(two);
        }
    }

    @Test
    void dropoutKeepsTheExpectedValueAndItsRate() {
        ModelSpec model = ModelSpec.sequential(Shape.of(1000), List.of(new Layer.Dropout(0.25)));
        CompiledPlan plan = new CompiledPlan(model, 20, new JavaKernels());
        plan.begin(SeedStream.of(3));
        java.util.Arrays.fill(plan.input(0), 1f);
        float[] output = plan.forward(new float[0], 20, true).clone();
        int zeros = 0;
        for (float value : output) {
            assertThat(value).isIn(0f, 1 / 0.75f);
            zeros += value == 0 ? 1 : 0;
        }
        assertThat(zeros).isBetween(4700, 5300);
        assertThat(plan.forward(new float[0], 20, false)).containsOnly(1f);
    }

    @Test
    void theUpdateWeighsAsManyExamplesAsTheSiteHas() throws Exception {
        LocalTask task = Cases.task(MLP, SOFTMAX, Cases.epochs(SGD, 2, 4), Cases.parameters(MLP, 1));
        LocalResult result = trainer.train(task, Cases.examples(MLP, SOFTMAX, 11, 2));
        assertThat(result.update().weight()).isEqualTo(11);
        assertThat(result.training().examples()).isEqualTo(22);
    }

    @Test
    void theParametersOfATaskAreNotChanged() throws Exception {
        float[] parameters = Cases.parameters(MLP, 1);
        float[] before = parameters.clone();
        trainer.train(
                Cases.task(MLP, SOFTMAX, Cases.epochs(SGD, 2, 4), parameters), Cases.examples(MLP, SOFTMAX, 11, 2));
        assertThat(parameters).isEqualTo(before);
    }

    @Test
    void evaluationAgreesWithTheOracleAndCountsWhatIsRight() throws Exception {
        for (Loss loss : List.of(SOFTMAX, BINARY, SQUARED)) {
            Examples examples = Cases.examples(CNN, loss, 150, 2);
            float[] parameters = Cases.parameters(CNN, 1);
            Evaluation evaluation =
                    trainer.evaluate(Cases.task(CNN, loss, new LocalWork.Evaluate(), parameters), examples);
            assertThat(evaluation.examples()).isEqualTo(150);
            assertThat(evaluation.loss())
                    .isCloseTo(new NaiveModel(CNN, loss).meanLoss(Cases.widen(parameters), examples), within(1e-5));
        }
        ModelSpec identity = Models.logisticRegression(1, 1);
        Examples signs = new ArrayExamples(Shape.of(1), 1, new float[] {-1, 2, 3, -4}, new float[] {0, 1, 0, 1});
        LocalTask task = Cases.task(identity, BINARY, new LocalWork.Evaluate(), new float[] {1, 0});
        assertThat(trainer.evaluate(task, signs).correct()).isEqualTo(2);
        assertThat(trainer.evaluate(task, ArrayExamples.none(Shape.of(1), 1))).isEqualTo(Evaluation.NONE);
    }

    @Test
    void extremeLogitsGiveFiniteLossesAndGradients() throws Exception {
        for (Loss loss : List.of(SOFTMAX, BINARY)) {
            ModelSpec model = Models.logisticRegression(1, 2);
            Examples examples = new ArrayExamples(
                    Shape.of(1),
                    loss.equals(BINARY) ? 2 : 1,
                    new float[] {1, 1},
                    loss.equals(BINARY) ? new float[] {1, 0, 0, 1} : new float[] {0, 1});
            LocalTask task = Cases.task(model, loss, new LocalWork.Gradient(), new float[] {1000, -1000, 0, 0});
            LocalResult result = trainer.train(task, examples);
            assertThat(result.training().lossSum()).isCloseTo(2000, within(1e-6));
            for (float value : result.update().valuesInTheClear()) {
                assertThat(value).isFinite();
            }
        }
    }

    @Test
    void classesOutOfRangeAreRefusedWithTheirRows() {
        Examples examples = new ArrayExamples(Shape.of(6), 1, new float[24], new float[] {0, 3, -1, 1.5f});
        LocalTask task = Cases.task(MLP, SOFTMAX, new LocalWork.Gradient(), Cases.parameters(MLP, 1));
        assertThatThrownBy(() -> trainer.train(task, examples))
                .isInstanceOfSatisfying(
                        ProblemsException.class,
                        e -> assertThat(e.problems())
                                .extracting(problem -> problem.place())
                                .containsExactly(
                                        "row 1 (counted from 0)", "row 2 (counted from 0)", "row 3 (counted from 0)"))
                .hasMessageContaining("the class must be a whole number from 0 to 2. Provided value: 3.0");
    }

    @Test
    void whatDoesNotFitTheModelIsRefusedBeforeTheFirstStep() {
        LocalTask task = Cases.task(MLP, SOFTMAX, new LocalWork.Gradient(), new float[5]);
        assertThatThrownBy(() -> trainer.train(task, Cases.examples(MLP, SOFTMAX, 2, 1)))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("the model has 83 parameters. Provided value: 5");
        LocalTask whole = Cases.task(MLP, SOFTMAX, new LocalWork.Gradient(), Cases.parameters(MLP, 1));
        assertThatThrownBy(() -> trainer.train(whole, ArrayExamples.none(Shape.of(6), 1)))
                .hasMessageContaining("at least one example");
        assertThatThrownBy(() -> trainer.train(whole, new ArrayExamples(Shape.of(2), 2, new float[2], new float[2])))
                .isInstanceOfSatisfying(
                        ProblemsException.class,
                        e -> assertThat(e.problems())
                                .extracting(problem -> problem.place())
                                .containsExactly("inputs", "targets"));
        LocalTask binary = Cases.task(MLP, BINARY, new LocalWork.Gradient(), Cases.parameters(MLP, 1));
        assertThatThrownBy(() ->
                        trainer.train(binary, new ArrayExamples(Shape.of(6), 3, new float[6], new float[] {0, 1, 2})))
                .hasMessageContaining("a target must be 0 or 1. Provided value: 2.0");
    }

    @Test
    void everyReasonWhyAModelCannotBeTrainedIsNamedAtOnce() {
        Window huge = new Window(1 << 10, 1 << 10, 1, 1, 0, 0);
        ModelSpec model = new ModelSpec(
                List.of(new Input("x", Shape.of(1, 3000, 3000)), new Input("y", Shape.of(2))),
                List.of(
                        new Node("a", Layer.Conv2d.of(1, huge), List.of("x")),
                        new Node("b", Layer.Conv2d.of(1, Window.square(1, 1, 0)), List.of("a")),
                        new Node("c", Layer.Conv2d.of(1, new Window(1000, 1000, 1, 1, 0, 0)), List.of("b"))),
                "c");
        assertThat(EngineTrainer.problems(model, SOFTMAX))
                .extracting(problem -> problem.place())
                .containsExactly("node 'a'", "node 'c'", "inputs", "output 'c'");
        assertThat(EngineTrainer.problems(Models.mcMahanCnn(), SOFTMAX)).isEmpty();
    }

    @Test
    void anInterruptEndsTheTraining() {
        LocalTask task = Cases.task(MLP, SOFTMAX, Cases.steps(SGD, Integer.MAX_VALUE, 4), Cases.parameters(MLP, 1));
        Thread current = Thread.currentThread();
        Thread other = new Thread(() -> {
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            current.interrupt();
        });
        other.start();
        assertThatThrownBy(() -> trainer.train(task, Cases.examples(MLP, SOFTMAX, 11, 2)))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void manyThreadsThatShareTrainersGetTheBitsOfOne() throws Exception {
        SharedTrainer shared = new SharedTrainer(2);
        List<float[]> updates = IntStream.range(0, 12)
                .parallel()
                .mapToObj(site -> {
                    try {
                        LocalTask task = Cases.task(CNN, SOFTMAX, Cases.epochs(SGD, 2, 4), Cases.parameters(CNN, site));
                        return shared.train(task, Cases.examples(CNN, SOFTMAX, 9 + site, site))
                                .update()
                                .valuesInTheClear();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
        for (int site = 0; site < 12; site++) {
            LocalTask task = Cases.task(CNN, SOFTMAX, Cases.epochs(SGD, 2, 4), Cases.parameters(CNN, site));
            assertThat(trainer.train(task, Cases.examples(CNN, SOFTMAX, 9 + site, site))
                            .update()
                            .valuesInTheClear())
                    .isEqualTo(updates.get(site));
        }
    }

    @Test
    void stepsMakeNoGarbage() throws Exception {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        for (ModelSpec model : List.of(MLP, CNN)) {
            Examples examples = Cases.examples(model, SOFTMAX, 23, 2);
            LocalTask few = Cases.task(model, SOFTMAX, Cases.steps(SGD, 100, 5), Cases.parameters(model, 1));
            LocalTask many = Cases.task(model, SOFTMAX, Cases.steps(SGD, 2100, 5), Cases.parameters(model, 1));
            for (int i = 0; i < 3; i++) {
                trainer.train(many, examples);
            }
            long start = threads.getCurrentThreadAllocatedBytes();
            trainer.train(few, examples);
            long middle = threads.getCurrentThreadAllocatedBytes();
            trainer.train(many, examples);
            long end = threads.getCurrentThreadAllocatedBytes();
            assertThat((end - middle) - (middle - start)).isLessThan(2000 * 64L);
        }
    }
}

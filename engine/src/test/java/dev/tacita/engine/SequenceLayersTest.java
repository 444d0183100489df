package dev.tacita.engine;

import static dev.tacita.engine.Cases.SOFTMAX;
import static dev.tacita.engine.Cases.SQUARED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.kernel.BlasKernels;
import dev.tacita.engine.kernel.JavaKernels;
import dev.tacita.engine.kernel.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceLayersTest {
    private static final ModelSpec TEXT = ModelSpec.sequential(
            Shape.of(6),
            List.of(
                    new Sequence.Embedding(5, 8),
                    new Sequence.PositionalEmbedding(),
                    new Sequence.SelfAttention(2, true),
                    new Sequence.Lstm(7, true),
                    new Sequence.Gru(9, false),
                    Layer.Dense.of(2)));

    private final EngineTrainer trainer = new EngineTrainer();

    @Test
    void outputsOfManyStepsAndUnitsAgreeWithTheOracle() {
        List<Layer> layers = List.of(
                new Sequence.Lstm(33, true),
                new Sequence.Lstm(33, false),
                new Sequence.Gru(33, true),
                new Sequence.Gru(33, false),
                new Sequence.SelfAttention(3, false),
                new Sequence.SelfAttention(4, true));
        for (Layer layer : layers) {
            ModelSpec model = ModelSpec.sequential(Shape.of(40, 24), List.of(layer));
            float[] parameters = Cases.parameters(model, 2);
            float[] x = Cases.uniform(new Random(3), 9 * 40 * 24);
            CompiledPlan plan = new CompiledPlan(model, 9, BlasKernels.create());
            NaiveModel oracle = new NaiveModel(model, SQUARED);
            for (int batch : new int[] {9, 4}) {
                System.arraycopy(x, 0, plan.input(0), 0, x.length);
                float[] y = plan.forward(parameters, batch, false);
                int size = model.outputShape().size();
                for (int row = 0; row < batch; row += 3) {
                    double[] input = Cases.widen(Arrays.copyOfRange(x, row * 960, (row + 1) * 960));
                    double[] expected = oracle.output(Cases.widen(parameters), input);
                    for (int i = 0; i < size; i++) {
                        assertThat((double) y[row * size + i])
                                .as("%s, batch %d, row %d, element %d", layer, batch, row, i)
                                .isCloseTo(expected[i], within(3e-6));
                    }
                }
            }
        }
    }

    @Test
    void aSmallerBatchAfterALargerOneGivesTheBitsOfAFreshPlan() {
        float[] parameters = Cases.parameters(TEXT, 1);
        Kernels kernels = new JavaKernels();
        CompiledPlan used = new CompiledPlan(TEXT, 5, kernels);
        gradient(used, parameters, 5, 1);
        assertThat(gradient(used, parameters, 2, 2))
                .isEqualTo(gradient(new CompiledPlan(TEXT, 5, kernels), parameters, 2, 2));
    }

    private static float[] gradient(CompiledPlan plan, float[] parameters, int batch, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < batch * 6; i++) {
            plan.input(0)[i] = random.nextInt(5);
        }
        plan.forward(parameters, batch, true);
        System.arraycopy(Cases.uniform(random, batch * 2), 0, plan.outputSignal(), 0, batch * 2);
        float[] gradient = new float[parameters.length];
        plan.backward(new MeanGradient(gradient));
        return gradient;
    }

    @Test
    void aSecondSignalOverTheSamePassIsNotMixedWithTheFirst() {
        float[] parameters = Cases.parameters(TEXT, 1);
        CompiledPlan plan = new CompiledPlan(TEXT, 3, new JavaKernels());
        float[] first = gradient(plan, parameters, 3, 1);
        float[] doubled = new float[first.length];
        float[] signal = Cases.uniform(afterInputs(), 6);
        for (int i = 0; i < signal.length; i++) {
            plan.outputSignal()[i] = 2 * signal[i];
        }
        plan.backward(new MeanGradient(doubled));
        for (int i = 0; i < first.length; i++) {
            assertThat(doubled[i]).as("parameter %d", i).isEqualTo(2 * first[i]);
        }
    }

    private static Random afterInputs() {
        Random random = new Random(1);
        for (int i = 0; i < 18; i++) {
            random.nextInt(5);
        }
        return random;
    }

    @Test
    void aCausalStepSeesNothingOfLaterSteps() {
        ModelSpec model = ModelSpec.sequential(Shape.of(7, 6), List.of(new Sequence.SelfAttention(3, true)));
        float[] parameters = Cases.parameters(model, 1);
        CompiledPlan plan = new CompiledPlan(model, 1, new JavaKernels());
        float[] x = Cases.uniform(new Random(2), 42);
        System.arraycopy(x, 0, plan.input(0), 0, 42);
        float[] before = plan.forward(parameters, 1, false).clone();
        Arrays.fill(plan.input(0), 4 * 6, 42, 9f);
        float[] after = plan.forward(parameters, 1, false);
        assertThat(Arrays.copyOf(after, 24)).isEqualTo(Arrays.copyOf(before, 24));
        assertThat(Arrays.copyOfRange(after, 24, 42)).isNotEqualTo(Arrays.copyOfRange(before, 24, 42));
    }

    @Test
    void extremeInputsSaturateTheGatesAndStayFinite() {
        for (Layer layer :
                List.of(new Sequence.Lstm(3, true), new Sequence.Gru(3, true), new Sequence.SelfAttention(1, false))) {
            ModelSpec model = ModelSpec.sequential(Shape.of(4, 3), List.of(layer));
            float[] parameters = Cases.parameters(model, 1);
            CompiledPlan plan = new CompiledPlan(model, 1, new JavaKernels());
            for (int i = 0; i < 12; i++) {
                plan.input(0)[i] = i % 2 == 0 ? 1e4f : -1e4f;
            }
            float[] y = plan.forward(parameters, 1, true);
            Arrays.fill(plan.outputSignal(), 1f);
            float[] gradient = new float[parameters.length];
            plan.backward(new MeanGradient(gradient));
            for (int i = 0; i < 12; i++) {
                assertThat(y[i]).isFinite();
            }
            for (float slope : gradient) {
                assertThat(slope).as("%s", layer).isFinite();
            }
        }
    }

    @Test
    void tokensOutsideTheVocabularyAreRefusedWithTheirPlaces() {
        Examples examples = new ArrayExamples(
                Shape.of(6),
                1,
                new float[] {0, 1, 2, 3, 4, 0, 0, 1, 5, 3, 4, 0, 0, 1, 2, 3, 4, 0.5f, Float.NaN, 1, 2, 3, 4, -1},
                new float[4]);
        LocalTask task = Cases.task(TEXT, SOFTMAX, new LocalWork.Gradient(), Cases.parameters(TEXT, 1));
        String rule = "a token must be a whole number from 0 to 4, which node 'layer-1' reads. Provided value: ";
        assertThatThrownBy(() -> trainer.train(task, examples))
                .isInstanceOfSatisfying(
                        ProblemsException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        Problem.of("row 1 (counted from 0), position 2", rule + "5.0."),
                                        Problem.of("row 2 (counted from 0), position 5", rule + "0.5."),
                                        Problem.of("row 3 (counted from 0), position 0", rule + "NaN.")));
        assertThatThrownBy(() -> trainer.evaluate(task, examples)).isInstanceOf(ProblemsException.class);
    }

    @Test
    void onlyNumbersThatAnEmbeddingReadsMustBeTokens() throws Exception {
        ModelSpec model = ModelSpec.sequential(
                Shape.of(2, 3),
                List.of(
                        new Rearrangement.Slice(1, 1, 3),
                        new Rearrangement.Transpose(List.of(1, 0)),
                        new Layer.Flatten(),
                        new Sequence.Embedding(4, 2),
                        new Layer.Flatten(),
                        Layer.Dense.of(2)));
        LocalTask task = Cases.task(model, SOFTMAX, new LocalWork.Gradient(), Cases.parameters(model, 1));
        Examples right = new ArrayExamples(Shape.of(2, 3), 1, new float[] {0.5f, 1, 2, -7, 3, 0}, new float[] {0});
        assertThat(trainer.train(task, right).training().examples()).isEqualTo(1);
        Examples wrong = new ArrayExamples(Shape.of(2, 3), 1, new float[] {0, 1, 2, 0, 3, 4}, new float[] {0});
        assertThatThrownBy(() -> trainer.train(task, wrong)).hasMessageContaining("position 5");
    }

    @Test
    void anEmbeddingOfWhatIsComputedOrPaddedWronglyIsRefusedWithTheModel() {
        ModelSpec computed = ModelSpec.sequential(
                Shape.of(3), List.of(Layer.Dense.of(4), new Sequence.Embedding(4, 2), new Layer.Flatten()));
        assertThat(EngineTrainer.problems(computed, SOFTMAX))
                .containsExactly(new Problem(
                        "node 'layer-2'",
                        "an embedding reads token ids, and its input is computed.",
                        "Let it read the model's input, whole or rearranged."));
        for (double value : new double[] {4, 0.5, -1, 1e9}) {
            ModelSpec padded = ModelSpec.sequential(
                    Shape.of(3),
                    List.of(
                            new Rearrangement.Pad(List.of(1), List.of(0), value),
                            new Sequence.Embedding(4, 2),
                            new Layer.Flatten()));
            assertThat(EngineTrainer.problems(padded, SOFTMAX)).as("%s", value).hasSize(1);
        }
    }

    @Test
    void anEmbeddingOutsideATrainerNamesTheTokenItCannotTake() {
        CompiledPlan plan = new CompiledPlan(TEXT, 2, new JavaKernels());
        plan.input(0)[8] = 5;
        assertThatThrownBy(() -> plan.forward(Cases.parameters(TEXT, 1), 2, false))
                .hasMessage(
                        "node 'layer-1': a token must be a whole number from 0 to 4. Provided value: 5.0, in example"
                                + " 1 of the batch, position 2");
    }

    @Test
    void whatNeedsMoreWorkingMemoryThanAnArrayHoldsIsRefused() {
        ModelSpec model = ModelSpec.sequential(
                Shape.of(40_000, 2), List.of(new Sequence.SelfAttention(2, false), new Layer.Flatten()));
        assertThat(EngineTrainer.problems(model, SOFTMAX))
                .extracting(Problem::place)
                .containsExactly("node 'layer-1'");
    }

    @Test
    void aRecurrentModelLearnsWhichTokenCameFirst() throws Exception {
        ModelSpec model = ModelSpec.sequential(
                Shape.of(8), List.of(new Sequence.Embedding(4, 6), new Sequence.Gru(12, false), Layer.Dense.of(4)));
        Examples examples = firstTokens(256, 1);
        OptimizerSpec adam = new OptimizerSpec.Adam(0.01, 0.9, 0.999, 1e-8, 0);
        float[] start = model.layout().initialValues(SeedStream.of(1));
        LocalTask task = Cases.task(model, SOFTMAX, Cases.epochs(adam, 30, 16), start);
        float[] trained = trainer.train(task, examples).update().valuesInTheClear();
        for (int i = 0; i < trained.length; i++) {
            trained[i] += start[i];
        }
        LocalTask test = Cases.task(model, SOFTMAX, new LocalWork.Gradient(), trained);
        assertThat(trainer.evaluate(test, firstTokens(256, 2)).accuracy()).isGreaterThan(0.99);
    }

    private static Examples firstTokens(int count, long seed) {
        Random random = new Random(seed);
        float[] tokens = new float[count * 8];
        float[] targets = new float[count];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = random.nextInt(4);
        }
        for (int i = 0; i < count; i++) {
            targets[i] = tokens[i * 8];
        }
        return new ArrayExamples(Shape.of(8), 1, tokens, targets);
    }

    @Test
    void stepsMakeNoGarbage() throws Exception {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        OptimizerSpec sgd = OptimizerSpec.Sgd.of(0.1);
        Examples examples = Cases.examples(TEXT, SOFTMAX, 23, 2);
        LocalTask few = Cases.task(TEXT, SOFTMAX, Cases.steps(sgd, 100, 5), Cases.parameters(TEXT, 1));
        LocalTask many = Cases.task(TEXT, SOFTMAX, Cases.steps(sgd, 1100, 5), Cases.parameters(TEXT, 1));
        for (int i = 0; i < 3; i++) {
            trainer.train(many, examples);
        }
        long start = threads.getCurrentThreadAllocatedBytes();
        trainer.train(few, examples);
        long middle = threads.getCurrentThreadAllocatedBytes();
        trainer.train(many, examples);
        long end = threads.getCurrentThreadAllocatedBytes();
        assertThat((end - middle) - (middle - start)).isLessThan(1000 * 64L);
    }
}

package dev.tacita.engine;

import static dev.tacita.engine.Cases.SQUARED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GradientsTest {
    private static final int BATCH = 3;

    static Stream<Arguments> models() {
        return SampleModels.all().entrySet().stream()
                .filter(entry -> entry.getValue().inputs().size() == 1)
                .filter(entry -> !Cases.readsTokens(entry.getValue()))
                .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void gradientsWithRespectToTheInputAgreeWithFiniteDifferencesOfTheOracle(String name, ModelSpec model) {
        String input = model.inputs().get(0).id();
        int size = model.inputs().get(0).shape().size();
        int outputs = model.outputShape().size();
        float[] parameters = Cases.parameters(model, 3);
        float[] x = Cases.uniform(new Random(4), BATCH * size);
        float[] weights = Cases.uniform(new Random(5), BATCH * outputs);
        Gradients gradients = new Gradients(model, Set.of(input), BATCH);
        gradients.forward(parameters, List.of(x), BATCH);
        gradients.backward(weights);
        float[] actual = gradients.gradient(input);
        assertThat(gradients.value(input)).isEqualTo(x);
        NaiveModel oracle = new NaiveModel(model, SQUARED);
        for (int example = 0; example < BATCH; example++) {
            double[] at = Cases.widen(Arrays.copyOfRange(x, example * size, (example + 1) * size));
            double[] weight = Cases.widen(Arrays.copyOfRange(weights, example * outputs, (example + 1) * outputs));
            for (int i = 0; i < size; i++) {
                assertThat((double) actual[example * size + i])
                        .as("%s, example %d, element %d", name, example, i)
                        .isCloseTo(slope(oracle, Cases.widen(parameters), at, weight, i), within(5e-6));
            }
        }
    }

    private static double slope(NaiveModel oracle, double[] parameters, double[] at, double[] weights, int index) {
        double step = 1e-6;
        double[] moved = at.clone();
        moved[index] = at[index] + step;
        double above = weighted(oracle.output(parameters, moved), weights);
        moved[index] = at[index] - step;
        return (above - weighted(oracle.output(parameters, moved), weights)) / (2 * step);
    }

    private static double weighted(double[] output, double[] weights) {
        double sum = 0;
        for (int i = 0; i < output.length; i++) {
            sum += weights[i] * output[i];
        }
        return sum;
    }

    @Test
    void theGradientAtAHiddenPlaceIsThatOfTheModelCutThere() {
        Layer first = Layer.Dense.of(4);
        List<Layer> rest = List.of(SampleModels.TANH, Layer.Dense.of(3));
        ModelSpec whole = ModelSpec.sequential(Shape.of(5), List.of(first, rest.get(0), rest.get(1)));
        ModelSpec upper = ModelSpec.sequential(Shape.of(4), rest);
        float[] parameters = Cases.parameters(whole, 1);
        Gradients gradients = new Gradients(whole, Set.of("layer-1", "layer-3"), 2);
        float[] outputs = gradients.forward(parameters, List.of(Cases.uniform(new Random(2), 10)), 2);
        gradients.backward(1);
        float[] hidden = gradients.value("layer-1");
        Gradients cut = new Gradients(upper, Set.of("input"), 2);
        assertThat(cut.forward(Arrays.copyOfRange(parameters, 24, parameters.length), List.of(hidden), 2))
                .isEqualTo(outputs)
                .isEqualTo(gradients.value("layer-3"));
        cut.backward(1);
        assertThat(gradients.gradient("layer-1")).isEqualTo(cut.gradient("input"));
        assertThat(gradients.gradient("layer-3")).containsExactly(0, 1, 0, 0, 1, 0);
    }

    @Test
    void frozenParametersAndDropoutDoNotStandInTheWay() {
        ModelSpec model = new ModelSpec(
                List.of(new Input("x", Shape.of(3)), new Input("y", Shape.of(3))),
                List.of(
                        new Node("sum", new Layer.Add(), List.of("x", "y")),
                        new Node("kept", new Layer.Dropout(0.9), List.of("sum")),
                        new Node("out", Layer.Dense.of(2), List.of("kept")).asFrozen()),
                "out");
        float[] parameters = Cases.parameters(model, 1);
        Gradients gradients = new Gradients(model, Set.of("x", "y", "kept"), 4);
        gradients.forward(parameters, List.of(new float[6], new float[] {1, 2, 3, 4, 5, 6}), 2);
        gradients.backward(1);
        float[] row = Arrays.copyOfRange(parameters, 3, 6);
        for (String place : List.of("x", "y", "kept")) {
            assertThat(Arrays.copyOf(gradients.gradient(place), 3)).as(place).isEqualTo(row);
            assertThat(Arrays.copyOfRange(gradients.gradient(place), 3, 6))
                    .as(place)
                    .isEqualTo(row);
        }
    }

    @Test
    void placesThatTheOutputDoesNotDependOnAreRefused() {
        ModelSpec model = SampleModels.named("a node that nothing reads");
        assertThatThrownBy(() -> new Gradients(model, Set.of("dead", "a"), 1))
                .isInstanceOfSatisfying(
                        ProblemsException.class,
                        e -> assertThat(e.problems())
                                .extracting(Problem::toString)
                                .containsExactly("place 'dead': the output does not depend on this place."));
        assertThatThrownBy(() -> new Gradients(model, Set.of("nowhere", "after"), 1))
                .hasMessageContaining("place 'nowhere': no input or node has this name.");
    }

    @Test
    void whatWasNotComputedIsRefused() {
        ModelSpec model = SampleModels.named("dense");
        Gradients gradients = new Gradients(model, Set.of("input"), 1);
        float[] parameters = Cases.parameters(model, 1);
        assertThatThrownBy(() -> gradients.backward(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> gradients.value("input")).isInstanceOf(IllegalStateException.class);
        gradients.forward(parameters, List.of(new float[7]), 1);
        assertThatThrownBy(() -> gradients.gradient("input")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> gradients.value("layer-1")).hasMessageContaining("must be one of [input]");
        assertThatThrownBy(() -> gradients.backward(5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> gradients.backward(new float[6]))
                .hasMessageContaining("weights must have 5 values. Provided value: 6");
        assertThatThrownBy(() -> gradients.forward(parameters, List.of(new float[8]), 1))
                .hasMessageContaining("input 'input' must have 7 values. Provided value: 8");
        assertThatThrownBy(() -> gradients.forward(parameters, List.of(new float[14]), 2))
                .hasMessageContaining("count must be 1 to 1. Provided value: 2");
    }
}

package dev.tacita.engine;

import static dev.tacita.engine.Cases.BINARY;
import static dev.tacita.engine.Cases.SOFTMAX;
import static dev.tacita.engine.Cases.SQUARED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Initializer;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GradientTest {
    private static final Layer TANH = new Layer.Activation(new ActivationFunction.Tanh());

    static Stream<Arguments> modelsAndLosses() {
        List<Arguments> cases = new ArrayList<>();
        models().forEach((name, model) -> {
            for (Loss loss : List.of(SOFTMAX, BINARY, SQUARED)) {
                for (int batch : new int[] {1, 5}) {
                    cases.add(Arguments.of(name, model, loss, batch));
                }
            }
        });
        return cases.stream();
    }

    private static Map<String, ModelSpec> models() {
        Map<String, ModelSpec> models = new TreeMap<>();
        models.put("dense", ModelSpec.sequential(Shape.of(7), List.of(Layer.Dense.of(5))));
        models.put(
                "dense without bias",
                ModelSpec.sequential(
                        Shape.of(3),
                        List.of(new Layer.Dense(4, false, Initializer.HE_NORMAL), TANH, Layer.Dense.of(2))));
        Map<String, ActivationFunction> functions = Map.of(
                "relu", new ActivationFunction.Relu(),
                "leaky relu", new ActivationFunction.LeakyRelu(0.1),
                "elu", new ActivationFunction.Elu(0.7),
                "tanh", new ActivationFunction.Tanh(),
                "sigmoid", new ActivationFunction.Sigmoid(),
                "softplus", new ActivationFunction.Softplus());
        functions.forEach((name, function) -> models.put(
                name,
                ModelSpec.sequential(
                        Shape.of(6), List.of(Layer.Dense.of(9), new Layer.Activation(function), Layer.Dense.of(3)))));
        models.put(
                "softmax",
                ModelSpec.sequential(Shape.of(4), List.of(Layer.Dense.of(5), new Layer.Softmax(), Layer.Dense.of(3))));
        models.put("softmax of images", image(Shape.of(2, 3, 4), new Layer.Softmax()));
        models.put("no dropout", image(Shape.of(2, 3, 4), new Layer.Dropout(0)));
        models.put("conv 1x1", image(Shape.of(3, 4, 5), conv(2, new Window(1, 1, 1, 1, 0, 0))));
        models.put("conv 3x2, stride 2x3", image(Shape.of(2, 7, 8), conv(3, new Window(3, 2, 2, 3, 0, 0))));
        models.put("conv 2x3, padding 2x1", image(Shape.of(2, 4, 3), conv(2, new Window(2, 3, 1, 1, 2, 1))));
        models.put("conv 3x3, stride 2, padding 1", image(Shape.of(1, 6, 5), conv(4, Window.square(3, 2, 1))));
        models.put("conv of the whole image", image(Shape.of(2, 4, 3), conv(3, new Window(4, 3, 1, 1, 0, 0))));
        models.put(
                "conv without bias",
                image(
                        Shape.of(1, 5, 5),
                        new Layer.Conv2d(2, Window.square(2, 1, 0), false, Initializer.GLOROT_UNIFORM)));
        models.put("conv with one product an image", image(Shape.of(1, 12, 13), conv(2, Window.square(3, 1, 1))));
        models.put("max pool 2", image(Shape.of(2, 5, 6), new Layer.MaxPool2d(Window.square(2, 2, 0))));
        models.put(
                "max pool 3x2, overlapping, padded",
                image(Shape.of(1, 5, 5), new Layer.MaxPool2d(new Window(3, 2, 1, 2, 1, 1))));
        models.put("avg pool 2", image(Shape.of(2, 4, 4), new Layer.AvgPool2d(Window.square(2, 2, 0))));
        models.put(
                "avg pool 3x2, overlapping, padded",
                image(Shape.of(1, 5, 5), new Layer.AvgPool2d(new Window(3, 2, 1, 2, 1, 1))));
        models.put("residual", residual());
        models.put("concat of vectors", concatOfVectors());
        models.put("concat of images, one read twice", concatOfImages());
        models.put("a node that nothing reads", withDeadNode());
        return models;
    }

    private static Layer conv(int filters, Window window) {
        return Layer.Conv2d.of(filters, window);
    }

    /** The layer between a convolution, so that its signal matters, and a dense layer. */
    private static ModelSpec image(Shape input, Layer layer) {
        return ModelSpec.sequential(
                input,
                List.of(conv(2, Window.square(1, 1, 0)), TANH, layer, TANH, new Layer.Flatten(), Layer.Dense.of(3)));
    }

    private static ModelSpec residual() {
        return graph(
                Shape.of(5),
                new Node("a", Layer.Dense.of(4), List.of("x")),
                new Node("b", TANH, List.of("a")),
                new Node("c", Layer.Dense.of(4), List.of("b")),
                new Node("sum", new Layer.Add(), List.of("a", "c", "b", "b")),
                new Node("d", Layer.Dense.of(3), List.of("sum")));
    }

    private static ModelSpec concatOfVectors() {
        return graph(
                Shape.of(5),
                new Node("a", Layer.Dense.of(4), List.of("x")),
                new Node("b", Layer.Dense.of(2), List.of("x")),
                new Node("joined", new Layer.Concat(), List.of("a", "x", "b")),
                new Node("d", Layer.Dense.of(3), List.of("joined")));
    }

    private static ModelSpec concatOfImages() {
        return graph(
                Shape.of(1, 4, 3),
                new Node("a", conv(2, Window.square(3, 1, 1)), List.of("x")),
                new Node("flat", new Layer.Flatten(), List.of("a")),
                new Node("joined", new Layer.Concat(), List.of("a", "x", "a")),
                new Node("b", conv(2, Window.square(2, 1, 0)), List.of("joined")),
                new Node("flat-too", new Layer.Flatten(), List.of("b")),
                new Node("both", new Layer.Concat(), List.of("flat", "flat-too")),
                new Node("d", Layer.Dense.of(2), List.of("both")));
    }

    private static ModelSpec withDeadNode() {
        return new ModelSpec(
                List.of(new Input("x", Shape.of(3))),
                List.of(
                        new Node("a", Layer.Dense.of(4), List.of("x")),
                        new Node("dead", Layer.Dense.of(6), List.of("a")),
                        new Node("b", Layer.Dense.of(2), List.of("a")),
                        new Node("after", TANH, List.of("b"))),
                "b");
    }

    private static ModelSpec graph(Shape input, Node... nodes) {
        return new ModelSpec(List.of(new Input("x", input)), List.of(nodes), nodes[nodes.length - 1].id());
    }

    @ParameterizedTest(name = "{0}, {2}, batch {3}")
    @MethodSource("modelsAndLosses")
    void gradientsAgreeWithFiniteDifferencesOfTheOracle(String name, ModelSpec model, Loss loss, int batch)
            throws Exception {
        float[] parameters = Cases.parameters(model, 3);
        Examples examples = Cases.examples(model, loss, batch, 5);
        NaiveModel oracle = new NaiveModel(model, loss);
        double[] expected = oracle.meanGradient(Cases.widen(parameters), examples);
        double scale = 1e-2;
        for (double value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        for (Kernels kernels : List.of(new JavaKernels(), BlasKernels.create(), BlasKernels.of(OpenBlas.load()))) {
            LocalTask task = Cases.task(model, loss, new LocalWork.Gradient(), parameters);
            LocalResult result = new EngineTrainer(kernels).train(task, examples);
            assertThat(result.training().loss())
                    .isCloseTo(oracle.meanLoss(Cases.widen(parameters), examples), within(2e-6));
            float[] actual = result.update().valuesInTheClear();
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) actual[i])
                        .as("%s, parameter %d, %s", name, i, kernels)
                        .isCloseTo(expected[i], within(2e-6 * scale));
            }
        }
    }

    @Test
    void theModelsOfMcMahanAgreeWithTheOracleAtRandomParameters() throws Exception {
        for (ModelSpec model : List.of(Models.mcMahan2nn(), Models.mcMahanCnn())) {
            float[] parameters = Cases.parameters(model, 1);
            Examples examples = Cases.examples(model, SOFTMAX, 2, 2);
            NaiveModel oracle = new NaiveModel(model, SOFTMAX);
            LocalTask task = Cases.task(model, SOFTMAX, new LocalWork.Gradient(), parameters);
            float[] actual = new EngineTrainer().train(task, examples).update().valuesInTheClear();
            Random random = new Random(9);
            for (int draw = 0; draw < 8; draw++) {
                int slot = random.nextInt(model.layout().slots().size());
                int index = model.layout().slots().get(slot).offset()
                        + random.nextInt(model.layout().slots().get(slot).length());
                assertThat((double) actual[index])
                        .as("parameter %d", index)
                        .isCloseTo(oracle.slope(Cases.widen(parameters), examples, index), within(2e-5));
            }
        }
    }
}

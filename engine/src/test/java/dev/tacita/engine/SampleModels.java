package dev.tacita.engine;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Initializer;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Pooling;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The models that every way of computing gradients is held to: the mean gradient against finite differences, and the
 * gradients of single examples against each other. A new layer is put here.
 */
public final class SampleModels {
    static final Layer TANH = new Layer.Activation(new ActivationFunction.Tanh());

    private SampleModels() {}

    /** Every model by its name: one for each layer and each of its settings that takes another path, and small graphs. */
    public static Map<String, ModelSpec> all() {
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
                "softplus", new ActivationFunction.Softplus(),
                "gelu", new ActivationFunction.Gelu(false),
                "gelu by tanh", new ActivationFunction.Gelu(true),
                "silu", new ActivationFunction.Silu(),
                "hardtanh", new ActivationFunction.Hardtanh(-0.3, 0.2));
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
                "max pool 2 overlapping", image(Shape.of(2, 4, 5), new Layer.MaxPool2d(new Window(2, 2, 2, 1, 0, 0))));
        models.put(
                "max pool 3x2, overlapping, padded",
                image(Shape.of(1, 5, 5), new Layer.MaxPool2d(new Window(3, 2, 1, 2, 1, 1))));
        models.put("avg pool 2", image(Shape.of(2, 4, 4), new Layer.AvgPool2d(Window.square(2, 2, 0))));
        models.put(
                "avg pool 3x2, overlapping, padded",
                image(Shape.of(1, 5, 5), new Layer.AvgPool2d(new Window(3, 2, 1, 2, 1, 1))));
        models.put("global avg pool", image(Shape.of(3, 4, 5), new Pooling.GlobalAvgPool()));
        models.put("adaptive avg pool to fewer", image(Shape.of(2, 7, 5), new Pooling.AdaptiveAvgPool2d(3, 2)));
        models.put("adaptive avg pool to more", image(Shape.of(1, 2, 3), new Pooling.AdaptiveAvgPool2d(5, 3)));
        models.put("residual", residual());
        models.put("concat of vectors", concatOfVectors());
        models.put("concat of images, one read twice", concatOfImages());
        models.put("a node that nothing reads", withDeadNode());
        models.putAll(GroupedConvolutionModels.all());
        models.putAll(NormalizationModels.all());
        models.putAll(RearrangementModels.all());
        models.put("convolutions to small maps", smallMaps());
        models.putAll(SharingModels.all());
        models.putAll(SequenceModels.all());
        return models;
    }

    /** One of {@link #all}. */
    public static ModelSpec named(String name) {
        return Optional.ofNullable(all().get(name)).orElseThrow();
    }

    private static ModelSpec smallMaps() {
        return ModelSpec.sequential(
                Shape.of(3, 6, 6),
                List.of(
                        conv(8, Window.square(3, 2, 1)),
                        TANH,
                        conv(9, Window.square(3, 2, 1)),
                        TANH,
                        new Layer.Flatten(),
                        Layer.Dense.of(3)));
    }

    static Layer conv(int filters, Window window) {
        return Layer.Conv2d.of(filters, window);
    }

    /** The layers between a convolution, so that their signal matters, and a dense layer. */
    static ModelSpec image(Shape input, Layer... layers) {
        List<Layer> all = new ArrayList<>(List.of(conv(2, Window.square(1, 1, 0)), TANH));
        all.addAll(List.of(layers));
        all.addAll(List.of(TANH, new Layer.Flatten(), Layer.Dense.of(3)));
        return ModelSpec.sequential(input, all);
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

    static ModelSpec graph(Shape input, Node... nodes) {
        return new ModelSpec(List.of(new Input("x", input)), List.of(nodes), nodes[nodes.length - 1].id());
    }
}

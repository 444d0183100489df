package dev.tacita.engine;

import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Models whose nodes share parameters or are frozen; part of {@link SampleModels}. */
final class SharingModels {
    private SharingModels() {}

    static Map<String, ModelSpec> all() {
        Map<String, ModelSpec> models = new TreeMap<>();
        models.put("shared dense layers", sharedDense());
        models.put("shared convolutions", sharedConvolutions());
        models.put("shared with a node that nothing reads", sharedWithDeadNode());
        models.put("frozen first layers", frozenFirst());
        models.put("frozen between trained layers", frozenBetween());
        models.put("frozen and shared", frozenShared());
        return models;
    }

    private static ModelSpec sharedDense() {
        return SampleModels.graph(
                Shape.of(4),
                new Node("a", Layer.Dense.of(4), List.of("x")),
                new Node("b", SampleModels.TANH, List.of("a")),
                new Node("c", Layer.Dense.of(4), List.of("b")).sharing("a"),
                new Node("d", SampleModels.TANH, List.of("c")),
                new Node("e", Layer.Dense.of(4), List.of("d")).sharing("a"),
                new Node("f", Layer.Dense.of(3), List.of("e")));
    }

    private static ModelSpec sharedConvolutions() {
        Layer layer = SampleModels.conv(2, Window.square(3, 1, 1));
        return SampleModels.graph(
                Shape.of(2, 4, 5),
                new Node("a", layer, List.of("x")),
                new Node("b", SampleModels.TANH, List.of("a")),
                new Node("c", layer, List.of("b")).sharing("a"),
                new Node("sum", new Layer.Add(), List.of("a", "c")),
                new Node("flat", new Layer.Flatten(), List.of("sum")),
                new Node("d", Layer.Dense.of(3), List.of("flat")));
    }

    private static ModelSpec sharedWithDeadNode() {
        return SampleModels.graph(
                Shape.of(3),
                new Node("dead", Layer.Dense.of(3), List.of("x")),
                new Node("a", Layer.Dense.of(3), List.of("x")).sharing("dead"),
                new Node("b", Layer.Dense.of(2), List.of("a")));
    }

    private static ModelSpec frozenFirst() {
        return SampleModels.graph(
                Shape.of(1, 5, 5),
                new Node("a", SampleModels.conv(2, Window.square(3, 1, 0)), List.of("x")).asFrozen(),
                new Node("b", SampleModels.TANH, List.of("a")),
                new Node("flat", new Layer.Flatten(), List.of("b")),
                new Node("c", Layer.Dense.of(4), List.of("flat")),
                new Node("d", Layer.Dense.of(3), List.of("c")));
    }

    private static ModelSpec frozenBetween() {
        return SampleModels.graph(
                Shape.of(4),
                new Node("a", Layer.Dense.of(5), List.of("x")),
                new Node("b", Layer.Dense.of(6), List.of("a")).asFrozen(),
                new Node("c", SampleModels.TANH, List.of("b")),
                new Node("d", Layer.Dense.of(3), List.of("c")));
    }

    private static ModelSpec frozenShared() {
        return SampleModels.graph(
                Shape.of(4),
                new Node("a", Layer.Dense.of(4), List.of("x")).asFrozen(),
                new Node("b", Layer.Dense.of(4), List.of("a")),
                new Node("c", Layer.Dense.of(4), List.of("b")).sharing("a"),
                new Node("d", Layer.Dense.of(4), List.of("c")).sharing("b"),
                new Node("e", Layer.Dense.of(2), List.of("d")));
    }
}

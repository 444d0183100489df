package dev.tacita.engine;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small models with each rearrangement, and with products. */
final class RearrangementModels {
    private static final Layer TANH = new Layer.Activation(new ActivationFunction.Tanh());

    private RearrangementModels() {}

    static Map<String, ModelSpec> all() {
        Map<String, ModelSpec> models = new LinkedHashMap<>();
        models.put("reshape", after(Shape.of(2, 3, 4), new Rearrangement.Reshape(Shape.of(4, 6))));
        models.put("transpose 0,1,2", after(Shape.of(2, 3, 4), new Rearrangement.Transpose(List.of(0, 1, 2))));
        models.put("transpose 2,0,1", after(Shape.of(2, 3, 4), new Rearrangement.Transpose(List.of(2, 0, 1))));
        models.put("transpose 1,0,2", after(Shape.of(2, 3, 10), new Rearrangement.Transpose(List.of(1, 0, 2))));
        models.put("slice of rows", after(Shape.of(2, 4, 3), new Rearrangement.Slice(1, 1, 3)));
        models.put("slice of columns", after(Shape.of(2, 3, 12), new Rearrangement.Slice(2, 2, 12)));
        models.put("slice of everything", after(Shape.of(2, 3, 2), new Rearrangement.Slice(0, 0, 2)));
        models.put(
                "pad unevenly",
                after(Shape.of(2, 3, 2), new Rearrangement.Pad(List.of(0, 2, 1), List.of(1, 0, 3), -0.5)));
        models.put(
                "pad in front only",
                after(Shape.of(2, 2, 9), new Rearrangement.Pad(List.of(0, 0, 4), List.of(0, 0, 0), 0)));
        models.put("multiply, one input three times", product());
        return models;
    }

    /** The layer between a convolution and a dense layer, so that the signal through it is not the last. */
    private static ModelSpec after(Shape input, Layer layer) {
        return ModelSpec.sequential(
                input,
                List.of(
                        Layer.Conv2d.of(2, Window.square(1, 1, 0)),
                        TANH,
                        layer,
                        TANH,
                        new Layer.Flatten(),
                        Layer.Dense.of(3)));
    }

    private static ModelSpec product() {
        return new ModelSpec(
                List.of(new Input("x", Shape.of(4))),
                List.of(
                        new Node("a", Layer.Dense.of(4), List.of("x")),
                        new Node("b", TANH, List.of("a")),
                        new Node("product", new Layer.Multiply(), List.of("a", "b", "a", "x", "a")),
                        new Node("both", new Layer.Multiply(), List.of("product", "b")),
                        new Node("d", Layer.Dense.of(3), List.of("both"))),
                "d");
    }
}

package dev.tacita.engine;

import static dev.tacita.engine.SampleModels.TANH;
import static dev.tacita.engine.SampleModels.image;

import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Normalization.GroupNorm;
import dev.tacita.core.model.Normalization.InstanceNorm;
import dev.tacita.core.model.Normalization.LayerNorm;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import java.util.List;
import java.util.Map;

/** Normalisations of single examples, for {@link SampleModels}. */
final class NormalizationModels {
    private NormalizationModels() {}

    static Map<String, ModelSpec> all() {
        return Map.of(
                "group norm", image(Shape.of(3, 3, 2), wide(new GroupNorm(2, 1e-2))),
                "group norm in one group", image(Shape.of(1, 2, 3), new GroupNorm(1, 1e-3)),
                "group norm of a vector", vector(6, new GroupNorm(3, 0.1)),
                "instance norm", image(Shape.of(2, 3, 4), new InstanceNorm(1e-3)),
                "layer norm of a vector", vector(5, LayerNorm.standard()),
                "layer norm over columns", image(Shape.of(2, 3, 4), new LayerNorm(1, 1e-2)),
                "layer norm over rows and columns", image(Shape.of(1, 3, 2), new LayerNorm(2, 1e-3)),
                "layer norm over all", image(Shape.of(2, 2, 3), new LayerNorm(3, 1e-4)));
    }

    private static Layer[] wide(Normalization layer) {
        return new Layer[] {Layer.Conv2d.of(4, Window.square(1, 1, 0)), layer};
    }

    private static ModelSpec vector(int units, Normalization layer) {
        return ModelSpec.sequential(Shape.of(4), List.of(Layer.Dense.of(units), layer, TANH, Layer.Dense.of(3)));
    }
}

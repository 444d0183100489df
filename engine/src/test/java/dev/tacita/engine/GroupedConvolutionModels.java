package dev.tacita.engine;

import static dev.tacita.engine.SampleModels.TANH;

import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Layer.Conv2d;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import java.util.List;
import java.util.Map;

/** Convolutions in groups and with holes, for {@link SampleModels}. */
final class GroupedConvolutionModels {
    private GroupedConvolutionModels() {}

    static Map<String, ModelSpec> all() {
        Window rectangle = new Window(3, 2, 2, 1, 2, 1);
        return Map.of(
                "conv, dilation 2x3",
                over(2, 7, 9, Conv2d.of(2, new Window(2, 3, 1, 1, 1, 2).dilated(2, 3))),
                "conv, dilation 2, stride 2",
                over(1, 8, 7, Conv2d.of(3, Window.square(3, 2, 2).dilated(2, 2))),
                "conv in two groups",
                over(4, 5, 4, Conv2d.of(6, rectangle).inGroups(2)),
                "conv in two groups, dilation 2, without bias",
                over(
                        4,
                        6,
                        6,
                        new Conv2d(
                                2,
                                Window.square(2, 1, 0).dilated(2, 2),
                                2,
                                false,
                                Conv2d.of(1, rectangle).initializer())),
                "depthwise conv",
                over(3, 5, 4, Conv2d.of(3, Window.square(3, 1, 1)).inGroups(3)),
                "depthwise conv, two filters a channel, stride 2x1",
                over(2, 6, 5, Conv2d.of(4, rectangle).inGroups(2)),
                "depthwise conv, dilation 2x1, stride 1x2, padding on one side",
                over(
                        2,
                        6,
                        5,
                        Conv2d.of(2, new Window(2, 3, 1, 2, 0, 1).dilated(2, 1)).inGroups(2)));
    }

    private static ModelSpec over(int channels, int height, int width, Conv2d layer) {
        return ModelSpec.sequential(
                Shape.of(1, height, width),
                List.of(
                        Conv2d.of(channels, Window.square(1, 1, 0)),
                        TANH,
                        layer,
                        TANH,
                        new Layer.Flatten(),
                        Layer.Dense.of(3)));
    }
}

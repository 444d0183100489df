package dev.tacita.benchmarks;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import java.util.List;

/** The convolutional network of TensorFlow Privacy's tutorial for MNIST, 26,010 parameters. */
final class TutorialNetwork {
    private TutorialNetwork() {}

    static ModelSpec with(ActivationFunction function) {
        Layer activated = new Layer.Activation(function);
        Layer pool = new Layer.MaxPool2d(Window.square(2, 1, 0));
        return ModelSpec.sequential(
                Shape.of(1, 28, 28),
                List.of(
                        Layer.Conv2d.of(16, Window.square(8, 2, 3)),
                        activated,
                        pool,
                        Layer.Conv2d.of(32, Window.square(4, 2, 0)),
                        activated,
                        pool,
                        new Layer.Flatten(),
                        Layer.Dense.of(32),
                        activated,
                        Layer.Dense.of(10)));
    }
}

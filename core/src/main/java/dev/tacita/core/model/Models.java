package dev.tacita.core.model;

import java.util.List;

/** Ready models. */
public final class Models {
    private static final Layer RELU = new Layer.Activation(new ActivationFunction.Relu());

    private Models() {}

    /**
     * Logistic regression: one dense layer that starts at zero.
     *
     * @param inputs features of one example, at least 1
     * @param outputs 1 for two classes (one logit), else the number of classes
     */
    public static ModelSpec logisticRegression(int inputs, int outputs) {
        return ModelSpec.sequential(Shape.of(inputs), List.of(new Layer.Dense(outputs, true, Initializer.ZEROS)));
    }

    /**
     * A linear support vector machine: one dense layer that starts at zero, to be trained with the hinge loss.
     *
     * @param inputs features of one example, at least 1
     * @param outputs 1 for two classes, else one for each class against the rest
     */
    public static ModelSpec linearSvm(int inputs, int outputs) {
        return logisticRegression(inputs, outputs);
    }

    /**
     * Cox's proportional hazards (Cox 1972): the log hazard ratio as a linear function without intercept, to be trained
     * with the partial likelihood.
     *
     * @param inputs features of one example, at least 1
     */
    public static ModelSpec coxProportionalHazards(int inputs) {
        return ModelSpec.sequential(Shape.of(inputs), List.of(new Layer.Dense(1, false, Initializer.ZEROS)));
    }

    /**
     * Two hidden layers of rectified units; an image is flattened first.
     *
     * @param input shape of one example
     * @param hidden units of each hidden layer, at least 1
     * @param outputs logits, at least 1
     */
    public static ModelSpec twoHiddenLayers(Shape input, int hidden, int outputs) {
        return ModelSpec.sequential(
                input,
                List.of(
                        new Layer.Flatten(),
                        Layer.Dense.of(hidden),
                        RELU,
                        Layer.Dense.of(hidden),
                        RELU,
                        Layer.Dense.of(outputs)));
    }

    /** The "2NN" for MNIST images (1, 28, 28): 199,210 parameters (McMahan et al. 2017, sec. 3). */
    public static ModelSpec mcMahan2nn() {
        return twoHiddenLayers(Shape.of(1, 28, 28), 200, 10);
    }

    /** The convolutional network for MNIST images (1, 28, 28): 1,663,370 parameters (McMahan et al. 2017, sec. 3). */
    public static ModelSpec mcMahanCnn() {
        Window same = Window.square(5, 1, 2);
        Layer halve = new Layer.MaxPool2d(Window.square(2, 2, 0));
        return ModelSpec.sequential(
                Shape.of(1, 28, 28),
                List.of(
                        Layer.Conv2d.of(32, same),
                        RELU,
                        halve,
                        Layer.Conv2d.of(64, same),
                        RELU,
                        halve,
                        new Layer.Flatten(),
                        Layer.Dense.of(512),
                        RELU,
                        Layer.Dense.of(10)));
    }

    /**
     * LeNet-5 for images (1, 28, 28), 61,706 parameters: the layers of LeCun et al. 1998, sec. II-B, with rectified units,
     * maximum pooling and one dense output layer, as it is used today.
     */
    public static ModelSpec leNet5() {
        Layer halve = new Layer.MaxPool2d(Window.square(2, 2, 0));
        return ModelSpec.sequential(
                Shape.of(1, 28, 28),
                List.of(
                        Layer.Conv2d.of(6, Window.square(5, 1, 2)),
                        RELU,
                        halve,
                        Layer.Conv2d.of(16, Window.square(5, 1, 0)),
                        RELU,
                        halve,
                        new Layer.Flatten(),
                        Layer.Dense.of(120),
                        RELU,
                        Layer.Dense.of(84),
                        RELU,
                        Layer.Dense.of(10)));
    }
}

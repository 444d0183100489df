package dev.tacita.client;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.LayerVisitor;
import java.util.List;

/** The names that plans and policies use for layers. */
final class LayerNames implements LayerVisitor<String> {
    static final List<String> ALL = List.of(
            "dense",
            "conv2d",
            "max-pool2d",
            "avg-pool2d",
            "relu",
            "leaky-relu",
            "elu",
            "tanh",
            "sigmoid",
            "softplus",
            "softmax",
            "flatten",
            "dropout",
            "add",
            "concat");

    private LayerNames() {}

    static String of(Layer layer) {
        return layer.accept(new LayerNames());
    }

    @Override
    public String dense(Layer.Dense layer) {
        return "dense";
    }

    @Override
    public String conv2d(Layer.Conv2d layer) {
        return "conv2d";
    }

    @Override
    public String maxPool2d(Layer.MaxPool2d layer) {
        return "max-pool2d";
    }

    @Override
    public String avgPool2d(Layer.AvgPool2d layer) {
        return "avg-pool2d";
    }

    @Override
    public String activation(Layer.Activation layer) {
        ActivationFunction function = layer.function();
        if (function instanceof ActivationFunction.Relu) {
            return "relu";
        }
        if (function instanceof ActivationFunction.LeakyRelu) {
            return "leaky-relu";
        }
        if (function instanceof ActivationFunction.Elu) {
            return "elu";
        }
        if (function instanceof ActivationFunction.Tanh) {
            return "tanh";
        }
        if (function instanceof ActivationFunction.Sigmoid) {
            return "sigmoid";
        }
        return "softplus";
    }

    @Override
    public String softmax(Layer.Softmax layer) {
        return "softmax";
    }

    @Override
    public String flatten(Layer.Flatten layer) {
        return "flatten";
    }

    @Override
    public String dropout(Layer.Dropout layer) {
        return "dropout";
    }

    @Override
    public String add(Layer.Add layer) {
        return "add";
    }

    @Override
    public String concat(Layer.Concat layer) {
        return "concat";
    }
}

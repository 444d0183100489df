package dev.tacita.config;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Initializer;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.LayerVisitor;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Pooling;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Window;

/** One layer as YAML, in one line. */
final class LayerWriter implements LayerVisitor<String> {
    @Override
    public String dense(Layer.Dense layer) {
        return layer.name() + ": {units: " + layer.units() + rest(layer.bias(), layer.initializer());
    }

    @Override
    public String conv2d(Layer.Conv2d layer) {
        return layer.name() + ": {filters: " + layer.filters() + ", " + window(layer.window()) + ", dilation: "
                + pair(layer.window().dilationHeight(), layer.window().dilationWidth()) + ", groups: " + layer.groups()
                + rest(layer.bias(), layer.initializer());
    }

    @Override
    public String maxPool2d(Layer.MaxPool2d layer) {
        return layer.name() + ": {" + window(layer.window()) + "}";
    }

    @Override
    public String avgPool2d(Layer.AvgPool2d layer) {
        return layer.name() + ": {" + window(layer.window()) + "}";
    }

    @Override
    public String globalAvgPool(Pooling.GlobalAvgPool layer) {
        return layer.name();
    }

    @Override
    public String adaptiveAvgPool2d(Pooling.AdaptiveAvgPool2d layer) {
        return layer.name() + ": {size: " + pair(layer.height(), layer.width()) + "}";
    }

    @Override
    public String batchNorm(Normalization.BatchNorm layer) {
        return layer.name() + ": {momentum: " + YamlText.number(layer.momentum()) + epsilon(layer);
    }

    @Override
    public String groupNorm(Normalization.GroupNorm layer) {
        return layer.name() + ": {groups: " + layer.groups() + epsilon(layer);
    }

    @Override
    public String instanceNorm(Normalization.InstanceNorm layer) {
        return layer.name() + ": {epsilon: " + YamlText.number(layer.epsilon()) + "}";
    }

    @Override
    public String layerNorm(Normalization.LayerNorm layer) {
        return layer.name() + ": {dimensions: " + layer.dimensions() + epsilon(layer);
    }

    private static String epsilon(Normalization layer) {
        return ", epsilon: " + YamlText.number(layer.epsilon()) + "}";
    }

    @Override
    public String activation(Layer.Activation layer) {
        ActivationFunction function = layer.function();
        if (function instanceof ActivationFunction.LeakyRelu leaky) {
            return layer.name() + ": {slope: " + YamlText.number(leaky.slope()) + "}";
        }
        if (function instanceof ActivationFunction.Elu elu) {
            return layer.name() + ": {alpha: " + YamlText.number(elu.alpha()) + "}";
        }
        if (function instanceof ActivationFunction.Gelu gelu) {
            return layer.name() + ": {tanh-approximation: " + gelu.tanhApproximation() + "}";
        }
        if (function instanceof ActivationFunction.Hardtanh hardtanh) {
            return layer.name() + ": {min: " + YamlText.number(hardtanh.min()) + ", max: "
                    + YamlText.number(hardtanh.max()) + "}";
        }
        return layer.name();
    }

    @Override
    public String softmax(Layer.Softmax layer) {
        return layer.name();
    }

    @Override
    public String flatten(Layer.Flatten layer) {
        return layer.name();
    }

    @Override
    public String dropout(Layer.Dropout layer) {
        return layer.name() + ": {rate: " + YamlText.number(layer.rate()) + "}";
    }

    @Override
    public String add(Layer.Add layer) {
        return layer.name();
    }

    @Override
    public String multiply(Layer.Multiply layer) {
        return layer.name();
    }

    @Override
    public String concat(Layer.Concat layer) {
        return layer.name();
    }

    @Override
    public String reshape(Rearrangement.Reshape layer) {
        return layer.name() + ": {shape: " + layer.shape() + "}";
    }

    @Override
    public String transpose(Rearrangement.Transpose layer) {
        return layer.name() + ": {permutation: " + layer.permutation() + "}";
    }

    @Override
    public String slice(Rearrangement.Slice layer) {
        return layer.name() + ": {dimension: " + layer.dimension() + ", from: " + layer.from() + ", to: " + layer.to()
                + "}";
    }

    @Override
    public String pad(Rearrangement.Pad layer) {
        return layer.name() + ": {before: " + layer.before() + ", after: " + layer.after() + ", value: "
                + YamlText.number(layer.value()) + "}";
    }

    @Override
    public String embedding(Sequence.Embedding layer) {
        return layer.name() + ": {vocabulary: " + layer.vocabulary() + ", width: " + layer.width() + "}";
    }

    @Override
    public String positionalEmbedding(Sequence.PositionalEmbedding layer) {
        return layer.name();
    }

    @Override
    public String lstm(Sequence.Lstm layer) {
        return recurrent(layer.name(), layer.units(), layer.returnSequences());
    }

    @Override
    public String gru(Sequence.Gru layer) {
        return recurrent(layer.name(), layer.units(), layer.returnSequences());
    }

    private static String recurrent(String name, int units, boolean returnSequences) {
        return name + ": {units: " + units + ", return-sequences: " + returnSequences + "}";
    }

    @Override
    public String selfAttention(Sequence.SelfAttention layer) {
        return layer.name() + ": {heads: " + layer.heads() + ", causal: " + layer.causal() + "}";
    }

    private static String window(Window window) {
        return "kernel: " + pair(window.height(), window.width()) + ", stride: "
                + pair(window.strideHeight(), window.strideWidth()) + ", padding: "
                + pair(window.paddingHeight(), window.paddingWidth());
    }

    private static String pair(int height, int width) {
        return height == width ? Integer.toString(height) : "[" + height + ", " + width + "]";
    }

    private static String rest(boolean bias, Initializer initializer) {
        return ", bias: " + bias + ", initializer: " + Kinds.word(initializer) + "}";
    }
}

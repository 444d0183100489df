package dev.tacita.onnx;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Initializer;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.LayerVisitor;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Pooling;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Window;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Says of a node what it was before it became ONNX operators, in one line: what ONNX has no place for, such as
 * initialisers, and what several layers would look like. A reader believes a claim only if the layer it names gives the
 * very operators that the file holds.
 */
final class ClaimWriter implements LayerVisitor<ClaimWriter> {
    static final String KEY = OnnxModel.RESERVED + "node.";

    private final StringBuilder text;

    private ClaimWriter(String name) {
        text = new StringBuilder(name);
    }

    static String claim(Node node) {
        ClaimWriter claim = node.layer().accept(new ClaimWriter(node.layer().name()));
        claim.with("inputs", String.join(",", node.inputs()));
        if (node.frozen()) {
            claim.with("frozen", true);
        }
        node.parametersOf().ifPresent(owner -> claim.with("parameters-of", owner));
        return claim.text.toString();
    }

    @Override
    public ClaimWriter dense(Layer.Dense layer) {
        return with("units", layer.units()).with("bias", layer.bias()).with(layer.initializer());
    }

    @Override
    public ClaimWriter conv2d(Layer.Conv2d layer) {
        return with("filters", layer.filters())
                .with(layer.window())
                .with("groups", layer.groups())
                .with("bias", layer.bias())
                .with(layer.initializer());
    }

    @Override
    public ClaimWriter maxPool2d(Layer.MaxPool2d layer) {
        return with(layer.window());
    }

    @Override
    public ClaimWriter avgPool2d(Layer.AvgPool2d layer) {
        return with(layer.window());
    }

    @Override
    public ClaimWriter globalAvgPool(Pooling.GlobalAvgPool layer) {
        return this;
    }

    @Override
    public ClaimWriter adaptiveAvgPool2d(Pooling.AdaptiveAvgPool2d layer) {
        return with("height", layer.height()).with("width", layer.width());
    }

    @Override
    public ClaimWriter batchNorm(Normalization.BatchNorm layer) {
        return with("momentum", layer.momentum()).with("epsilon", layer.epsilon());
    }

    @Override
    public ClaimWriter groupNorm(Normalization.GroupNorm layer) {
        return with("groups", layer.groups()).with("epsilon", layer.epsilon());
    }

    @Override
    public ClaimWriter instanceNorm(Normalization.InstanceNorm layer) {
        return with("epsilon", layer.epsilon());
    }

    @Override
    public ClaimWriter layerNorm(Normalization.LayerNorm layer) {
        return with("dimensions", layer.dimensions()).with("epsilon", layer.epsilon());
    }

    @Override
    public ClaimWriter activation(Layer.Activation layer) {
        ActivationFunction function = layer.function();
        if (function instanceof ActivationFunction.LeakyRelu leaky) {
            return with("slope", leaky.slope());
        } else if (function instanceof ActivationFunction.Elu elu) {
            return with("alpha", elu.alpha());
        } else if (function instanceof ActivationFunction.Gelu gelu) {
            return with("tanh", gelu.tanhApproximation());
        } else if (function instanceof ActivationFunction.Hardtanh hardtanh) {
            return with("min", hardtanh.min()).with("max", hardtanh.max());
        }
        return this;
    }

    @Override
    public ClaimWriter embedding(Sequence.Embedding layer) {
        return with("vocabulary", layer.vocabulary()).with("width", layer.width());
    }

    @Override
    public ClaimWriter positionalEmbedding(Sequence.PositionalEmbedding layer) {
        return this;
    }

    @Override
    public ClaimWriter lstm(Sequence.Lstm layer) {
        return with("units", layer.units()).with("sequences", layer.returnSequences());
    }

    @Override
    public ClaimWriter gru(Sequence.Gru layer) {
        return with("units", layer.units()).with("sequences", layer.returnSequences());
    }

    @Override
    public ClaimWriter selfAttention(Sequence.SelfAttention layer) {
        return with("heads", layer.heads()).with("causal", layer.causal());
    }

    @Override
    public ClaimWriter softmax(Layer.Softmax layer) {
        return this;
    }

    @Override
    public ClaimWriter flatten(Layer.Flatten layer) {
        return this;
    }

    @Override
    public ClaimWriter dropout(Layer.Dropout layer) {
        return with("rate", layer.rate());
    }

    @Override
    public ClaimWriter add(Layer.Add layer) {
        return this;
    }

    @Override
    public ClaimWriter multiply(Layer.Multiply layer) {
        return this;
    }

    @Override
    public ClaimWriter reshape(Rearrangement.Reshape layer) {
        return with("shape", layer.shape().dimensions());
    }

    @Override
    public ClaimWriter transpose(Rearrangement.Transpose layer) {
        return with("permutation", layer.permutation());
    }

    @Override
    public ClaimWriter slice(Rearrangement.Slice layer) {
        return with("dimension", layer.dimension()).with("from", layer.from()).with("to", layer.to());
    }

    @Override
    public ClaimWriter pad(Rearrangement.Pad layer) {
        return with("before", layer.before()).with("after", layer.after()).with("value", layer.value());
    }

    private ClaimWriter with(String key, List<Integer> numbers) {
        return with(key, numbers.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }

    @Override
    public ClaimWriter concat(Layer.Concat layer) {
        return this;
    }

    private ClaimWriter with(String key, Object value) {
        text.append(' ').append(key).append('=').append(value);
        return this;
    }

    private ClaimWriter with(Initializer initializer) {
        return with("initializer", initializer);
    }

    private ClaimWriter with(Window window) {
        return with("kernel", window.height() + "x" + window.width())
                .with("stride", window.strideHeight() + "x" + window.strideWidth())
                .with("padding", window.paddingHeight() + "x" + window.paddingWidth())
                .with("dilation", window.dilationHeight() + "x" + window.dilationWidth());
    }
}

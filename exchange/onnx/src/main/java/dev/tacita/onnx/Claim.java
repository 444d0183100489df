package dev.tacita.onnx;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Initializer;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Pooling;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a file says of one of its nodes, in {@link ClaimWriter}'s words. */
final class Claim {
    private final String name;
    private final Map<String, String> fields = new HashMap<>();

    private Claim(String text) {
        String[] words = text.split(" ", -1);
        name = words[0];
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals > 0) {
                fields.put(words[i].substring(0, equals), words[i].substring(equals + 1));
            }
        }
    }

    /** The node that the text describes; empty if it describes none. */
    static Optional<Node> read(String id, String text) {
        try {
            Claim claim = new Claim(text);
            List<String> inputs = List.of(claim.text("inputs").split(",", -1));
            boolean frozen = claim.fields.containsKey("frozen");
            Optional<String> owner = Optional.ofNullable(claim.fields.get("parameters-of"));
            return Optional.of(new Node(id, claim.layer(), inputs, frozen, owner));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Layer layer() {
        return switch (name) {
            case "dense" -> new Layer.Dense(integer("units"), flag("bias"), initializer());
            case "conv2d" ->
                new Layer.Conv2d(integer("filters"), window(), integer("groups"), flag("bias"), initializer());
            case "max-pool2d" -> new Layer.MaxPool2d(window());
            case "avg-pool2d" -> new Layer.AvgPool2d(window());
            case "global-avg-pool" -> new Pooling.GlobalAvgPool();
            case "adaptive-avg-pool2d" -> new Pooling.AdaptiveAvgPool2d(integer("height"), integer("width"));
            case "embedding" -> new Sequence.Embedding(integer("vocabulary"), integer("width"));
            case "positional-embedding" -> new Sequence.PositionalEmbedding();
            case "lstm" -> new Sequence.Lstm(integer("units"), flag("sequences"));
            case "gru" -> new Sequence.Gru(integer("units"), flag("sequences"));
            case "self-attention" -> new Sequence.SelfAttention(integer("heads"), flag("causal"));
            case "batch-norm" -> new Normalization.BatchNorm(number("momentum"), number("epsilon"));
            case "group-norm" -> new Normalization.GroupNorm(integer("groups"), number("epsilon"));
            case "instance-norm" -> new Normalization.InstanceNorm(number("epsilon"));
            case "layer-norm" -> new Normalization.LayerNorm(integer("dimensions"), number("epsilon"));
            case "softmax" -> new Layer.Softmax();
            case "flatten" -> new Layer.Flatten();
            case "dropout" -> new Layer.Dropout(number("rate"));
            case "add" -> new Layer.Add();
            case "multiply" -> new Layer.Multiply();
            case "reshape" -> new Rearrangement.Reshape(new Shape(integers("shape")));
            case "transpose" -> new Rearrangement.Transpose(integers("permutation"));
            case "slice" -> new Rearrangement.Slice(integer("dimension"), integer("from"), integer("to"));
            case "pad" -> new Rearrangement.Pad(integers("before"), integers("after"), number("value"));
            case "concat" -> new Layer.Concat();
            default -> new Layer.Activation(function());
        };
    }

    private ActivationFunction function() {
        return switch (name) {
            case "relu" -> new ActivationFunction.Relu();
            case "leaky-relu" -> new ActivationFunction.LeakyRelu(number("slope"));
            case "elu" -> new ActivationFunction.Elu(number("alpha"));
            case "tanh" -> new ActivationFunction.Tanh();
            case "sigmoid" -> new ActivationFunction.Sigmoid();
            case "gelu" -> new ActivationFunction.Gelu(flag("tanh"));
            case "silu" -> new ActivationFunction.Silu();
            case "hardtanh" -> new ActivationFunction.Hardtanh(number("min"), number("max"));
            case "relu6" -> new ActivationFunction.Relu6();
            case "softplus" -> new ActivationFunction.Softplus();
            default -> throw new IllegalArgumentException("there is no such layer. Provided value: " + name);
        };
    }

    private String text(String key) {
        String value = fields.get(key);
        if (value == null) {
            throw new IllegalArgumentException("it must say " + key);
        }
        return value;
    }

    private int integer(String key) {
        return Integer.parseInt(text(key));
    }

    private List<Integer> integers(String key) {
        return Arrays.stream(text(key).split(",", -1)).map(Integer::parseInt).toList();
    }

    private double number(String key) {
        return Double.parseDouble(text(key));
    }

    private boolean flag(String key) {
        return Boolean.parseBoolean(text(key));
    }

    private Initializer initializer() {
        return Initializer.valueOf(text("initializer"));
    }

    private Window window() {
        int[] kernel = pair("kernel");
        int[] stride = pair("stride");
        int[] padding = pair("padding");
        int[] dilation = pair("dilation");
        return new Window(kernel[0], kernel[1], stride[0], stride[1], padding[0], padding[1], dilation[0], dilation[1]);
    }

    private int[] pair(String key) {
        String[] sides = text(key).split("x", -1);
        if (sides.length != 2) {
            throw new IllegalArgumentException(key + " must be like 3x3. Provided value: " + text(key));
        }
        return new int[] {Short.parseShort(sides[0]), Short.parseShort(sides[1])};
    }
}

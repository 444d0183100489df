package dev.tacita.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes the normalisations in ONNX operators. */
final class NormalizationEmitter {
    private static final int FIRST_OPSET_WITH_LAYER_NORMALIZATION = 17;

    private final Emission emission;
    private final String owner;
    private final String input;
    private final Shape shape;
    private final int opset;

    NormalizationEmitter(Emission emission, String owner, String input, Shape shape, int opset) {
        this.emission = emission;
        this.owner = owner;
        this.input = input;
        this.shape = shape;
        this.opset = opset;
    }

    Emission batchNorm(Normalization.BatchNorm layer) {
        return emission.last(
                "BatchNormalization",
                List.of(
                        input,
                        owner + ".weight",
                        owner + ".bias",
                        owner + ".running-mean",
                        owner + ".running-variance"),
                Attributes.number("epsilon", layer.epsilon()),
                Attributes.number("momentum", 1 - layer.momentum()));
    }

    Emission instanceNorm(Normalization.InstanceNorm layer) {
        return emission.last(
                "InstanceNormalization",
                List.of(input, owner + ".weight", owner + ".bias"),
                Attributes.number("epsilon", layer.epsilon()));
    }

    /** An instance normalisation in which each group is one channel, then weight and bias for each channel. */
    Emission groupNorm(Normalization.GroupNorm layer) {
        emission.ask("ones", layer.groups());
        emission.ask("zeros", layer.groups());
        float[] ones = new float[layer.groups()];
        Arrays.fill(ones, 1);
        int[] groups = {layer.groups()};
        String apart = emission.part(
                "groups",
                "Reshape",
                List.of(input, emission.integers("groups-shape", 0, layer.groups(), shape.size() / layer.groups())));
        String normal = emission.part(
                "normal",
                "InstanceNormalization",
                List.of(
                        apart,
                        emission.numbers("ones", groups, ones),
                        emission.numbers("zeros", groups, new float[layer.groups()])),
                Attributes.number("epsilon", layer.epsilon()));
        List<Long> whole = new ArrayList<>(List.of(0L));
        shape.dimensions().forEach(dimension -> whole.add((long) dimension));
        String together = emission.part(
                "together",
                "Reshape",
                List.of(
                        normal,
                        emission.integers(
                                "shape",
                                whole.stream().mapToLong(Long::longValue).toArray())));
        long[] perChannel = new long[shape.rank()];
        Arrays.fill(perChannel, 1);
        perChannel[0] = shape.dimension(0);
        String channels = emission.integers("channels", perChannel);
        String weight = emission.part("weights", "Reshape", List.of(owner + ".weight", channels));
        String bias = emission.part("biases", "Reshape", List.of(owner + ".bias", channels));
        String scaled = emission.part("scaled", "Mul", List.of(together, weight));
        return emission.last("Add", List.of(scaled, bias));
    }

    Emission layerNorm(Normalization.LayerNorm layer) {
        if (opset >= FIRST_OPSET_WITH_LAYER_NORMALIZATION) {
            return emission.last(
                    "LayerNormalization",
                    List.of(input, owner + ".weight", owner + ".bias"),
                    Attributes.integer("axis", -layer.dimensions()),
                    Attributes.number("epsilon", layer.epsilon()));
        }
        int[] last = new int[layer.dimensions()];
        Arrays.setAll(last, i -> i - layer.dimensions());
        AttributeProto axes = Attributes.integers("axes", last);
        String mean = emission.part("mean", "ReduceMean", List.of(input), axes);
        String centred = emission.part("centred", "Sub", List.of(input, mean));
        String squares = emission.part("squares", "Mul", List.of(centred, centred));
        String variance = emission.part("variance", "ReduceMean", List.of(squares), axes);
        String positive =
                emission.part("positive", "Add", List.of(variance, emission.number("epsilon", layer.epsilon())));
        String deviation = emission.part("deviation", "Sqrt", List.of(positive));
        String normal = emission.part("normal", "Div", List.of(centred, deviation));
        String scaled = emission.part("scaled", "Mul", List.of(normal, owner + ".weight"));
        return emission.last("Add", List.of(scaled, owner + ".bias"));
    }
}

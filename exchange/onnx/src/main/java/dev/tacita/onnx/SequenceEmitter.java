package dev.tacita.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the layers over sequences in ONNX operators. Parameters stay as the model has them; where ONNX wants another
 * order of gates or a transposed matrix, operators on the constant bring it about.
 */
final class SequenceEmitter {
    private static final int INT64 = 7;

    private final Emission emission;
    private final String owner;
    private final String input;
    private final Shape shape;

    SequenceEmitter(Emission emission, String owner, String input, Shape shape) {
        this.emission = emission;
        this.owner = owner;
        this.input = input;
        this.shape = shape;
    }

    /** x W^T, and b if there is one. */
    Emission dense(boolean bias) {
        String product = transposed("weight");
        return bias
                ? emission.last(
                        "Add", List.of(emission.part("product", "MatMul", List.of(input, product)), owner + ".bias"))
                : emission.last("MatMul", List.of(input, product));
    }

    Emission embedding() {
        String tokens = emission.part("tokens", "Cast", List.of(input), Attributes.integer("to", INT64));
        return emission.last("Gather", List.of(owner + ".weight", tokens), Attributes.integer("axis", 0));
    }

    Emission positionalEmbedding() {
        return emission.last("Add", List.of(input, owner + ".weight"));
    }

    Emission lstm(Sequence.Lstm layer) {
        return recurrent("LSTM", layer.units(), new long[] {0, 3, 1, 2}, layer.returnSequences());
    }

    Emission gru(Sequence.Gru layer) {
        return recurrent(
                "GRU",
                layer.units(),
                new long[] {1, 0, 2},
                layer.returnSequences(),
                Attributes.integer("linear_before_reset", 1));
    }

    private Emission recurrent(
            String operator, int units, long[] gates, boolean everyStep, AttributeProto... attributes) {
        String order = emission.integers("gates", gates);
        String direction = emission.integers("direction", 0);
        int features = shape.dimension(1);
        String weight = emission.part(
                "w", "Unsqueeze", List.of(reordered("input-weight", order, gates.length, units, features), direction));
        String recurrent = emission.part(
                "r", "Unsqueeze", List.of(reordered("recurrent-weight", order, gates.length, units, units), direction));
        String biases = emission.part(
                "biases",
                "Concat",
                List.of(
                        reordered("input-bias", order, gates.length, units),
                        reordered("recurrent-bias", order, gates.length, units)),
                Attributes.integer("axis", 0));
        String bias = emission.part("b", "Unsqueeze", List.of(biases, direction));
        String steps = emission.part("steps", "Transpose", List.of(input), Attributes.integers("perm", 1, 0, 2));
        List<AttributeProto> all = new ArrayList<>(Arrays.asList(attributes));
        all.add(Attributes.integer("hidden_size", units));
        List<String> outputs = emission.parts(
                everyStep ? List.of("y") : List.of("", "y"),
                operator,
                List.of(steps, weight, recurrent, bias),
                all.toArray(new AttributeProto[0]));
        if (!everyStep) {
            return emission.last("Squeeze", List.of(outputs.get(1), direction));
        }
        String states = emission.part("states", "Squeeze", List.of(outputs.get(0), emission.integers("one", 1)));
        return emission.last("Transpose", List.of(states), Attributes.integers("perm", 1, 0, 2));
    }

    /** A parameter of (gates * units, ...) with its gates in the order that ONNX has. */
    private String reordered(String parameter, String order, int gates, int units, int... rest) {
        long[] apart = concat(new long[] {gates, units}, rest);
        long[] together = concat(new long[] {(long) gates * units}, rest);
        String split = emission.part(
                parameter + "-apart",
                "Reshape",
                List.of(owner + "." + parameter, emission.integers(parameter + "-gates", apart)));
        String sorted =
                emission.part(parameter + "-sorted", "Gather", List.of(split, order), Attributes.integer("axis", 0));
        return emission.part(
                parameter + "-together", "Reshape", List.of(sorted, emission.integers(parameter + "-shape", together)));
    }

    private static long[] concat(long[] first, int... rest) {
        long[] all = Arrays.copyOf(first, first.length + rest.length);
        for (int i = 0; i < rest.length; i++) {
            all[first.length + i] = rest[i];
        }
        return all;
    }

    Emission selfAttention(Sequence.SelfAttention layer) {
        int steps = shape.dimension(0);
        int width = shape.dimension(1);
        int size = width / layer.heads();
        String projected = emission.part(
                "projected",
                "Add",
                List.of(emission.part("in", "MatMul", List.of(input, transposed("in-weight"))), owner + ".in-bias"));
        String apart = emission.part(
                "apart", "Reshape", List.of(projected, emission.integers("heads", 0, steps, 3, layer.heads(), size)));
        String byKind =
                emission.part("by-kind", "Transpose", List.of(apart), Attributes.integers("perm", 2, 0, 3, 1, 4));
        String queries = kind(byKind, "queries", 0);
        String keys = emission.part(
                "keys-transposed",
                "Transpose",
                List.of(kind(byKind, "keys", 1)),
                Attributes.integers("perm", 0, 1, 3, 2));
        String values = kind(byKind, "values", 2);
        String scores = emission.part(
                "scores",
                "Mul",
                List.of(
                        emission.part("products", "MatMul", List.of(queries, keys)),
                        emission.number("scale", 1 / Math.sqrt(size))));
        if (layer.causal()) {
            scores = emission.part("masked", "Add", List.of(scores, mask(steps)));
        }
        String weights = emission.part("weights", "Softmax", List.of(scores), Attributes.integer("axis", -1));
        String mixed = emission.part("mixed", "MatMul", List.of(weights, values));
        String bySteps = emission.part("by-step", "Transpose", List.of(mixed), Attributes.integers("perm", 0, 2, 1, 3));
        String joined =
                emission.part("joined", "Reshape", List.of(bySteps, emission.integers("shape", 0, steps, width)));
        return emission.last(
                "Add",
                List.of(
                        emission.part("out", "MatMul", List.of(joined, transposed("out-weight"))),
                        owner + ".out-bias"));
    }

    private String kind(String all, String name, long index) {
        return emission.part(
                name, "Gather", List.of(all, emission.integer(name + "-index", index)), Attributes.integer("axis", 0));
    }

    private String mask(int steps) {
        emission.ask("mask", (long) steps * steps);
        float[] mask = new float[Math.multiplyExact(steps, steps)];
        for (int step = 0; step < steps; step++) {
            Arrays.fill(mask, step * steps + step + 1, (step + 1) * steps, Float.NEGATIVE_INFINITY);
        }
        return emission.numbers("mask", new int[] {steps, steps}, mask);
    }

    private String transposed(String parameter) {
        return emission.part(
                parameter + "-transposed",
                "Transpose",
                List.of(owner + "." + parameter),
                Attributes.integers("perm", 1, 0));
    }
}

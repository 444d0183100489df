package dev.tacita.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.LayerVisitor;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Pooling;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Writes one layer in ONNX operators. */
final class LayerEmitter implements LayerVisitor<Emission> {
    private final Emission emission;
    private final String owner;
    private final List<String> inputs;
    private final List<Shape> shapes;
    private final int opset;

    /**
     * @param node what it is in the model
     * @param shapes of the values it reads, per example
     */
    LayerEmitter(Node node, List<Shape> shapes, int opset, Emission.Permission permission) {
        this.emission = new Emission(node.id(), permission);
        this.owner = node.parametersOf().orElse(node.id());
        this.inputs = node.inputs();
        this.shapes = shapes;
        this.opset = opset;
    }

    @Override
    public Emission dense(Layer.Dense layer) {
        if (shapes.get(0).rank() > 1) {
            return sequence().dense(layer.bias());
        }
        return emission.last("Gemm", withParameters("weight", layer.bias()), Attributes.integer("transB", 1));
    }

    @Override
    public Emission conv2d(Layer.Conv2d layer) {
        Window window = layer.window();
        List<AttributeProto> attributes = new ArrayList<>(List.of(window(window)));
        attributes.add(Attributes.integers("dilations", window.dilationHeight(), window.dilationWidth()));
        attributes.add(Attributes.integer("group", layer.groups()));
        return emission.last("Conv", withParameters("weight", layer.bias()), attributes.toArray(AttributeProto[]::new));
    }

    @Override
    public Emission maxPool2d(Layer.MaxPool2d layer) {
        return emission.last("MaxPool", inputs, window(layer.window()));
    }

    @Override
    public Emission avgPool2d(Layer.AvgPool2d layer) {
        return emission.last("AveragePool", inputs, window(layer.window()));
    }

    @Override
    public Emission globalAvgPool(Pooling.GlobalAvgPool layer) {
        return emission.last("GlobalAveragePool", inputs);
    }

    @Override
    public Emission adaptiveAvgPool2d(Pooling.AdaptiveAvgPool2d layer) {
        int height = shapes.get(0).dimension(1);
        int width = shapes.get(0).dimension(2);
        emission.ask("rows", (long) height * layer.height());
        emission.ask("columns", (long) width * layer.width());
        float[] rows = bins(height, layer.height());
        float[] columns = bins(width, layer.width());
        String means = emission.part(
                "row-means",
                "MatMul",
                List.of(emission.numbers("rows", new int[] {layer.height(), height}, rows), inputs.get(0)));
        String transposed = emission.part(
                "columns-transposed",
                "Transpose",
                List.of(emission.numbers("columns", new int[] {layer.width(), width}, columns)),
                Attributes.integers("perm", 1, 0));
        return emission.last("MatMul", List.of(means, transposed));
    }

    /** The matrix that takes the means of bins. */
    private static float[] bins(int length, int bins) {
        float[] matrix = new float[Math.multiplyExact(length, bins)];
        for (int bin = 0; bin < bins; bin++) {
            int first = Pooling.AdaptiveAvgPool2d.firstOfBin(bin, length, bins);
            int end = Pooling.AdaptiveAvgPool2d.endOfBin(bin, length, bins);
            Arrays.fill(matrix, bin * length + first, bin * length + end, 1f / (end - first));
        }
        return matrix;
    }

    @Override
    public Emission batchNorm(Normalization.BatchNorm layer) {
        return normalization().batchNorm(layer);
    }

    @Override
    public Emission groupNorm(Normalization.GroupNorm layer) {
        return normalization().groupNorm(layer);
    }

    @Override
    public Emission instanceNorm(Normalization.InstanceNorm layer) {
        return normalization().instanceNorm(layer);
    }

    @Override
    public Emission layerNorm(Normalization.LayerNorm layer) {
        return normalization().layerNorm(layer);
    }

    private NormalizationEmitter normalization() {
        return new NormalizationEmitter(emission, owner, inputs.get(0), shapes.get(0), opset);
    }

    @Override
    public Emission activation(Layer.Activation layer) {
        return new ActivationEmitter(emission, inputs.get(0), opset).emit(layer.function());
    }

    @Override
    public Emission embedding(Sequence.Embedding layer) {
        return sequence().embedding();
    }

    @Override
    public Emission positionalEmbedding(Sequence.PositionalEmbedding layer) {
        return sequence().positionalEmbedding();
    }

    @Override
    public Emission lstm(Sequence.Lstm layer) {
        return sequence().lstm(layer);
    }

    @Override
    public Emission gru(Sequence.Gru layer) {
        return sequence().gru(layer);
    }

    @Override
    public Emission selfAttention(Sequence.SelfAttention layer) {
        return sequence().selfAttention(layer);
    }

    private SequenceEmitter sequence() {
        return new SequenceEmitter(emission, owner, inputs.get(0), shapes.get(0));
    }

    @Override
    public Emission softmax(Layer.Softmax layer) {
        return emission.last("Softmax", inputs, Attributes.integer("axis", -1));
    }

    @Override
    public Emission flatten(Layer.Flatten layer) {
        return emission.last("Flatten", inputs, Attributes.integer("axis", 1));
    }

    @Override
    public Emission dropout(Layer.Dropout layer) {
        return emission.last("Dropout", List.of(inputs.get(0), emission.number("ratio", layer.rate())));
    }

    @Override
    public Emission add(Layer.Add layer) {
        return emission.last(inputs.size() == 2 ? "Add" : "Sum", inputs);
    }

    @Override
    public Emission multiply(Layer.Multiply layer) {
        String product = inputs.get(0);
        for (int i = 1; i < inputs.size() - 1; i++) {
            product = emission.part("product-" + i, "Mul", List.of(product, inputs.get(i)));
        }
        return emission.last("Mul", List.of(product, inputs.get(inputs.size() - 1)));
    }

    @Override
    public Emission reshape(Rearrangement.Reshape layer) {
        long[] shape = withBatch(0, layer.shape().dimensions());
        return emission.last("Reshape", List.of(inputs.get(0), emission.integers("shape", shape)));
    }

    @Override
    public Emission transpose(Rearrangement.Transpose layer) {
        int[] permutation = IntStream.concat(
                        IntStream.of(0), layer.permutation().stream().mapToInt(dimension -> dimension + 1))
                .toArray();
        return emission.last("Transpose", inputs, Attributes.integers("perm", permutation));
    }

    @Override
    public Emission slice(Rearrangement.Slice layer) {
        return emission.last(
                "Slice",
                List.of(
                        inputs.get(0),
                        emission.integers("from", layer.from()),
                        emission.integers("to", layer.to()),
                        emission.integers("axis", layer.dimension() + 1)));
    }

    @Override
    public Emission pad(Rearrangement.Pad layer) {
        long[] pads = LongStream.concat(
                        LongStream.of(withBatch(0, layer.before())), LongStream.of(withBatch(0, layer.after())))
                .toArray();
        return emission.last(
                "Pad",
                List.of(inputs.get(0), emission.integers("pads", pads), emission.number("value", layer.value())),
                Attributes.text("mode", "constant"));
    }

    private static long[] withBatch(long batch, List<Integer> dimensions) {
        return LongStream.concat(LongStream.of(batch), dimensions.stream().mapToLong(Integer::longValue))
                .toArray();
    }

    @Override
    public Emission concat(Layer.Concat layer) {
        return emission.last("Concat", inputs, Attributes.integer("axis", 1));
    }

    private String parameter(String name) {
        return owner + "." + name;
    }

    private List<String> withParameters(String weight, boolean bias) {
        List<String> all = new ArrayList<>(inputs);
        all.add(parameter(weight));
        if (bias) {
            all.add(parameter("bias"));
        }
        return all;
    }

    private static AttributeProto[] window(Window window) {
        return new AttributeProto[] {
            Attributes.integers("kernel_shape", window.height(), window.width()),
            Attributes.integers(
                    "pads",
                    window.paddingHeight(),
                    window.paddingWidth(),
                    window.paddingHeight(),
                    window.paddingWidth()),
            Attributes.integers("strides", window.strideHeight(), window.strideWidth())
        };
    }
}

package dev.tacita.nd4j;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.LayerVisitor;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Pooling;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.enums.PadMode;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Adds the operations of one node to a graph, whose own differentiation gives the way back. */
final class DeviceLayers implements LayerVisitor<SDVariable> {
    private final DeviceNode node;
    private final SameDiff graph;
    private final DeviceNormalizations normalizations;

    DeviceLayers(DeviceNode node) {
        this.node = node;
        graph = node.graph();
        normalizations = new DeviceNormalizations(node);
    }

    /** What the node's untrained parameters become after a step, in the order of the layer; empty if they stay. */
    List<SDVariable> moved() {
        return normalizations.moved();
    }

    @Override
    public SDVariable dense(Layer.Dense layer) {
        int features = node.inputShape().dimension(node.inputShape().rank() - 1);
        SDVariable rows = node.input().reshape(-1, features);
        return node.output(
                layer.bias()
                        ? DeviceNode.affine(rows, node.parameter(0), node.parameter(1))
                        : DeviceNode.product(rows, node.parameter(0)));
    }

    @Override
    public SDVariable conv2d(Layer.Conv2d layer) {
        return new DeviceConvolution(node, layer).output();
    }

    @Override
    public SDVariable maxPool2d(Layer.MaxPool2d layer) {
        return DevicePooling.max(node, layer.window());
    }

    @Override
    public SDVariable avgPool2d(Layer.AvgPool2d layer) {
        return DevicePooling.mean(node, layer.window());
    }

    @Override
    public SDVariable globalAvgPool(Pooling.GlobalAvgPool layer) {
        Shape shape = node.inputShape();
        return node.output(node.input()
                .reshape(node.batch(), shape.dimension(0), shape.size() / shape.dimension(0))
                .mean(2));
    }

    @Override
    public SDVariable adaptiveAvgPool2d(Pooling.AdaptiveAvgPool2d layer) {
        return DevicePooling.adaptive(node, layer);
    }

    @Override
    public SDVariable batchNorm(Normalization.BatchNorm layer) {
        return normalizations.batch(layer);
    }

    @Override
    public SDVariable groupNorm(Normalization.GroupNorm layer) {
        return normalizations.groups(layer.groups(), layer.epsilon());
    }

    @Override
    public SDVariable instanceNorm(Normalization.InstanceNorm layer) {
        return normalizations.groups(node.outputShape().dimension(0), layer.epsilon());
    }

    @Override
    public SDVariable layerNorm(Normalization.LayerNorm layer) {
        return normalizations.layer(layer);
    }

    @Override
    public SDVariable activation(Layer.Activation layer) {
        return activation(layer.function(), node.input());
    }

    private SDVariable activation(ActivationFunction function, SDVariable x) {
        if (function instanceof ActivationFunction.Relu) {
            return graph.nn().relu(x, 0);
        } else if (function instanceof ActivationFunction.LeakyRelu leaky) {
            SDVariable above = graph.nn().relu(x, 0);
            return above.add(x.sub(above).mul(leaky.slope()));
        } else if (function instanceof ActivationFunction.Elu elu) {
            SDVariable above = graph.nn().relu(x, 0);
            return above.add(graph.math().expm1(x.sub(above)).mul(elu.alpha()));
        } else if (function instanceof ActivationFunction.Tanh) {
            return graph.math().tanh(x);
        } else if (function instanceof ActivationFunction.Sigmoid) {
            return graph.nn().sigmoid(x);
        } else if (function instanceof ActivationFunction.Softplus) {
            return softplus(graph, x);
        } else if (function instanceof ActivationFunction.Gelu gelu) {
            return gelu.tanhApproximation() ? tanhGelu(x) : gelu(x);
        } else if (function instanceof ActivationFunction.Silu) {
            return x.mul(graph.nn().sigmoid(x));
        } else if (function instanceof ActivationFunction.Hardtanh hardtanh) {
            return hold(graph, x, hardtanh.min(), hardtanh.max());
        } else if (function instanceof ActivationFunction.Relu6) {
            return hold(graph, x, 0, 6);
        }
        throw new IllegalArgumentException("there is no activation " + function + " on a device");
    }

    /** log(1 + e^x) without overflow; its slope at 0 is a half. */
    static SDVariable softplus(SameDiff graph, SDVariable x) {
        SDVariable above = graph.nn().relu(x, 0);
        SDVariable minusDistance = x.sub(above.mul(2));
        return above.add(graph.math().log1p(graph.math().exp(minusDistance)));
    }

    private SDVariable gelu(SDVariable x) {
        return x.mul(graph.math().erf(x.mul(Math.sqrt(0.5))).add(1).mul(0.5));
    }

    private SDVariable tanhGelu(SDVariable x) {
        SDVariable inner = x.add(x.mul(x).mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
        return x.mul(graph.math().tanh(inner).add(1).mul(0.5));
    }

    /** x held between two bounds; its slope at the bounds is 0. */
    static SDVariable hold(SameDiff graph, SDVariable x, double min, double max) {
        SDVariable above = graph.nn().relu(x.sub(min), 0);
        return graph.nn().relu(above.neg().add(max - min), 0).neg().add(max);
    }

    @Override
    public SDVariable softmax(Layer.Softmax layer) {
        return node.output(graph.nn()
                .softmax(
                        node.input()
                                .reshape(
                                        -1,
                                        node.outputShape()
                                                .dimension(node.outputShape().rank() - 1)),
                        1));
    }

    @Override
    public SDVariable flatten(Layer.Flatten layer) {
        return node.output(node.input());
    }

    @Override
    public SDVariable dropout(Layer.Dropout layer) {
        if (!node.training() || layer.rate() == 0) {
            return graph.identity(node.input());
        }
        SDVariable kept = graph.random()
                .bernoulli(1 - layer.rate(), DataType.FLOAT, DeviceNode.withBatch(node.batch(), node.outputShape()));
        return node.input().mul(kept).mul(1 / (1 - layer.rate()));
    }

    @Override
    public SDVariable add(Layer.Add layer) {
        return node.inputs().stream().reduce(SDVariable::add).orElseThrow();
    }

    @Override
    public SDVariable multiply(Layer.Multiply layer) {
        return node.inputs().stream().reduce(SDVariable::mul).orElseThrow();
    }

    @Override
    public SDVariable concat(Layer.Concat layer) {
        return graph.concat(1, node.inputs().toArray(SDVariable[]::new));
    }

    @Override
    public SDVariable reshape(Rearrangement.Reshape layer) {
        return node.output(node.input());
    }

    @Override
    public SDVariable transpose(Rearrangement.Transpose layer) {
        int[] permutation = IntStream.concat(
                        IntStream.of(0), layer.permutation().stream().mapToInt(dimension -> dimension + 1))
                .toArray();
        return node.input().permute(permutation);
    }

    @Override
    public SDVariable slice(Rearrangement.Slice layer) {
        int[] begin = new int[node.inputShape().rank() + 1];
        int[] size = new int[begin.length];
        size[0] = node.batch();
        for (int i = 1; i < size.length; i++) {
            size[i] = node.outputShape().dimension(i - 1);
        }
        begin[layer.dimension() + 1] = layer.from();
        return graph.slice(node.input(), begin, size);
    }

    @Override
    public SDVariable pad(Rearrangement.Pad layer) {
        int[][] cells = new int[layer.before().size() + 1][2];
        for (int i = 1; i < cells.length; i++) {
            cells[i][0] = layer.before().get(i - 1);
            cells[i][1] = layer.after().get(i - 1);
        }
        INDArray around = Nd4j.createFromArray(cells);
        return graph.nn().pad(node.input(), graph.constant(around), PadMode.CONSTANT, layer.value());
    }

    /** By a product: gradients through ND4J's gather came out wrong. */
    @Override
    public SDVariable embedding(Sequence.Embedding layer) {
        SDVariable tokens = node.input().reshape(-1).castTo(DataType.INT32);
        SDVariable chosen = graph.oneHot(tokens, layer.vocabulary(), 1, 1, 0, DataType.FLOAT);
        return node.output(chosen.mmul(node.parameter(0)));
    }

    @Override
    public SDVariable positionalEmbedding(Sequence.PositionalEmbedding layer) {
        return node.input().add(node.parameter(0).reshape(DeviceNode.withBatch(1, node.outputShape())));
    }

    @Override
    public SDVariable lstm(Sequence.Lstm layer) {
        return new DeviceRecurrence(node, layer.units()).lstm(layer.returnSequences());
    }

    @Override
    public SDVariable gru(Sequence.Gru layer) {
        return new DeviceRecurrence(node, layer.units()).gru(layer.returnSequences());
    }

    @Override
    public SDVariable selfAttention(Sequence.SelfAttention layer) {
        return DeviceAttention.output(node, layer);
    }
}

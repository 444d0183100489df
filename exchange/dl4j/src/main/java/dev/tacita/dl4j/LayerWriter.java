package dev.tacita.dl4j;

import dev.tacita.core.model.Layer;
import dev.tacita.core.model.LayerVisitor;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Pooling;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/** The layer or vertex of DL4J for each of ours; empty where there is none. */
final class LayerWriter implements LayerVisitor<Optional<Object>> {
    private final List<Shape> inputs;

    LayerWriter(List<Shape> inputs) {
        this.inputs = inputs;
    }

    private Shape input() {
        return inputs.get(0);
    }

    @Override
    public Optional<Object> dense(Layer.Dense layer) {
        if (input().rank() != 1) {
            return Optional.empty();
        }
        return Optional.of(new DenseLayer.Builder()
                .nIn(input().size())
                .nOut(layer.units())
                .hasBias(layer.bias())
                .activation(new ActivationIdentity())
                .build());
    }

    @Override
    public Optional<Object> conv2d(Layer.Conv2d layer) {
        if (layer.groups() != 1) {
            return Optional.empty();
        }
        Window window = layer.window();
        return Optional.of(new ConvolutionLayer.Builder(window.height(), window.width())
                .stride(window.strideHeight(), window.strideWidth())
                .padding(window.paddingHeight(), window.paddingWidth())
                .dilation(window.dilationHeight(), window.dilationWidth())
                .nIn(input().dimension(0))
                .nOut(layer.filters())
                .hasBias(layer.bias())
                .activation(new ActivationIdentity())
                .build());
    }

    @Override
    public Optional<Object> maxPool2d(Layer.MaxPool2d layer) {
        return pool(PoolingType.MAX, layer.window());
    }

    @Override
    public Optional<Object> avgPool2d(Layer.AvgPool2d layer) {
        return pool(PoolingType.AVG, layer.window());
    }

    private static Optional<Object> pool(PoolingType type, Window window) {
        return Optional.of(new SubsamplingLayer.Builder(type)
                .kernelSize(window.height(), window.width())
                .stride(window.strideHeight(), window.strideWidth())
                .padding(window.paddingHeight(), window.paddingWidth())
                .build());
    }

    @Override
    public Optional<Object> globalAvgPool(Pooling.GlobalAvgPool layer) {
        return Optional.of(new GlobalPoolingLayer.Builder(PoolingType.AVG)
                .collapseDimensions(false)
                .build());
    }

    @Override
    public Optional<Object> adaptiveAvgPool2d(Pooling.AdaptiveAvgPool2d layer) {
        return Optional.empty();
    }

    @Override
    public Optional<Object> batchNorm(Normalization.BatchNorm layer) {
        if (input().rank() == 2) {
            return Optional.empty();
        }
        return Optional.of(new BatchNormalization.Builder()
                .decay(1 - layer.momentum())
                .eps(layer.epsilon())
                .nIn(input().dimension(0))
                .nOut(input().dimension(0))
                .useLogStd(false)
                .build());
    }

    @Override
    public Optional<Object> groupNorm(Normalization.GroupNorm layer) {
        return Optional.empty();
    }

    @Override
    public Optional<Object> instanceNorm(Normalization.InstanceNorm layer) {
        return Optional.empty();
    }

    @Override
    public Optional<Object> layerNorm(Normalization.LayerNorm layer) {
        return Optional.empty();
    }

    @Override
    public Optional<Object> activation(Layer.Activation layer) {
        if (input().rank() == 2) {
            return Optional.empty();
        }
        return Activations.write(layer.function()).map(ActivationLayer::new);
    }

    @Override
    public Optional<Object> softmax(Layer.Softmax layer) {
        return input().rank() == 1 ? Optional.of(new ActivationLayer(new ActivationSoftmax())) : Optional.empty();
    }

    @Override
    public Optional<Object> flatten(Layer.Flatten layer) {
        return reshaped(Shape.of(input().size()));
    }

    @Override
    public Optional<Object> reshape(Rearrangement.Reshape layer) {
        return reshaped(layer.shape());
    }

    private Optional<Object> reshaped(Shape shape) {
        if (input().rank() == 2 || shape.rank() == 2) {
            return Optional.empty();
        }
        int[] dimensions = new int[shape.rank() + 1];
        dimensions[0] = -1;
        for (int i = 0; i < shape.rank(); i++) {
            dimensions[i + 1] = shape.dimension(i);
        }
        return Optional.of(new ReshapeVertex(dimensions));
    }

    @Override
    public Optional<Object> dropout(Layer.Dropout layer) {
        return Optional.of(new DropoutLayer(1 - layer.rate()));
    }

    @Override
    public Optional<Object> add(Layer.Add layer) {
        return Optional.of(new ElementWiseVertex(ElementWiseVertex.Op.Add));
    }

    @Override
    public Optional<Object> multiply(Layer.Multiply layer) {
        return Optional.of(new ElementWiseVertex(ElementWiseVertex.Op.Product));
    }

    @Override
    public Optional<Object> concat(Layer.Concat layer) {
        return input().rank() == 2 ? Optional.empty() : Optional.of(new MergeVertex());
    }

    @Override
    public Optional<Object> transpose(Rearrangement.Transpose layer) {
        return Optional.empty();
    }

    @Override
    public Optional<Object> slice(Rearrangement.Slice layer) {
        return layer.dimension() == 0 && input().rank() != 2
                ? Optional.of(new SubsetVertex(layer.from(), layer.to() - 1))
                : Optional.empty();
    }

    @Override
    public Optional<Object> pad(Rearrangement.Pad layer) {
        return Optional.empty();
    }

    @Override
    public Optional<Object> embedding(Sequence.Embedding layer) {
        return Optional.empty();
    }

    @Override
    public Optional<Object> positionalEmbedding(Sequence.PositionalEmbedding layer) {
        return Optional.empty();
    }

    @Override
    public Optional<Object> lstm(Sequence.Lstm layer) {
        return Optional.empty();
    }

    @Override
    public Optional<Object> gru(Sequence.Gru layer) {
        return Optional.empty();
    }

    @Override
    public Optional<Object> selfAttention(Sequence.SelfAttention layer) {
        return Optional.empty();
    }
}

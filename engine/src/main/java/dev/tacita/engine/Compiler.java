package dev.tacita.engine;

import dev.tacita.core.model.Layer;
import dev.tacita.core.model.LayerVisitor;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.Pooling;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Shape;
import dev.tacita.engine.kernel.Convolution;
import dev.tacita.engine.kernel.ConvolutionShape;
import dev.tacita.engine.kernel.Kernels;
import java.util.List;
import java.util.Optional;

/** Makes one node ready to run; a flatten or reshape needs nothing, for it shares its input's storage. */
final class Compiler implements LayerVisitor<Optional<Operation>> {
    private final Wiring.Step step;
    private final Kernels kernels;
    private final int capacity;
    private final int parameterOffset;

    Compiler(Wiring.Step step, ParameterLayout layout, Kernels kernels, int capacity) {
        this.step = step;
        this.kernels = kernels;
        this.capacity = capacity;
        List<ParameterLayout.Slot> slots = layout.of(step.node().id());
        parameterOffset = slots.isEmpty() ? 0 : slots.get(0).offset();
    }

    private Geometry geometry(dev.tacita.core.model.Window window) {
        return Geometry.of(window, step.inputShapes().get(0), step.outputShape());
    }

    @Override
    public Optional<Operation> dense(Layer.Dense layer) {
        return Optional.of(new DenseOperation(step, kernels, parameterOffset, layer.bias(), capacity));
    }

    @Override
    public Optional<Operation> conv2d(Layer.Conv2d layer) {
        Geometry geometry = geometry(layer.window());
        return Optional.of(
                layer.groups() == 1 && !layer.window().isDilated()
                        ? new Conv2dOperation(step, geometry, kernels, parameterOffset, layer.bias(), capacity)
                        : grouped(layer, geometry));
    }

    private Operation grouped(Layer.Conv2d layer, Geometry geometry) {
        ConvolutionShape shape = new ConvolutionShape(
                geometry.channels(),
                geometry.height(),
                geometry.width(),
                layer.filters(),
                geometry.outputHeight(),
                geometry.outputWidth(),
                layer.window(),
                layer.groups(),
                layer.bias());
        Optional<Convolution> whole = kernels.convolution(shape, capacity);
        if (whole.isPresent()) {
            return new LibraryConv2dOperation(step, whole.get(), parameterOffset);
        }
        return layer.groups() == geometry.channels()
                ? new DepthwiseConv2dOperation(step, geometry, parameterOffset, layer.bias())
                : new GroupedConv2dOperation(step, geometry, layer.groups(), kernels, parameterOffset, layer.bias());
    }

    @Override
    public Optional<Operation> maxPool2d(Layer.MaxPool2d layer) {
        return Optional.of(new MaxPoolOperation(step, geometry(layer.window()), capacity));
    }

    @Override
    public Optional<Operation> avgPool2d(Layer.AvgPool2d layer) {
        return Optional.of(new AvgPoolOperation(step, geometry(layer.window())));
    }

    @Override
    public Optional<Operation> globalAvgPool(Pooling.GlobalAvgPool layer) {
        return Optional.of(new GlobalAvgPoolOperation(step));
    }

    @Override
    public Optional<Operation> adaptiveAvgPool2d(Pooling.AdaptiveAvgPool2d layer) {
        return Optional.of(new AdaptiveAvgPoolOperation(step));
    }

    @Override
    public Optional<Operation> batchNorm(Normalization.BatchNorm layer) {
        return Optional.of(new BatchNormOperation(step, layer, parameterOffset));
    }

    @Override
    public Optional<Operation> groupNorm(Normalization.GroupNorm layer) {
        return channelNorm(layer, layer.groups());
    }

    @Override
    public Optional<Operation> instanceNorm(Normalization.InstanceNorm layer) {
        return channelNorm(layer, step.outputShape().dimension(0));
    }

    private Optional<Operation> channelNorm(Normalization layer, int groups) {
        int size = step.outputShape().size();
        int channels = step.outputShape().dimension(0);
        return exampleNorm(layer, size / groups, size / channels, channels);
    }

    @Override
    public Optional<Operation> layerNorm(Normalization.LayerNorm layer) {
        int length = layer.parameters(step.inputShapes()).get(0).shape().size();
        return exampleNorm(layer, length, 1, length);
    }

    private Optional<Operation> exampleNorm(Normalization layer, int length, int run, int weights) {
        return Optional.of(
                new ExampleNormOperation(step, layer.epsilon(), length, run, weights, parameterOffset, capacity));
    }

    @Override
    public Optional<Operation> activation(Layer.Activation layer) {
        return Optional.of(new ActivationOperation(step, Elementwise.of(layer.function())));
    }

    @Override
    public Optional<Operation> softmax(Layer.Softmax layer) {
        return Optional.of(new SoftmaxOperation(step));
    }

    @Override
    public Optional<Operation> flatten(Layer.Flatten layer) {
        return Optional.empty();
    }

    @Override
    public Optional<Operation> dropout(Layer.Dropout layer) {
        return Optional.of(new DropoutOperation(step, layer.rate(), capacity));
    }

    @Override
    public Optional<Operation> add(Layer.Add layer) {
        return Optional.of(new AddOperation(step));
    }

    @Override
    public Optional<Operation> multiply(Layer.Multiply layer) {
        return Optional.of(new MultiplyOperation(step));
    }

    @Override
    public Optional<Operation> concat(Layer.Concat layer) {
        return Optional.of(new ConcatOperation(step));
    }

    @Override
    public Optional<Operation> reshape(Rearrangement.Reshape layer) {
        return Optional.empty();
    }

    @Override
    public Optional<Operation> transpose(Rearrangement.Transpose layer) {
        return Optional.of(new RearrangeOperation(step, Sources.of(layer, inputShape()), 0));
    }

    @Override
    public Optional<Operation> slice(Rearrangement.Slice layer) {
        return Optional.of(new RearrangeOperation(step, Sources.of(layer, inputShape()), 0));
    }

    @Override
    public Optional<Operation> pad(Rearrangement.Pad layer) {
        return Optional.of(new RearrangeOperation(step, Sources.of(layer, inputShape()), (float) layer.value()));
    }

    @Override
    public Optional<Operation> embedding(Sequence.Embedding layer) {
        return Optional.of(new EmbeddingOperation(step, layer, parameterOffset));
    }

    @Override
    public Optional<Operation> positionalEmbedding(Sequence.PositionalEmbedding layer) {
        return Optional.of(new PositionalEmbeddingOperation(step, parameterOffset));
    }

    @Override
    public Optional<Operation> lstm(Sequence.Lstm layer) {
        return Optional.of(
                new LstmOperation(step, kernels, parameterOffset, layer.units(), layer.returnSequences(), capacity));
    }

    @Override
    public Optional<Operation> gru(Sequence.Gru layer) {
        return Optional.of(
                new GruOperation(step, kernels, parameterOffset, layer.units(), layer.returnSequences(), capacity));
    }

    @Override
    public Optional<Operation> selfAttention(Sequence.SelfAttention layer) {
        return Optional.of(
                new SelfAttentionOperation(step, kernels, parameterOffset, layer.heads(), layer.causal(), capacity));
    }

    private Shape inputShape() {
        return step.inputShapes().get(0);
    }
}

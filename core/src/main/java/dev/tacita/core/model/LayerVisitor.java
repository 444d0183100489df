package dev.tacita.core.model;

/**
 * One method for each layer, so that a reader that forgets one does not compile.
 *
 * @param <R> what the reader makes of a layer
 */
public interface LayerVisitor<R> {
    R dense(Layer.Dense layer);

    R conv2d(Layer.Conv2d layer);

    R maxPool2d(Layer.MaxPool2d layer);

    R avgPool2d(Layer.AvgPool2d layer);

    R globalAvgPool(Pooling.GlobalAvgPool layer);

    R adaptiveAvgPool2d(Pooling.AdaptiveAvgPool2d layer);

    R batchNorm(Normalization.BatchNorm layer);

    R groupNorm(Normalization.GroupNorm layer);

    R instanceNorm(Normalization.InstanceNorm layer);

    R layerNorm(Normalization.LayerNorm layer);

    R activation(Layer.Activation layer);

    R softmax(Layer.Softmax layer);

    R flatten(Layer.Flatten layer);

    R dropout(Layer.Dropout layer);

    R add(Layer.Add layer);

    R multiply(Layer.Multiply layer);

    R concat(Layer.Concat layer);

    R reshape(Rearrangement.Reshape layer);

    R transpose(Rearrangement.Transpose layer);

    R slice(Rearrangement.Slice layer);

    R pad(Rearrangement.Pad layer);

    R embedding(Sequence.Embedding layer);

    R positionalEmbedding(Sequence.PositionalEmbedding layer);

    R lstm(Sequence.Lstm layer);

    R gru(Sequence.Gru layer);

    R selfAttention(Sequence.SelfAttention layer);
}

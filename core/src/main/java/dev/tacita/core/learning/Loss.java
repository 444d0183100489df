package dev.tacita.core.learning;

/** What training minimises, averaged over the examples of a batch. */
public sealed interface Loss {
    /** Whether the loss of one example depends on the other examples of the batch, as a partial likelihood does. */
    default boolean mixesExamples() {
        return false;
    }

    /** -log softmax(output)[target]; the target is one number, the class index counted from 0. */
    record SoftmaxCrossEntropy() implements Loss {}

    /** Binary cross-entropy of sigmoid(output), computed from the logits, summed over outputs; targets 0 or 1. */
    record BinaryCrossEntropyWithLogits() implements Loss {}

    /** (output - target)^2, averaged over outputs; one target for each output. */
    record MeanSquaredError() implements Loss {}
}

package dev.tacita.core.learning;

import dev.tacita.core.model.Shape;

/**
 * Examples that a trainer can read at random, any number of times, from several threads.
 *
 * <p>Inputs are numbers; NaN where one is missing, which no model of layers takes.
 *
 * <p>Targets: one class index (from 0) for {@link Loss.SoftmaxCrossEntropy}; 0 or 1 for each output for
 * {@link Loss.BinaryCrossEntropyWithLogits}; one value for each output for {@link Loss.MeanSquaredError}.
 */
public interface Examples {
    /** How many. */
    int size();

    /** The shape of one input. */
    Shape inputShape();

    /** The number of target values of one example. */
    int targetSize();

    /** Writes the input of example {@code index}, row-major, into {@code to} from {@code offset}. */
    void copyInput(int index, float[] to, int offset);

    /** Writes the targets of example {@code index} into {@code to} from {@code offset}. */
    void copyTarget(int index, float[] to, int offset);

    /** These examples of this set, in this order; nothing is copied. */
    default Examples select(int[] indexes) {
        return new SelectedExamples(this, indexes.clone());
    }
}

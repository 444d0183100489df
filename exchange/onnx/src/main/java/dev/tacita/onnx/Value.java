package dev.tacita.onnx;

import dev.tacita.core.model.Shape;

/** What a name in an ONNX graph stands for. */
sealed interface Value permits Value.Signal, Value.Numbers, Value.Integers, Value.Unknown, Formula {
    /** The size of the batch where a shape is computed with; no tensor has so small a dimension. */
    long BATCH = Long.MIN_VALUE;

    /**
     * What flows while the model runs: an input, or the output of a node.
     *
     * @param id of the model's input or node
     * @param shape of one example
     */
    record Signal(String id, Shape shape) implements Value {}

    /**
     * A constant tensor of floating-point numbers.
     *
     * @param name of the tensor that it was made of
     */
    record Numbers(String name, int[] dimensions, float[] values) implements Value {
        int rank() {
            return dimensions.length;
        }

        /** Whether it is one number. */
        boolean single() {
            return values.length == 1;
        }
    }

    /** A constant of integers, without dimensions or with one; an element may be {@link #BATCH}. */
    record Integers(boolean scalar, long[] values) implements Value {}

    /** What a node would have given whose problem is reported. */
    record Unknown() implements Value {}
}

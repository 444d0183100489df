package dev.tacita.core.learning;

import dev.tacita.core.model.Shape;

/** Examples in two arrays, one row after the other. */
public final class ArrayExamples implements Examples {
    private final Shape inputShape;
    private final int targetSize;
    private final float[] inputs;
    private final float[] targets;

    /**
     * Takes the arrays over.
     *
     * @param inputs {@code n * inputShape.size()} values
     * @param targets {@code n * targetSize} values
     */
    public ArrayExamples(Shape inputShape, int targetSize, float[] inputs, float[] targets) {
        Checks.atLeast("targetSize", targetSize, 1);
        if (targets.length % targetSize != 0
                || inputs.length != (long) targets.length / targetSize * inputShape.size()) {
            throw new IllegalArgumentException("inputs and targets must have the same number of rows. Provided values: "
                    + inputs.length + " inputs of shape " + inputShape + ", " + targets.length + " targets, "
                    + targetSize + " a row");
        }
        this.inputShape = inputShape;
        this.targetSize = targetSize;
        this.inputs = inputs;
        this.targets = targets;
    }

    /** No examples of this shape. */
    public static ArrayExamples none(Shape inputShape, int targetSize) {
        return new ArrayExamples(inputShape, targetSize, new float[0], new float[0]);
    }

    @Override
    public int size() {
        return targets.length / targetSize;
    }

    @Override
    public Shape inputShape() {
        return inputShape;
    }

    @Override
    public int targetSize() {
        return targetSize;
    }

    @Override
    public void copyInput(int index, float[] to, int offset) {
        System.arraycopy(inputs, index * inputShape.size(), to, offset, inputShape.size());
    }

    @Override
    public void copyTarget(int index, float[] to, int offset) {
        System.arraycopy(targets, index * targetSize, to, offset, targetSize);
    }
}

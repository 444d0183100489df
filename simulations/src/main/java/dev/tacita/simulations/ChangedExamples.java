package dev.tacita.simulations;

import dev.tacita.core.learning.Examples;
import dev.tacita.core.model.Shape;

/** Examples that differ from others in what they are when they are copied. For any thread. */
final class ChangedExamples implements Examples {
    private final Examples original;
    private final Change inputs;
    private final Change targets;

    /** What becomes of the numbers of one example; the same whenever it is asked. */
    interface Change {
        /** Nothing. */
        Change NONE = (index, values) -> {};

        /** @param values of the example at {@code index}, to be changed in place */
        void apply(int index, float[] values);
    }

    ChangedExamples(Examples original, Change inputs, Change targets) {
        this.original = original;
        this.inputs = inputs;
        this.targets = targets;
    }

    static Examples targets(Examples original, Change targets) {
        return new ChangedExamples(original, Change.NONE, targets);
    }

    static Examples inputs(Examples original, Change inputs) {
        return new ChangedExamples(original, inputs, Change.NONE);
    }

    @Override
    public int size() {
        return original.size();
    }

    @Override
    public Shape inputShape() {
        return original.inputShape();
    }

    @Override
    public int targetSize() {
        return original.targetSize();
    }

    @Override
    public void copyInput(int index, float[] to, int offset) {
        if (inputs == Change.NONE) {
            original.copyInput(index, to, offset);
            return;
        }
        float[] values = new float[inputShape().size()];
        original.copyInput(index, values, 0);
        inputs.apply(index, values);
        System.arraycopy(values, 0, to, offset, values.length);
    }

    @Override
    public void copyTarget(int index, float[] to, int offset) {
        float[] values = new float[targetSize()];
        original.copyTarget(index, values, 0);
        targets.apply(index, values);
        System.arraycopy(values, 0, to, offset, values.length);
    }
}

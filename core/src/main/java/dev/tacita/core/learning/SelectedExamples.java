package dev.tacita.core.learning;

import dev.tacita.core.model.Shape;

/** Some examples of another set. */
final class SelectedExamples implements Examples {
    private final Examples all;
    private final int[] indexes;

    SelectedExamples(Examples all, int[] indexes) {
        this.all = all;
        this.indexes = indexes;
    }

    @Override
    public int size() {
        return indexes.length;
    }

    @Override
    public Shape inputShape() {
        return all.inputShape();
    }

    @Override
    public int targetSize() {
        return all.targetSize();
    }

    @Override
    public void copyInput(int index, float[] to, int offset) {
        all.copyInput(indexes[index], to, offset);
    }

    @Override
    public void copyTarget(int index, float[] to, int offset) {
        all.copyTarget(indexes[index], to, offset);
    }
}

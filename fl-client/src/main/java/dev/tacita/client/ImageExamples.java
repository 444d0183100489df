package dev.tacita.client;

import dev.tacita.core.learning.Examples;
import dev.tacita.core.model.Shape;

/** Images kept as one byte a cell, scaled when they are copied: a quarter of the memory of floats. */
final class ImageExamples implements Examples {
    private final Shape shape;
    private final byte[] pixels;
    private final byte[] labels;
    private final float[][] values;

    /**
     * Takes the arrays over.
     *
     * @param shape (channels, height, width)
     * @param pixels one image after the other, each in the order of its shape
     * @param labels class indexes, 0 to 255
     */
    ImageExamples(Shape shape, byte[] pixels, byte[] labels, PixelScale scale) {
        if (pixels.length != (long) labels.length * shape.size()) {
            throw new IllegalArgumentException(
                    "pixels and labels must be of the same number of images. Provided values: " + pixels.length
                            + " pixels of shape " + shape + ", " + labels.length + " labels");
        }
        this.shape = shape;
        this.pixels = pixels;
        this.labels = labels;
        this.values = new float[shape.dimension(0)][];
        for (int channel = 0; channel < values.length; channel++) {
            values[channel] = scale.of(channel);
        }
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public Shape inputShape() {
        return shape;
    }

    @Override
    public int targetSize() {
        return 1;
    }

    @Override
    public void copyInput(int index, float[] to, int offset) {
        int area = shape.size() / shape.dimension(0);
        int from = index * shape.size();
        for (int channel = 0; channel < shape.dimension(0); channel++) {
            float[] value = values[channel];
            for (int i = channel * area; i < (channel + 1) * area; i++) {
                to[offset + i] = value[pixels[from + i] & 0xff];
            }
        }
    }

    @Override
    public void copyTarget(int index, float[] to, int offset) {
        to[offset] = labels[index] & 0xff;
    }

    /** The class index of each image. */
    int[] classes() {
        int[] classes = new int[labels.length];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = labels[i] & 0xff;
        }
        return classes;
    }
}

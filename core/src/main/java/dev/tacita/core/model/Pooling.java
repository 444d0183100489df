package dev.tacita.core.model;

import java.util.List;

/** Layers that bring images of any size to a fixed one by means; the number of channels stays. */
public sealed interface Pooling extends Layer {
    /** The mean of each channel: (C, H, W) to (C, 1, 1) (Lin, Chen and Yan 2014, sec. 3.2). */
    record GlobalAvgPool() implements Pooling {
        @Override
        public String name() {
            return "global-avg-pool";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.globalAvgPool(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Shape.of(Layers.image(inputs).dimension(0), 1, 1);
        }
    }

    /**
     * The means of bins that cover the image: row i of the output is the mean of the input's rows from
     * floor(i * H / height) to before ceil((i + 1) * H / height), columns likewise, as PyTorch's AdaptiveAvgPool2d has
     * it. Bins overlap where the division leaves a rest; an output larger than the input repeats cells.
     *
     * @param height rows of the output, at least 1
     * @param width columns of the output, at least 1
     */
    record AdaptiveAvgPool2d(int height, int width) implements Pooling {
        public AdaptiveAvgPool2d {
            Layers.atLeast("height", height, 1);
            Layers.atLeast("width", width, 1);
        }

        /** The first of the input's cells, of {@code length}, that bin {@code index} of {@code bins} covers. */
        public static int firstOfBin(int index, int length, int bins) {
            return (int) ((long) index * length / bins);
        }

        /** One past the last of the input's cells, of {@code length}, that bin {@code index} of {@code bins} covers. */
        public static int endOfBin(int index, int length, int bins) {
            return (int) (((long) (index + 1) * length + bins - 1) / bins);
        }

        @Override
        public String name() {
            return "adaptive-avg-pool2d";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.adaptiveAvgPool2d(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Shape.of(Layers.image(inputs).dimension(0), height, width);
        }
    }
}

package dev.tacita.engine;

import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;

/** Where the windows of a convolution or pooling lie on one image. */
record Geometry(Window window, int channels, int height, int width, int outputHeight, int outputWidth) {
    static Geometry of(Window window, Shape input, Shape output) {
        return new Geometry(
                window,
                input.dimension(0),
                input.dimension(1),
                input.dimension(2),
                output.dimension(1),
                output.dimension(2));
    }

    int inputSize() {
        return channels * height * width;
    }

    int positions() {
        return outputHeight * outputWidth;
    }

    /** Rows of the column matrix: one for each cell of a window in each channel. */
    int cells() {
        return channels * window.height() * window.width();
    }

    boolean isPadded() {
        return window.paddingHeight() > 0 || window.paddingWidth() > 0;
    }

    int paddedHeight() {
        return height + 2 * window.paddingHeight();
    }

    int paddedWidth() {
        return width + 2 * window.paddingWidth();
    }

    int paddedSize() {
        return channels * paddedHeight() * paddedWidth();
    }

    /** How far a window's cell lies from the window's first cell in the padded image. */
    int cell(int row, int column) {
        return row * window.dilationHeight() * paddedWidth() + column * window.dilationWidth();
    }

    /** The same windows over images of fewer channels. */
    Geometry withChannels(int count) {
        return new Geometry(window, count, height, width, outputHeight, outputWidth);
    }

    /** First row of the image, not of its padding, that the windows of output row {@code y} see. */
    int firstRow(int y) {
        return Math.max(0, y * window.strideHeight() - window.paddingHeight());
    }

    /** One past the last row of the image that the windows of output row {@code y} see. */
    int endRow(int y) {
        return Math.min(height, y * window.strideHeight() - window.paddingHeight() + window.height());
    }

    /** As {@link #firstRow}, for columns. */
    int firstColumn(int x) {
        return Math.max(0, x * window.strideWidth() - window.paddingWidth());
    }

    /** As {@link #endRow}, for columns. */
    int endColumn(int x) {
        return Math.min(width, x * window.strideWidth() - window.paddingWidth() + window.width());
    }
}

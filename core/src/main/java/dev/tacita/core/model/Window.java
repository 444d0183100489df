package dev.tacita.core.model;

/**
 * The sliding window of a convolution or a pooling, in cells.
 *
 * @param height rows of the window, at least 1
 * @param width columns of the window, at least 1
 * @param strideHeight rows between two windows, at least 1
 * @param strideWidth columns between two windows, at least 1
 * @param paddingHeight rows of padding above and below, at least 0
 * @param paddingWidth columns of padding left and right, at least 0
 * @param dilationHeight rows from one cell of the window to the next, at least 1; 1 leaves no holes
 * @param dilationWidth columns from one cell of the window to the next, at least 1
 */
public record Window(
        int height,
        int width,
        int strideHeight,
        int strideWidth,
        int paddingHeight,
        int paddingWidth,
        int dilationHeight,
        int dilationWidth) {
    public Window {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("kernel must be >= 1. Provided value: " + height + " x " + width);
        }
        if (strideHeight < 1 || strideWidth < 1) {
            throw new IllegalArgumentException(
                    "stride must be >= 1. Provided value: " + strideHeight + " x " + strideWidth);
        }
        if (paddingHeight < 0 || paddingWidth < 0) {
            throw new IllegalArgumentException(
                    "padding must be >= 0. Provided value: " + paddingHeight + " x " + paddingWidth);
        }
        if (dilationHeight < 1 || dilationWidth < 1) {
            throw new IllegalArgumentException(
                    "dilation must be >= 1. Provided value: " + dilationHeight + " x " + dilationWidth);
        }
    }

    /** A window without holes. */
    public Window(int height, int width, int strideHeight, int strideWidth, int paddingHeight, int paddingWidth) {
        this(height, width, strideHeight, strideWidth, paddingHeight, paddingWidth, 1, 1);
    }

    /** A square window. */
    public static Window square(int kernel, int stride, int padding) {
        return new Window(kernel, kernel, stride, stride, padding, padding);
    }

    /** This window with its cells that far apart (Yu and Koltun 2016, sec. 2). */
    public Window dilated(int rows, int columns) {
        return new Window(height, width, strideHeight, strideWidth, paddingHeight, paddingWidth, rows, columns);
    }

    /** Whether there are holes between its cells. */
    public boolean isDilated() {
        return dilationHeight > 1 || dilationWidth > 1;
    }

    int outputHeight(int inputHeight) {
        return output("height", inputHeight, span(height, dilationHeight), strideHeight, paddingHeight);
    }

    int outputWidth(int inputWidth) {
        return output("width", inputWidth, span(width, dilationWidth), strideWidth, paddingWidth);
    }

    private static long span(int cells, int dilation) {
        return (cells - 1L) * dilation + 1;
    }

    private static int output(String side, int input, long span, int stride, int padding) {
        long padded = input + 2L * padding;
        if (span > padded) {
            throw new IllegalArgumentException("the window's " + side + " of " + span
                    + " does not fit into the input's " + input + " with a padding of " + padding);
        }
        return Math.toIntExact((padded - span) / stride + 1);
    }
}

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
 */
public record Window(int height, int width, int strideHeight, int strideWidth, int paddingHeight, int paddingWidth) {
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
    }

    /** A square window. */
    public static Window square(int kernel, int stride, int padding) {
        return new Window(kernel, kernel, stride, stride, padding, padding);
    }

    int outputHeight(int inputHeight) {
        return output("height", inputHeight, height, strideHeight, paddingHeight);
    }

    int outputWidth(int inputWidth) {
        return output("width", inputWidth, width, strideWidth, paddingWidth);
    }

    private static int output(String side, int input, int kernel, int stride, int padding) {
        int padded = input + 2 * padding;
        if (kernel > padded) {
            throw new IllegalArgumentException("the window's " + side + " of " + kernel
                    + " does not fit into the input's " + input + " with a padding of " + padding);
        }
        return (padded - kernel) / stride + 1;
    }
}

package dev.tacita.engine.kernel;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.model.Window;

/**
 * The shape of a cross-correlation over images (channels, height, width) that gives (filters, outputHeight, outputWidth).
 *
 * @param window kernel, stride, zero padding and dilation
 * @param groups divides channels and filters; a filter sees the channels of its group
 * @param bias whether each filter's bias is added; it lies right behind the weight in the parameters
 */
public record ConvolutionShape(
        int channels,
        int height,
        int width,
        int filters,
        int outputHeight,
        int outputWidth,
        Window window,
        int groups,
        boolean bias) {
    public ConvolutionShape {
        requireNonNull(window, "window is null");
        if (groups < 1 || channels % groups != 0 || filters % groups != 0) {
            throw new IllegalArgumentException("groups must divide channels and filters. Provided value: " + groups
                    + " for " + channels + " channels and " + filters + " filters");
        }
    }

    /** Elements of the weight (filters, channels / groups, height, width). */
    public int weightSize() {
        return filters * (channels / groups) * window.height() * window.width();
    }

    /** Elements of one image. */
    public int inputSize() {
        return channels * height * width;
    }

    /** Elements of one output. */
    public int outputSize() {
        return filters * outputHeight * outputWidth;
    }
}

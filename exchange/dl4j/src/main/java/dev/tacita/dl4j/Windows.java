package dev.tacita.dl4j;

import dev.tacita.core.model.Initializer;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Convolutions and pools as DL4J has them, with the padding of each of its modes made explicit. */
final class Windows {
    private Windows() {}

    /** What is before and after an image's rows or columns. */
    private record Sides(int before, int after) {
        static Sides of(ConvolutionMode mode, int length, int kernel, int stride, int padding, int dilation) {
            if (mode != ConvolutionMode.Same) {
                return new Sides(padding, padding);
            }
            long outputs = (length + (long) stride - 1) / stride;
            long span = (kernel - 1L) * dilation + 1;
            int total = Math.toIntExact(Math.max(0, (outputs - 1) * stride + span - length));
            return new Sides(total / 2, total - total / 2);
        }

        boolean isEven() {
            return before == after;
        }
    }

    private record Slide(ConvolutionMode mode, int[] kernel, int[] stride, int[] padding, int[] dilation) {
        Sides rows(Shape image) {
            return sides(image, 0);
        }

        Sides columns(Shape image) {
            return sides(image, 1);
        }

        private Sides sides(Shape image, int axis) {
            if (image.rank() != 3) {
                throw new IllegalArgumentException(
                        "its input must be an image (channels, height, width). Provided shape: " + image);
            }
            return Sides.of(mode, image.dimension(axis + 1), kernel[axis], stride[axis], padding[axis], dilation[axis]);
        }

        private Window window(int paddingHeight, int paddingWidth) {
            return new Window(
                    kernel[0], kernel[1], stride[0], stride[1], paddingHeight, paddingWidth, dilation[0], dilation[1]);
        }

        boolean isEven(Shape image) {
            return rows(image).isEven() && columns(image).isEven();
        }

        boolean isPadded(Shape image) {
            return rows(image).after() > 0 || columns(image).after() > 0;
        }

        /** With the padding in the window. */
        List<Step> inOne(Shape image, Function<Window, Step> slider) {
            return List.of(
                    slider.apply(window(rows(image).before(), columns(image).before())));
        }

        /** With the padding in a node of its own. */
        List<Step> inTwo(Shape image, double value, Function<Window, Step> slider) {
            Sides rows = rows(image);
            Sides columns = columns(image);
            var pad = new Rearrangement.Pad(
                    List.of(0, rows.before(), columns.before()), List.of(0, rows.after(), columns.after()), value);
            return List.of(Step.of("pad", pad), slider.apply(window(0, 0)));
        }
    }

    /** @throws IllegalArgumentException if it is not a convolution over images that a description has */
    static Reading convolution(ConvolutionLayer layer) {
        Slide slide = slide(
                layer.getCnn2dDataFormat(),
                layer.getConvolutionMode(),
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getDilation());
        var weight = Part.same("weight");
        List<Part> parts = layer.isHasBias() ? List.of(Part.same("bias"), weight) : List.of(weight);
        int filters = Math.toIntExact(layer.getNOut());
        Function<Window, Step> slider = window ->
                Step.withParts(new Layer.Conv2d(filters, window, layer.isHasBias(), Initializer.GLOROT_UNIFORM), parts);
        return image -> {
            Reading.check("input channels", layer.getNIn(), image.dimension(0));
            return slide.isEven(image) ? slide.inOne(image, slider) : slide.inTwo(image, 0, slider);
        };
    }

    /** @throws IllegalArgumentException if it is not a pooling of images that a description has */
    static Reading pooling(SubsamplingLayer layer) {
        Slide slide = slide(
                layer.getCnn2dDataFormat(),
                layer.getConvolutionMode(),
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getDilation());
        if (layer.getPoolingType() == PoolingType.MAX) {
            Function<Window, Step> slider = window -> Step.of("", new Layer.MaxPool2d(window));
            return image ->
                    slide.isEven(image) ? slide.inOne(image, slider) : slide.inTwo(image, -Float.MAX_VALUE, slider);
        }
        if (layer.getPoolingType() != PoolingType.AVG) {
            throw new IllegalArgumentException(
                    "pooling must be by MAX or AVG. Provided value: " + layer.getPoolingType());
        }
        Function<Window, Step> slider = window -> Step.of("", new Layer.AvgPool2d(window));
        return image -> {
            if (layer.isAvgPoolIncludePadInDivisor() && slide.isPadded(image)) {
                return slide.inTwo(image, 0, slider);
            }
            if (!slide.isEven(image)) {
                throw new IllegalArgumentException(
                        "a mean over padding that differs between two sides of the image is not supported");
            }
            return slide.inOne(image, slider);
        };
    }

    private static Slide slide(
            CNN2DFormat format, ConvolutionMode mode, int[] kernel, int[] stride, int[] padding, int[] dilation) {
        if (format != CNN2DFormat.NCHW) {
            throw new IllegalArgumentException("images must be NCHW. Provided value: " + format);
        }
        if (mode == ConvolutionMode.Causal) {
            throw new IllegalArgumentException(
                    "the convolution mode must be Truncate, Strict or Same. Provided value: " + mode);
        }
        for (int[] pair : List.of(kernel, stride, padding, dilation)) {
            if (pair.length != 2) {
                throw new IllegalArgumentException(
                        "kernel, stride, padding and dilation must have two values. Provided value: "
                                + Arrays.toString(pair));
            }
        }
        for (int step : stride) {
            if (step < 1) {
                throw new IllegalArgumentException("stride must be >= 1. Provided value: " + Arrays.toString(stride));
            }
        }
        return new Slide(mode, kernel, stride, padding, dilation);
    }
}

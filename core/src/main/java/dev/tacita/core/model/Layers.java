package dev.tacita.core.model;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/** Rules that several layers share. */
final class Layers {
    private Layers() {}

    static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be >= " + least + ". Provided value: " + value);
        }
    }

    static void checkPooling(Window window) {
        requireNonNull(window, "window is null");
        if (window.isDilated()) {
            throw new IllegalArgumentException("dilation of a pooling must be 1. Provided value: "
                    + window.dilationHeight() + " x " + window.dilationWidth());
        }
        if (2 * window.paddingHeight() > window.height() || 2 * window.paddingWidth() > window.width()) {
            throw new IllegalArgumentException("padding of a pooling must be at most half its kernel. Provided value: "
                    + window.paddingHeight() + " x " + window.paddingWidth() + " for a kernel of " + window.height()
                    + " x " + window.width());
        }
    }

    static Shape one(List<Shape> inputs) {
        if (inputs.size() != 1) {
            throw new IllegalArgumentException("it needs exactly one input. Provided value: " + inputs.size());
        }
        return inputs.get(0);
    }

    static void several(List<Shape> inputs) {
        if (inputs.size() < 2) {
            throw new IllegalArgumentException("it needs at least two inputs. Provided value: " + inputs.size());
        }
    }

    /** Two or more inputs of one shape. */
    static Shape several(String layer, List<Shape> inputs) {
        several(inputs);
        if (inputs.stream().distinct().count() > 1) {
            throw new IllegalArgumentException(layer + " needs inputs of one shape. Provided value: " + inputs);
        }
        return inputs.get(0);
    }

    static Shape oneOfRank(List<Shape> inputs, int rank, String what) {
        Shape input = one(inputs);
        if (input.rank() != rank) {
            throw new IllegalArgumentException("its input must be " + what + ". Provided shape: " + input);
        }
        return input;
    }

    /** A sequence (steps, features). */
    static Shape sequence(List<Shape> inputs) {
        return oneOfRank(inputs, 2, "a sequence (steps, features)");
    }

    /** The length of the last dimension. */
    static int last(Shape shape) {
        return shape.dimension(shape.rank() - 1);
    }

    static Shape rankIs(String layer, int rank, List<Shape> inputs) {
        Shape input = one(inputs);
        if (input.rank() != rank) {
            throw new IllegalArgumentException(
                    "this " + layer + " needs an input of " + rank + " dimensions. Provided shape: " + input);
        }
        return input;
    }

    static Shape image(List<Shape> inputs) {
        return oneOfRank(inputs, 3, "an image (channels, height, width)");
    }

    static Shape slide(List<Shape> inputs, Window window, int channels) {
        Shape input = image(inputs);
        return Shape.of(channels, window.outputHeight(input.dimension(1)), window.outputWidth(input.dimension(2)));
    }

    static Shape pool(List<Shape> inputs, Window window) {
        return slide(inputs, window, image(inputs).dimension(0));
    }

    static Shape join(List<Shape> inputs) {
        List<Integer> rest = inputs.get(0).dimensions().subList(1, inputs.get(0).rank());
        long joined = 0;
        for (Shape input : inputs) {
            if (!input.dimensions().subList(1, input.rank()).equals(rest)) {
                throw new IllegalArgumentException(
                        "concat needs inputs that agree in all but the first dimension. Provided value: " + inputs);
            }
            joined += input.dimension(0);
        }
        List<Integer> dimensions = new ArrayList<>();
        dimensions.add(Math.toIntExact(joined));
        dimensions.addAll(rest);
        return new Shape(dimensions);
    }

    static List<Parameter> withBias(Parameter weight, int units, boolean bias) {
        if (!bias) {
            return List.of(weight);
        }
        return List.of(
                weight, new Parameter("bias", Shape.of(units), Initializer.ZEROS, weight.fanIn(), weight.fanOut()));
    }

    static void checkEpsilon(double epsilon) {
        if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("epsilon must be > 0 and finite. Provided value: " + epsilon);
        }
    }

    static Shape severalValues(Shape input, int values) {
        if (values < 2) {
            throw new IllegalArgumentException(
                    "it needs at least two values to normalise at a time; one would always become 0. Provided shape: "
                            + input);
        }
        return input;
    }

    static List<Parameter> scaleAndShift(Shape shape) {
        return List.of(
                new Parameter("weight", shape, Initializer.ONES, 1, 1),
                new Parameter("bias", shape, Initializer.ZEROS, 1, 1));
    }
}

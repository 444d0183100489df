package dev.tacita.core.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What one node computes, described and not run. A layer knows its output shape and its parameters; how it is
 * executed, explained or encrypted is for the readers, through {@link #accept}.
 *
 * <p>Shapes are those of one example. Images are (channels, height, width).
 */
public sealed interface Layer
        permits Layer.Dense,
                Layer.Conv2d,
                Layer.MaxPool2d,
                Layer.AvgPool2d,
                Layer.Activation,
                Layer.Softmax,
                Layer.Flatten,
                Layer.Dropout,
                Layer.Add,
                Layer.Multiply,
                Layer.Concat,
                Normalization,
                Pooling,
                Rearrangement,
                Sequence {
    /** The name that plans and policies use, such as {@code max-pool2d}. */
    String name();

    /** Calls the visitor's method for this layer. */
    <R> R accept(LayerVisitor<R> visitor);

    /**
     * The shape of the output.
     *
     * @throws IllegalArgumentException if these inputs do not fit; the message is one sentence for a user
     */
    Shape outputShape(List<Shape> inputs);

    /** The parameters, in their fixed order; {@code inputs} have passed {@link #outputShape}. */
    default List<Parameter> parameters(List<Shape> inputs) {
        return List.of();
    }

    /**
     * Whether, in training, what it gives for one example depends on the other examples of the batch. Such a layer cannot
     * be trained with a bound on what one example does.
     */
    default boolean mixesExamples() {
        return false;
    }

    /** For a layer that mixes examples, what to use in its place, such as {@code group-norm}; empty if there is nothing. */
    default String replacement() {
        return "";
    }

    /**
     * y = x W^T + b, for a vector or for each step of a sequence (steps, features); weight (units, features), bias
     * (units).
     *
     * @param units outputs, at least 1
     * @param bias whether b exists
     * @param initializer of the weight; the bias starts at zero
     */
    record Dense(int units, boolean bias, Initializer initializer) implements Layer {
        public Dense {
            Layers.atLeast("units", units, 1);
            requireNonNull(initializer, "initializer is null");
        }

        /** With a bias and Glorot's initialiser. */
        public static Dense of(int units) {
            return new Dense(units, true, Initializer.GLOROT_UNIFORM);
        }

        @Override
        public String name() {
            return "dense";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.dense(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape input = Layers.one(inputs);
            if (input.rank() > 2) {
                throw new IllegalArgumentException("its input must be a vector, or a sequence (steps, features); put a"
                        + " flatten before it. Provided shape: " + input);
            }
            return input.rank() == 1 ? Shape.of(units) : Shape.of(input.dimension(0), units);
        }

        @Override
        public List<Parameter> parameters(List<Shape> inputs) {
            int features = Layers.last(inputs.get(0));
            var weight = new Parameter("weight", Shape.of(units, features), initializer, features, units);
            return Layers.withBias(weight, units, bias);
        }
    }

    /**
     * Cross-correlation over images; weight (filters, channels / groups, height, width), bias (filters). With groups,
     * both channels and filters are cut into as many runs, and each run of filters sees its own run of channels only;
     * as many groups as channels make it depthwise (Chollet 2017, sec. 1).
     *
     * @param filters output channels, at least 1
     * @param window kernel, stride, zero padding and dilation
     * @param groups at least 1; must divide the filters and the input's channels
     * @param bias whether there is a bias
     * @param initializer of the weight; the bias starts at zero
     */
    record Conv2d(int filters, Window window, int groups, boolean bias, Initializer initializer) implements Layer {
        public Conv2d {
            Layers.atLeast("filters", filters, 1);
            requireNonNull(window, "window is null");
            Layers.atLeast("groups", groups, 1);
            if (filters % groups != 0) {
                throw new IllegalArgumentException(
                        "groups must divide the filters. Provided value: " + groups + " for " + filters + " filters");
            }
            requireNonNull(initializer, "initializer is null");
        }

        /** In one group: each filter sees every channel. */
        public Conv2d(int filters, Window window, boolean bias, Initializer initializer) {
            this(filters, window, 1, bias, initializer);
        }

        /** In one group, with a bias and Glorot's initialiser. */
        public static Conv2d of(int filters, Window window) {
            return new Conv2d(filters, window, true, Initializer.GLOROT_UNIFORM);
        }

        /** This convolution in that many groups. */
        public Conv2d inGroups(int count) {
            return new Conv2d(filters, window, count, bias, initializer);
        }

        @Override
        public String name() {
            return "conv2d";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.conv2d(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            int channels = Layers.image(inputs).dimension(0);
            if (channels % groups != 0) {
                throw new IllegalArgumentException("groups must divide the input's channels. Provided value: " + groups
                        + " for " + channels + " channels");
            }
            return Layers.slide(inputs, window, filters);
        }

        @Override
        public List<Parameter> parameters(List<Shape> inputs) {
            int channels = inputs.get(0).dimension(0) / groups;
            int area = window.height() * window.width();
            var shape = Shape.of(filters, channels, window.height(), window.width());
            var weight = new Parameter("weight", shape, initializer, channels * area, filters / groups * area);
            return Layers.withBias(weight, filters, bias);
        }
    }

    /**
     * The largest value of each window; padding never wins.
     *
     * @param window kernel, stride and padding; the padding at most half the kernel
     */
    record MaxPool2d(Window window) implements Layer {
        public MaxPool2d {
            Layers.checkPooling(window);
        }

        @Override
        public String name() {
            return "max-pool2d";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.maxPool2d(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Layers.pool(inputs, window);
        }
    }

    /**
     * The mean of each window; cells of the padding are not counted.
     *
     * @param window kernel, stride and padding; the padding at most half the kernel
     */
    record AvgPool2d(Window window) implements Layer {
        public AvgPool2d {
            Layers.checkPooling(window);
        }

        @Override
        public String name() {
            return "avg-pool2d";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.avgPool2d(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Layers.pool(inputs, window);
        }
    }

    /**
     * An element-wise function.
     *
     * @param function which
     */
    record Activation(ActivationFunction function) implements Layer {
        public Activation {
            requireNonNull(function, "function is null");
        }

        /** The function's name. */
        @Override
        public String name() {
            return function.name();
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.activation(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Layers.one(inputs);
        }
    }

    /** Normalised exponentials over the last dimension: non-negative, summing to 1. */
    record Softmax() implements Layer {
        @Override
        public String name() {
            return "softmax";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.softmax(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Layers.one(inputs);
        }
    }

    /** All elements as one vector, row-major. */
    record Flatten() implements Layer {
        @Override
        public String name() {
            return "flatten";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.flatten(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Shape.of(Layers.one(inputs).size());
        }
    }

    /**
     * In training sets each element to zero with probability rate and divides the others by 1 - rate; else the
     * identity (Srivastava et al. 2014, inverted).
     *
     * @param rate at least 0, below 1
     */
    record Dropout(double rate) implements Layer {
        public Dropout {
            if (!(rate >= 0 && rate < 1)) {
                throw new IllegalArgumentException("rate must be >= 0 and < 1. Provided value: " + rate);
            }
        }

        @Override
        public String name() {
            return "dropout";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.dropout(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Layers.one(inputs);
        }
    }

    /** The element-wise sum of two or more inputs of one shape. */
    record Add() implements Layer {
        @Override
        public String name() {
            return "add";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.add(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Layers.several(name(), inputs);
        }
    }

    /** The element-wise product of two or more inputs of one shape. */
    record Multiply() implements Layer {
        @Override
        public String name() {
            return "multiply";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.multiply(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Layers.several(name(), inputs);
        }
    }

    /** Two or more inputs joined along their first dimension (the channels of images); the others must agree. */
    record Concat() implements Layer {
        @Override
        public String name() {
            return "concat";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.concat(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            Layers.several(inputs);
            return Layers.join(inputs);
        }
    }
}

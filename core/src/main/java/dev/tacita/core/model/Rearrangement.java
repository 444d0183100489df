package dev.tacita.core.model;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * A layer that moves elements and computes nothing: each element of its output is one element of its input, or a
 * constant. It has no parameters.
 */
public sealed interface Rearrangement extends Layer {
    /**
     * The same elements in the same row-major order, under another shape.
     *
     * @param shape of the output; as many elements as the input
     */
    record Reshape(Shape shape) implements Rearrangement {
        public Reshape {
            requireNonNull(shape, "shape is null");
        }

        @Override
        public String name() {
            return "reshape";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.reshape(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape input = Layers.one(inputs);
            if (input.size() != shape.size()) {
                throw new IllegalArgumentException("reshape keeps the number of elements: " + shape + " has "
                        + shape.size() + ". Provided shape: " + input + ", with " + input.size());
            }
            return shape;
        }
    }

    /**
     * Dimension i of the output is dimension permutation[i] of the input.
     *
     * @param permutation each of 0 to rank - 1 once, for an input of that rank
     */
    record Transpose(List<Integer> permutation) implements Rearrangement {
        public Transpose {
            permutation = List.copyOf(permutation);
            List<Integer> sorted = permutation.stream().sorted().toList();
            for (int i = 0; i < sorted.size(); i++) {
                if (sorted.get(i) != i) {
                    throw new IllegalArgumentException("permutation must hold each of 0 to " + (sorted.size() - 1)
                            + " once. Provided value: " + permutation);
                }
            }
            Layers.atLeast("the length of permutation", permutation.size(), 1);
        }

        @Override
        public String name() {
            return "transpose";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.transpose(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape input = Layers.rankIs(name(), permutation.size(), inputs);
            return new Shape(permutation.stream().map(input::dimension).toList());
        }
    }

    /**
     * The part of the input whose index along one dimension is from {@code from} to {@code to} - 1.
     *
     * @param dimension counted from 0
     * @param from at least 0
     * @param to above {@code from}, at most the length along the dimension
     */
    record Slice(int dimension, int from, int to) implements Rearrangement {
        public Slice {
            Layers.atLeast("dimension", dimension, 0);
            Layers.atLeast("from", from, 0);
            if (to <= from) {
                throw new IllegalArgumentException("to must be > from, which is " + from + ". Provided value: " + to);
            }
        }

        @Override
        public String name() {
            return "slice";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.slice(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape input = Layers.one(inputs);
            if (dimension >= input.rank() || to > input.dimension(dimension)) {
                throw new IllegalArgumentException("slice takes " + from + " to " + to + " of dimension " + dimension
                        + ", which the input does not have. Provided shape: " + input);
            }
            List<Integer> dimensions = new ArrayList<>(input.dimensions());
            dimensions.set(dimension, to - from);
            return new Shape(dimensions);
        }
    }

    /**
     * The input with a constant before and after it along each dimension.
     *
     * @param before elements of padding before each dimension, at least 0
     * @param after elements of padding after each dimension, at least 0; as many as {@code before}
     * @param value the constant, finite
     */
    record Pad(List<Integer> before, List<Integer> after, double value) implements Rearrangement {
        public Pad {
            before = List.copyOf(before);
            after = List.copyOf(after);
            Layers.atLeast("the length of before", before.size(), 1);
            if (before.size() != after.size()) {
                throw new IllegalArgumentException(
                        "before and after must have one length. Provided value: " + before + " and " + after);
            }
            before.forEach(cells -> Layers.atLeast("before", cells, 0));
            after.forEach(cells -> Layers.atLeast("after", cells, 0));
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("value must be finite. Provided value: " + value);
            }
        }

        @Override
        public String name() {
            return "pad";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.pad(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape input = Layers.rankIs(name(), before.size(), inputs);
            List<Integer> dimensions = new ArrayList<>();
            for (int i = 0; i < before.size(); i++) {
                dimensions.add(Math.addExact(Math.addExact(before.get(i), input.dimension(i)), after.get(i)));
            }
            return new Shape(dimensions);
        }
    }
}

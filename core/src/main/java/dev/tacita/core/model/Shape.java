package dev.tacita.core.model;

import java.util.Arrays;
import java.util.List;

/**
 * The shape of one example's tensor, without the batch dimension. Images are (channels, height, width).
 *
 * @param dimensions each at least 1; their product at most {@link Integer#MAX_VALUE}
 */
public record Shape(List<Integer> dimensions) {
    public Shape {
        dimensions = List.copyOf(dimensions);
        if (dimensions.isEmpty()) {
            throw new IllegalArgumentException("a shape needs at least one dimension");
        }
        long size = 1;
        for (int dimension : dimensions) {
            if (dimension < 1) {
                throw new IllegalArgumentException("each dimension must be >= 1. Provided value: " + dimensions);
            }
            size *= dimension;
            if (size > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "a tensor must have at most 2147483647 elements. Provided value: " + dimensions);
            }
        }
    }

    /** The shape with these dimensions. */
    public static Shape of(int... dimensions) {
        return new Shape(Arrays.stream(dimensions).boxed().toList());
    }

    /** The number of elements. */
    public int size() {
        int size = 1;
        for (int i = 0; i < dimensions.size(); i++) {
            size *= dimensions.get(i);
        }
        return size;
    }

    /** The number of dimensions. */
    public int rank() {
        return dimensions.size();
    }

    /** The length along dimension {@code index}, counted from 0. */
    public int dimension(int index) {
        return dimensions.get(index);
    }

    @Override
    public String toString() {
        return dimensions.toString();
    }
}

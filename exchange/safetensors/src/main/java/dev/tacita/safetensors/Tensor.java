package dev.tacita.safetensors;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A named tensor of float32 values.
 *
 * @param name not empty and not {@code __metadata__}, which the format keeps for itself
 * @param dimensions each at least 0; none for a single value
 * @param values row-major, as many as the product of the dimensions; not copied
 */
public record Tensor(String name, List<Integer> dimensions, float[] values) {
    static final String METADATA = "__metadata__";

    /** @throws IllegalArgumentException if the name is not allowed or the values are not as many as the dimensions say */
    public Tensor {
        requireNonNull(values, "values is null");
        dimensions = List.copyOf(dimensions);
        if (name.isEmpty() || name.equals(METADATA)) {
            throw new IllegalArgumentException(
                    "name must not be empty or " + METADATA + ". Provided value: '" + name + "'");
        }
        long length = 1;
        for (int dimension : dimensions) {
            if (dimension < 0) {
                throw new IllegalArgumentException("each dimension must be >= 0. Provided value: " + dimensions);
            }
            length = Math.multiplyExact(length, (long) dimension);
        }
        if (length != values.length) {
            throw new IllegalArgumentException(
                    "a tensor of " + dimensions + " must have " + length + " values. Provided value: " + values.length);
        }
    }
}

package dev.tacita.core.model;

import static java.util.Objects.requireNonNull;

/**
 * One trainable tensor of a layer.
 *
 * @param name its name within the layer, such as {@code weight} or {@code bias}
 * @param shape its shape, stored row-major
 * @param initializer how it gets its first values
 * @param fanIn inputs that feed one output, for the initialiser
 * @param fanOut outputs that one input feeds, for the initialiser
 */
public record Parameter(String name, Shape shape, Initializer initializer, int fanIn, int fanOut) {
    public Parameter {
        requireNonNull(name, "name is null");
        requireNonNull(shape, "shape is null");
        requireNonNull(initializer, "initializer is null");
    }
}

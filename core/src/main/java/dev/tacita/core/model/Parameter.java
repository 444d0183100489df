package dev.tacita.core.model;

import static java.util.Objects.requireNonNull;

/**
 * One tensor of a layer that lies in the model's flat vector.
 *
 * @param name its name within the layer, such as {@code weight} or {@code bias}
 * @param shape its shape, stored row-major
 * @param initializer how it gets its first values
 * @param fanIn inputs that feed one output, for the initialiser
 * @param fanOut outputs that one input feeds, for the initialiser
 * @param trainable whether it has a gradient and optimizers move it; else, as running statistics do, it follows a rule of
 *     its layer
 */
public record Parameter(String name, Shape shape, Initializer initializer, int fanIn, int fanOut, boolean trainable) {
    public Parameter {
        requireNonNull(name, "name is null");
        requireNonNull(shape, "shape is null");
        requireNonNull(initializer, "initializer is null");
    }

    /** A trainable one. */
    public Parameter(String name, Shape shape, Initializer initializer, int fanIn, int fanOut) {
        this(name, shape, initializer, fanIn, fanOut, true);
    }

    /** This parameter with no gradient. */
    Parameter untrainable() {
        return new Parameter(name, shape, initializer, fanIn, fanOut, false);
    }
}

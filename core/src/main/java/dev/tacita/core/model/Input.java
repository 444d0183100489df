package dev.tacita.core.model;

import static java.util.Objects.requireNonNull;

/**
 * A named input of a model.
 *
 * @param id its name, unique among inputs and nodes
 * @param shape the shape of one example
 */
public record Input(String id, Shape shape) {
    public Input {
        requireNonNull(id, "id is null");
        requireNonNull(shape, "shape is null");
    }
}

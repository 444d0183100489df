package dev.tacita.core.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One named step of a model.
 *
 * @param id its name, unique within the model, of letters, digits, hyphens and underscores
 * @param layer what it computes
 * @param inputs ids of earlier nodes or of model inputs
 */
public record Node(String id, Layer layer, List<String> inputs) {
    public Node {
        requireNonNull(id, "id is null");
        requireNonNull(layer, "layer is null");
        inputs = List.copyOf(inputs);
    }
}

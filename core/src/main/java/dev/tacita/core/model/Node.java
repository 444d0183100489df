package dev.tacita.core.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * One named step of a model.
 *
 * @param id its name, unique within the model, of letters, digits, hyphens and underscores
 * @param layer what it computes
 * @param inputs ids of earlier nodes or of model inputs
 * @param frozen whether its parameters stay as they are: they have no gradient and no optimizer moves them
 * @param parametersOf id of an earlier node of the same layer whose parameters it shares; empty if its parameters are its
 *     own. They are frozen if and only if that node is
 */
public record Node(String id, Layer layer, List<String> inputs, boolean frozen, Optional<String> parametersOf) {
    public Node {
        requireNonNull(id, "id is null");
        requireNonNull(layer, "layer is null");
        inputs = List.copyOf(inputs);
        requireNonNull(parametersOf, "parametersOf is null");
    }

    /** A node with parameters of its own, which are trained. */
    public Node(String id, Layer layer, List<String> inputs) {
        this(id, layer, inputs, false, Optional.empty());
    }

    /** This node with its parameters frozen. */
    public Node asFrozen() {
        return new Node(id, layer, inputs, true, parametersOf);
    }

    /** This node with the parameters of another in place of its own. */
    public Node sharing(String node) {
        return new Node(id, layer, inputs, frozen, Optional.of(node));
    }
}

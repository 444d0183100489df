package dev.tacita.dl4j;

import dev.tacita.core.model.Layer;
import java.util.List;

/**
 * A node that a vertex becomes, or one of several.
 *
 * @param suffix what its id has behind the vertex's name; empty for the node with the parameters
 * @param layer of it
 * @param parts its parameters as DL4J has them
 * @param frozen whether they stay as they are
 */
record Step(String suffix, Layer layer, List<Part> parts, boolean frozen) {
    static Step of(String suffix, Layer layer) {
        return new Step(suffix, layer, List.of(), false);
    }

    static Step withParts(Layer layer, List<Part> parts) {
        return new Step("", layer, parts, false);
    }

    Step asFrozen() {
        return new Step(suffix, layer, parts, true);
    }
}

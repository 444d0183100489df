package dev.tacita.dl4j;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.model.ModelSpec;

/**
 * A DL4J network as a model description with its parameters.
 *
 * @param mapping between the two
 * @param parameters the model's flat vector; not copied
 */
public record Dl4jModel(Dl4jMapping mapping, float[] parameters) {
    public Dl4jModel {
        requireNonNull(mapping, "mapping is null");
        requireNonNull(parameters, "parameters is null");
    }

    /** What the network computes, without its loss. */
    public ModelSpec model() {
        return mapping.model();
    }
}

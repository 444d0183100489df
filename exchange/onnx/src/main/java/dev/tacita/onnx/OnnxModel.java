package dev.tacita.onnx;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.model.ModelSpec;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A model with its parameters, as an ONNX file holds it.
 *
 * @param model what it computes
 * @param parameters its flat vector; not copied
 * @param metadata what the file says about itself, such as the run it comes from, in the order of the keys; keys that
 *     start with {@code tacita.} are the writer's own
 */
public record OnnxModel(ModelSpec model, float[] parameters, SortedMap<String, String> metadata) {
    static final String RESERVED = "tacita.";

    /** @throws IllegalArgumentException if the parameters are not as many as the model has, or a key is reserved */
    public OnnxModel {
        requireNonNull(model, "model is null");
        requireNonNull(parameters, "parameters is null");
        int size = model.layout().size();
        if (parameters.length != size) {
            throw new IllegalArgumentException(
                    "the model must have " + size + " parameters. Provided value: " + parameters.length);
        }
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        metadata.keySet().stream()
                .filter(key -> key.startsWith(RESERVED))
                .findFirst()
                .ifPresent(key -> {
                    throw new IllegalArgumentException(
                            "a key of metadata must not start with '" + RESERVED + "'. Provided value: " + key);
                });
    }

    /** A model about which nothing more is said. */
    public static OnnxModel of(ModelSpec model, float[] parameters) {
        return new OnnxModel(model, parameters, new TreeMap<>(Map.of()));
    }
}

package dev.tacita.client;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.LocalDataset;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A dataset that a site has.
 *
 * @param data the examples
 * @param classCounts training examples by class name; empty where there are no classes, or they have no names
 */
public record OfferedDataset(LocalDataset data, Map<String, Long> classCounts) {
    public OfferedDataset {
        requireNonNull(data, "data is null");
        classCounts = Collections.unmodifiableMap(new LinkedHashMap<>(classCounts));
    }
}

package dev.tacita.config;

import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.number;

import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Normalization;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Reads layers that normalise. */
final class NormalizationReader {
    static final Map<String, Function<Section, Value<Layer>>> LAYERS = new LinkedHashMap<>();

    static {
        LAYERS.put("batch-norm", NormalizationReader::batchNorm);
        LAYERS.put("group-norm", NormalizationReader::groupNorm);
        LAYERS.put("instance-norm", NormalizationReader::instanceNorm);
        LAYERS.put("layer-norm", NormalizationReader::layerNorm);
    }

    private NormalizationReader() {}

    private static Value<Layer> batchNorm(Section section) {
        Value<Double> momentum =
                section.optional("momentum", number("> 0 and <= 1", value -> value > 0 && value <= 1), 0.1);
        Value<Double> epsilon = epsilon(section);
        return section.create(() -> new Normalization.BatchNorm(momentum.get(), epsilon.get()));
    }

    private static Value<Layer> groupNorm(Section section) {
        Value<Integer> groups = section.required("groups", integer(1, Integer.MAX_VALUE));
        Value<Double> epsilon = epsilon(section);
        return section.create(() -> new Normalization.GroupNorm(groups.get(), epsilon.get()));
    }

    private static Value<Layer> instanceNorm(Section section) {
        Value<Double> epsilon = epsilon(section);
        return section.create(() -> new Normalization.InstanceNorm(epsilon.get()));
    }

    private static Value<Layer> layerNorm(Section section) {
        Value<Integer> dimensions = section.optional("dimensions", integer(1, Integer.MAX_VALUE), 1);
        Value<Double> epsilon = epsilon(section);
        return section.create(() -> new Normalization.LayerNorm(dimensions.get(), epsilon.get()));
    }

    private static Value<Double> epsilon(Section section) {
        return section.optional("epsilon", number("> 0", value -> value > 0), 1e-5);
    }
}

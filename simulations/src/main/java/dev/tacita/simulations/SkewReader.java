package dev.tacita.simulations;

import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.list;
import static dev.tacita.config.Kinds.number;
import static dev.tacita.config.Kinds.variant;

import dev.tacita.config.Kind;
import dev.tacita.config.Section;
import dev.tacita.config.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads how sites see rows differently. */
final class SkewReader {
    private static final Map<String, Function<Section, Value<Skew>>> SKEWS = new LinkedHashMap<>();
    private static final Kind<Double> POSITIVE = number("> 0", value -> value > 0);

    static {
        SKEWS.put("noise", SkewReader::noise);
        SKEWS.put("rotation", SkewReader::rotation);
        SKEWS.put("scaling", SkewReader::scaling);
        SKEWS.put("concept-shift", SkewReader::conceptShift);
    }

    private SkewReader() {}

    /** The key {@code skews} of a population. */
    static Value<List<Skew>> read(Section population) {
        return population.optional("skews", list(variant(SKEWS)), List.of());
    }

    private static Value<Skew> noise(Section section) {
        Value<Double> largest = section.required("largest", POSITIVE);
        return section.create(() -> new Skew.Noise(largest.get()));
    }

    private static Value<Skew> rotation(Section section) {
        Value<Double> degrees =
                section.required("degrees", number("> 0 and <= 180", value -> value > 0 && value <= 180));
        return section.create(() -> new Skew.Rotation(degrees.get()));
    }

    private static Value<Skew> scaling(Section section) {
        Value<Double> spread = section.required("spread", POSITIVE);
        return section.create(() -> new Skew.Scaling(spread.get()));
    }

    private static Value<Skew> conceptShift(Section section) {
        Value<Integer> groups = section.required("groups", integer(2, 1_000_000));
        return section.create(() -> new Skew.ConceptShift(groups.get()));
    }
}

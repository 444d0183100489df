package dev.tacita.simulations;

import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.number;

import dev.tacita.config.Kind;
import dev.tacita.config.Section;
import dev.tacita.config.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Reads which sites a round asks. */
final class SelectionReader {
    static final Map<String, Function<Section, Value<Selection>>> SELECTIONS = new LinkedHashMap<>();

    private static final Kind<Double> SHARE = number(">= 0 and <= 1", value -> value >= 0 && value <= 1);
    private static final Kind<Double> BELOW_ONE = number(">= 0 and < 1", value -> value >= 0 && value < 1);
    private static final Kind<Double> FACTOR = number("> 0 and <= 1", value -> value > 0 && value <= 1);
    private static final Kind<Double> POSITIVE = number("> 0", value -> value > 0);
    private static final Kind<Double> NOT_NEGATIVE = number(">= 0", value -> value >= 0);

    static {
        SELECTIONS.put("uniform", section -> section.create(() -> PlainSelection.UNIFORM));
        SELECTIONS.put("cyclic", section -> section.create(() -> PlainSelection.CYCLIC));
        SELECTIONS.put("by-size", section -> section.create(BySize::new));
        SELECTIONS.put("power-of-choice", SelectionReader::powerOfChoice);
        SELECTIONS.put("oort", SelectionReader::oort);
        SELECTIONS.put("active", SelectionReader::active);
    }

    private SelectionReader() {}

    private static Value<Selection> powerOfChoice(Section section) {
        Value<Integer> candidates = section.required("candidates", integer(1, Integer.MAX_VALUE));
        return section.create(() -> new PowerOfChoice(candidates.get()));
    }

    private static Value<Selection> oort(Section section) {
        Value<Double> exploration = section.optional("exploration", SHARE, 0.9);
        Value<Double> decay = section.optional("decay", FACTOR, 0.98);
        Value<Double> least = section.optional("least-exploration", SHARE, 0.2);
        Value<Optional<Double>> preferred = section.optional("preferred-seconds", POSITIVE);
        Value<Double> penalty = section.optional("penalty", NOT_NEGATIVE, 2.0);
        return section.create(() -> new Oort(
                exploration.get(),
                decay.get(),
                least.get(),
                preferred.get().map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                penalty.get()));
    }

    private static Value<Selection> active(Section section) {
        Value<Double> alpha1 = section.optional("alpha1", BELOW_ONE, 0.75);
        Value<Double> alpha2 = section.optional("alpha2", NOT_NEGATIVE, 0.01);
        Value<Double> alpha3 = section.optional("alpha3", SHARE, 0.1);
        return section.create(() -> new ActiveSelection(alpha1.get(), alpha2.get(), alpha3.get()));
    }
}

package dev.tacita.client;

import static dev.tacita.config.Kinds.constant;
import static dev.tacita.config.Kinds.map;
import static dev.tacita.config.Kinds.number;
import static dev.tacita.config.Kinds.section;

import dev.tacita.config.Kind;
import dev.tacita.config.Section;
import dev.tacita.config.Value;
import dev.tacita.core.learning.PrivacyLevel;
import dev.tacita.core.learning.PrivacyTarget.Accounting;
import java.util.Map;
import java.util.TreeMap;

/** Reads how much noise a policy asks for: {@code largest-epsilon} goes with every {@code least-privacy} but none. */
final class PrivacyDemandReader {
    private static final Kind<Double> EPSILON = number("> 0", value -> value > 0, "1 to 8 is usual.");
    private static final Kind<Double> DELTA = number(
            "> 0 and < 1", value -> value > 0 && value < 1, "Take less than one over the number of training rows.");

    private PrivacyDemandReader() {}

    static Value<PrivacyDemand> demand(Section section) {
        Value<PrivacyLevel> least = section.required("least-privacy", constant(PrivacyLevel.class));
        if (!least.isReadable()) {
            section.has("largest-epsilon");
            return section.create(() -> {
                least.get();
                return new PrivacyDemand.NoneRequired();
            });
        }
        if (least.get() != PrivacyLevel.NONE) {
            return section.required("largest-epsilon", section(bounds -> required(least.get(), bounds)));
        }
        return section.has("largest-epsilon")
                ? section.problem("largest-epsilon must go with a least-privacy above none: an update without noise has"
                        + " no epsilon.")
                : Value.of(new PrivacyDemand.NoneRequired());
    }

    private static Value<PrivacyDemand> required(PrivacyLevel least, Section section) {
        Value<Double> ofARun = section.required("of-a-run", EPSILON);
        Value<Map<String, Double>> ofDatasets = section.required("of-datasets", map(EPSILON));
        Value<Double> delta = section.required("delta", DELTA);
        Value<Accounting> accounting = section.optional("accountant", constant(Accounting.class), Accounting.RDP);
        return section.create(() -> new PrivacyDemand.Required(
                least, ofARun.get(), new TreeMap<>(ofDatasets.get()), delta.get(), accounting.get()));
    }
}

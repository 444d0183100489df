package dev.tacita.simulations;

import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.list;
import static dev.tacita.config.Kinds.map;
import static dev.tacita.config.Kinds.number;
import static dev.tacita.config.Kinds.section;
import static dev.tacita.config.Kinds.text;
import static dev.tacita.config.Kinds.variant;

import dev.tacita.config.Kind;
import dev.tacita.config.Section;
import dev.tacita.config.Value;
import dev.tacita.core.SiteId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads who of a population is hostile or fails, and its clock. */
final class TraitReader {
    private static final Map<String, Function<Section, Value<Attack>>> ATTACKS = new LinkedHashMap<>();
    private static final Map<String, Function<Section, Value<Fault>>> FAULTS = new LinkedHashMap<>();
    private static final Map<String, Function<Section, Value<Trigger>>> TRIGGERS = new LinkedHashMap<>();

    private static final Kind<Integer> NATURAL = integer(0, Integer.MAX_VALUE);
    private static final Kind<Integer> COUNT = integer(1, Integer.MAX_VALUE);
    private static final Kind<Double> FRACTION = number("> 0 and <= 1", value -> value > 0 && value <= 1);
    private static final Kind<Double> POSITIVE = number("> 0", value -> value > 0);
    private static final Kind<Double> NOT_NEGATIVE = number(">= 0", value -> value >= 0);

    static {
        ATTACKS.put("label-flip", TraitReader::labelFlip);
        ATTACKS.put("backdoor", TraitReader::backdoor);
        ATTACKS.put("sign-flip", TraitReader::signFlip);
        ATTACKS.put("scaling", TraitReader::scaling);
        ATTACKS.put("gaussian", TraitReader::gaussian);
        ATTACKS.put("free-riding", TraitReader::freeRiding);
        FAULTS.put("drop-out", TraitReader::dropOut);
        FAULTS.put("straggling", TraitReader::straggling);
        TRIGGERS.put("patch", TraitReader::patch);
        TRIGGERS.put("columns", TraitReader::columns);
    }

    private TraitReader() {}

    /** The keys {@code attacks}, {@code faults} and {@code clock} of a population. */
    static Value<Traits> read(Section population) {
        Value<List<Traits.Of<Attack>>> attacks = population.optional(
                "attacks", list(section(section -> of(section, "attack", variant(ATTACKS)))), List.of());
        Value<List<Traits.Of<Fault>>> faults = population.optional(
                "faults", list(section(section -> of(section, "fault", variant(FAULTS)))), List.of());
        Value<Optional<VirtualClock>> clock = population.optional("clock", section(TraitReader::clock));
        return population.create(() -> new Traits(attacks.get(), faults.get(), clock.get()));
    }

    private static <T> Value<Traits.Of<T>> of(Section section, String key, Kind<T> kind) {
        Value<T> what = section.required(key, kind);
        Value<SiteChoice> who = who(section);
        return section.create(() -> new Traits.Of<>(who.get(), what.get()));
    }

    private static Value<SiteChoice> who(Section section) {
        Value<Optional<Integer>> number = section.optional("number", COUNT);
        Value<Optional<Double>> fraction = section.optional("fraction", FRACTION);
        Value<Optional<List<String>>> sites = section.optional("sites", list(text()));
        return section.create(() -> {
            int given = (number.get().isPresent() ? 1 : 0)
                    + (fraction.get().isPresent() ? 1 : 0)
                    + (sites.get().isPresent() ? 1 : 0);
            if (given != 1) {
                throw new IllegalArgumentException(
                        "exactly one of number, fraction and sites must say which sites. Provided: " + given
                                + " of them");
            }
            if (number.get().isPresent()) {
                return new SiteChoice.Count(number.get().get());
            }
            return fraction.get().isPresent()
                    ? new SiteChoice.Fraction(fraction.get().get())
                    : new SiteChoice.Named(
                            sites.get().orElseThrow().stream().map(SiteId::new).toList());
        });
    }

    private static Value<Attack> labelFlip(Section section) {
        Value<Optional<Integer>> from = section.optional("from", NATURAL);
        Value<Optional<Integer>> to = section.optional("to", NATURAL);
        return section.create(() -> {
            if (from.get().isPresent() != to.get().isPresent()) {
                throw new IllegalArgumentException("from and to go together. Provided: one of them");
            }
            return from.get().isPresent()
                    ? new Attack.LabelFlip(from.get().get(), to.get().orElseThrow())
                    : new Attack.LabelReversal();
        });
    }

    private static Value<Attack> backdoor(Section section) {
        Value<Trigger> trigger = section.required("trigger", variant(TRIGGERS));
        Value<Integer> target = section.required("target", NATURAL);
        Value<Double> fraction = section.required("fraction", FRACTION);
        Value<Double> scale = section.optional("scale", POSITIVE, 1.0);
        return section.create(() -> new Attack.Backdoor(trigger.get(), target.get(), fraction.get(), scale.get()));
    }

    private static Value<Trigger> patch(Section section) {
        Value<Integer> top = section.required("top", NATURAL);
        Value<Integer> left = section.required("left", NATURAL);
        Value<Integer> height = section.required("height", COUNT);
        Value<Integer> width = section.required("width", COUNT);
        Value<Double> value = section.required("value", number());
        return section.create(() -> new Trigger.Patch(top.get(), left.get(), height.get(), width.get(), value.get()));
    }

    private static Value<Trigger> columns(Section section) {
        Value<Map<Integer, Double>> values = section.required("values", map(TraitReader::place, number()));
        return section.create(() -> new Trigger.Columns(new TreeMap<>(values.get())));
    }

    private static int place(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("a place must be a whole number >= 0. Provided value: '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private static Value<Attack> signFlip(Section section) {
        Value<Double> scale = section.optional("scale", POSITIVE, 1.0);
        return section.create(() -> new Attack.SignFlip(scale.get()));
    }

    private static Value<Attack> scaling(Section section) {
        Value<Double> factor = section.required("factor", POSITIVE);
        return section.create(() -> new Attack.Scaling(factor.get()));
    }

    private static Value<Attack> gaussian(Section section) {
        Value<Double> deviation = section.required("deviation", POSITIVE);
        return section.create(() -> new Attack.Gaussian(deviation.get()));
    }

    private static Value<Attack> freeRiding(Section section) {
        Value<Double> deviation = section.optional("deviation", NOT_NEGATIVE, 0.0);
        return section.create(() -> new Attack.FreeRiding(deviation.get()));
    }

    private static Value<Fault> dropOut(Section section) {
        Value<Double> probability = section.required("probability", FRACTION);
        return section.create(() -> new Fault.DropOut(probability.get()));
    }

    private static Value<Fault> straggling(Section section) {
        Value<Double> factor = section.required("factor", number(">= 1", value -> value >= 1));
        return section.create(() -> new Fault.Straggling(factor.get()));
    }

    private static Value<VirtualClock> clock(Section section) {
        Value<Double> rows = section.required("rows-per-second", POSITIVE);
        Value<Double> computeSpread = section.optional("compute-spread", NOT_NEGATIVE, 0.0);
        Value<Double> megabits = section.required("megabits-per-second", POSITIVE);
        Value<Double> linkSpread = section.optional("link-spread", NOT_NEGATIVE, 0.0);
        Value<Optional<Double>> deadline = section.optional("deadline", POSITIVE);
        return section.create(() -> new VirtualClock(
                rows.get(),
                computeSpread.get(),
                megabits.get(),
                linkSpread.get(),
                deadline.get().map(OptionalDouble::of).orElse(OptionalDouble.empty())));
    }
}

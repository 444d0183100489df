package dev.tacita.config;

import static dev.tacita.config.Kinds.constant;
import static dev.tacita.config.Kinds.duration;
import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.longInteger;
import static dev.tacita.config.Kinds.number;

import dev.tacita.core.learning.Adversary;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.number.Quantization;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Reads and writes what hides a run's contributions. */
final class ProtectionReader {
    static final Map<String, Function<Section, Value<ProtectionSpec>>> PROTECTIONS = new LinkedHashMap<>();

    private static final Duration STAGE_DEADLINE = Duration.ofSeconds(30);
    private static final Kind<Double> LARGEST_VALUE = number(
            "> 0",
            value -> value > 0,
            "The largest magnitude of a value of an update; a site whose update has a larger one has no part in the round.");

    static {
        PROTECTIONS.put("plain", section -> section.create(ProtectionSpec.Plain::new));
        PROTECTIONS.put("secure-aggregation", ProtectionReader::secureAggregation);
    }

    private ProtectionReader() {}

    private static Value<ProtectionSpec> secureAggregation(Section section) {
        Value<Adversary> adversary = section.required("adversary", constant(Adversary.class));
        Value<Integer> corrupted = section.required("corrupted", integer(0, Integer.MAX_VALUE));
        Value<Integer> dropOuts = section.required("drop-outs", integer(0, Integer.MAX_VALUE));
        Value<Duration> stageDeadline =
                section.optional("stage-deadline", duration(Duration.ofSeconds(1), Duration.ofDays(1)), STAGE_DEADLINE);
        Value<Double> largestValue = section.required("largest-value", LARGEST_VALUE);
        Value<Long> largestWeight = section.required("largest-weight", longInteger(1, Long.MAX_VALUE));
        Value<Integer> bits = section.required("bits", integer(2, 32));
        Value<Integer> modulusBits = section.required("modulus-bits", integer(32, 64));
        return section.create(() -> new SecureAggregation(
                adversary.get(),
                corrupted.get(),
                dropOuts.get(),
                stageDeadline.get(),
                new Quantization(largestValue.get(), bits.get(), largestWeight.get()),
                modulusBits.get()));
    }

    /** What {@link #PROTECTIONS} read as this. */
    static String written(ProtectionSpec protection) {
        if (protection instanceof SecureAggregation secure) {
            return "{secure-aggregation: {adversary: " + Kinds.word(secure.adversary()) + ", corrupted: "
                    + secure.corrupted() + ", drop-outs: " + secure.dropOuts() + ", stage-deadline: "
                    + Durations.format(secure.stageDeadline()) + ", largest-value: "
                    + YamlText.number(secure.quantization().limit()) + ", largest-weight: "
                    + secure.quantization().maxWeight() + ", bits: "
                    + secure.quantization().bits() + ", modulus-bits: " + secure.modulusBits() + "}}";
        }
        return "plain";
    }
}

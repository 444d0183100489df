package dev.tacita.config;

import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.number;
import static dev.tacita.config.Kinds.variant;

import dev.tacita.core.learning.LearningRateSchedule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Reads and writes how the learning rate changes. */
final class ScheduleReader {
    static final Map<String, Function<Section, Value<LearningRateSchedule>>> SCHEDULES = new LinkedHashMap<>();

    private static final Kind<Double> DECAY = number("> 0 and <= 1", value -> value > 0 && value <= 1);
    private static final Kind<Double> LEAST = number(">= 0 and < 1", value -> value >= 0 && value < 1);

    static {
        SCHEDULES.put("constant", section -> section.create(() -> LearningRateSchedule.CONSTANT));
        SCHEDULES.put("staircase", ScheduleReader::staircase);
        SCHEDULES.put("exponential", ScheduleReader::exponential);
        SCHEDULES.put("cosine", ScheduleReader::cosine);
        SCHEDULES.put("warmup", ScheduleReader::warmup);
    }

    private ScheduleReader() {}

    private static Value<LearningRateSchedule> staircase(Section section) {
        Value<Integer> every = section.required("every", integer(1, Integer.MAX_VALUE));
        Value<Double> decay = section.required("decay", DECAY);
        return section.create(() -> new LearningRateSchedule.Staircase(every.get(), decay.get()));
    }

    private static Value<LearningRateSchedule> exponential(Section section) {
        Value<Double> decay = section.required("decay", DECAY);
        return section.create(() -> new LearningRateSchedule.Exponential(decay.get()));
    }

    private static Value<LearningRateSchedule> cosine(Section section) {
        Value<Integer> length = section.required("length", integer(1, Integer.MAX_VALUE));
        Value<Double> least = section.optional("least", LEAST, 0.0);
        return section.create(() -> new LearningRateSchedule.Cosine(length.get(), least.get()));
    }

    private static Value<LearningRateSchedule> warmup(Section section) {
        Value<Integer> length = section.required("length", integer(1, Integer.MAX_VALUE));
        Value<LearningRateSchedule> then = section.optional("then", variant(SCHEDULES), LearningRateSchedule.CONSTANT);
        return section.create(() -> new LearningRateSchedule.Warmup(length.get(), then.get()));
    }

    /** What {@link #SCHEDULES} read as this schedule. */
    static String written(LearningRateSchedule schedule) {
        if (schedule instanceof LearningRateSchedule.Staircase staircase) {
            return "staircase: {every: " + staircase.every() + ", decay: " + YamlText.number(staircase.decay()) + "}";
        } else if (schedule instanceof LearningRateSchedule.Exponential exponential) {
            return "exponential: {decay: " + YamlText.number(exponential.decay()) + "}";
        } else if (schedule instanceof LearningRateSchedule.Cosine cosine) {
            return "cosine: {length: " + cosine.length() + ", least: " + YamlText.number(cosine.least()) + "}";
        } else if (schedule instanceof LearningRateSchedule.Warmup warmup) {
            String then = written(warmup.then());
            return "warmup: {length: " + warmup.length() + ", then: " + (then.contains(":") ? "{" + then + "}" : then)
                    + "}";
        }
        return "constant";
    }
}

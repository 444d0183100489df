package dev.tacita.server.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.PrivacyLevel;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.EarlierRound;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RoundSummed;
import dev.tacita.wire.Hash;
import dev.tacita.wire.RoundKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/** A line of {@code metrics.jsonl}, version 1. */
final class RoundLineJson {
    private static final int FORMAT = 1;

    private RoundLineJson() {}

    static String write(RoundLine line) {
        ObjectNode json = Json.object()
                .put("format", FORMAT)
                .put("run", line.run().value())
                .put("round", line.place().round())
                .put("rounds", line.rounds())
                .put("attempt", line.place().attempt())
                .put("purpose", word(line.purpose()))
                .put("classifies", line.classifies())
                .put("outcome", word(line.outcome()))
                .put("asked", line.asked())
                .put("answered", line.counted().size());
        evaluation(json, "training", line.training(), line.classifies());
        evaluation(json, "validation", line.validation(), line.classifies());
        evaluation(json, "test", line.test(), line.classifies());
        line.privacy().ifPresent(privacy -> {
            ObjectNode entry = json.putObject("privacy")
                    .put("level", word(privacy.level()))
                    .put("delta", privacy.delta())
                    .put("accountant", privacy.accountant())
                    .put("conversion", privacy.conversion())
                    .put("relation", privacy.relation());
            line.epsilonOfModel().ifPresent(epsilon -> entry.put("epsilon-of-model", epsilon));
            line.epsilon().ifPresent(epsilon -> entry.put("epsilon", epsilon));
        });
        line.sum()
                .ifPresent(sum -> json.putObject("secure-aggregation")
                        .put("sites", sum.sites())
                        .put("threshold", sum.threshold())
                        .put("weight", sum.weight())
                        .put("error-bound", sum.errorBound()));
        json.put("bytes", line.bytes())
                .put("seconds", line.seconds())
                .put("opened", line.opened().toString())
                .put("closed", line.closed().toString())
                .put("model", line.model().toString());
        var sites = json.putArray("sites");
        for (Counted counted : line.counted()) {
            ObjectNode site = sites.addObject()
                    .put("site", counted.site().value())
                    .put("session", counted.session())
                    .put("weight", counted.weight())
                    .put("seconds", counted.seconds());
            evaluation(site, "training", counted.training(), line.classifies());
            evaluation(site, "validation", counted.validation(), line.classifies());
            evaluation(site, "test", counted.test(), line.classifies());
            counted.epsilon().ifPresent(epsilon -> site.put("epsilon", epsilon));
            counted.earlier()
                    .ifPresent(earlier -> site.putObject("answers")
                            .put("round", earlier.round())
                            .put("attempt", earlier.attempt())
                            .put("staleness", counted.staleness(line.place().round())));
        }
        ObjectNode missing = json.putObject("missing");
        line.missing().forEach((site, reason) -> missing.put(site.value(), reason));
        return Json.line(json);
    }

    static RoundLine read(String text) {
        try {
            return read(Json.parse(text));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException("no line of metrics: " + e.getMessage(), e);
        }
    }

    private static RoundLine read(JsonNode json) {
        if (json.path("format").asInt() != FORMAT) {
            throw new IllegalArgumentException("format must be " + FORMAT + ". Provided value: " + json.path("format"));
        }
        boolean classifies = json.required("classifies").booleanValue();
        List<Counted> counted = new ArrayList<>();
        for (JsonNode site : json.required("sites")) {
            counted.add(new Counted(
                    new SiteId(site.required("site").textValue()),
                    site.required("session").textValue(),
                    site.required("weight").longValue(),
                    evaluation(site, "training"),
                    evaluation(site, "validation"),
                    evaluation(site, "test"),
                    site.required("seconds").doubleValue(),
                    number(site, "epsilon"),
                    Optional.ofNullable(site.get("answers"))
                            .map(earlier -> new EarlierRound(
                                    earlier.required("round").intValue(),
                                    earlier.required("attempt").intValue()))));
        }
        SortedMap<SiteId, String> missing = new TreeMap<>();
        json.required("missing")
                .properties()
                .forEach(entry ->
                        missing.put(new SiteId(entry.getKey()), entry.getValue().textValue()));
        RoundKey place = new RoundKey(
                new RunId(json.required("run").textValue()),
                json.required("round").intValue(),
                json.required("attempt").intValue());
        return new RoundLine(
                place,
                json.required("rounds").intValue(),
                constant(Purpose.class, json, "purpose"),
                classifies,
                constant(RoundOutcome.class, json, "outcome"),
                json.required("asked").intValue(),
                counted,
                missing,
                Hash.parse(json.required("model").textValue()),
                json.required("bytes").longValue(),
                Instant.parse(json.required("opened").textValue()),
                Instant.parse(json.required("closed").textValue()),
                Optional.ofNullable(json.get("privacy")).map(RoundLineJson::privacy),
                Optional.ofNullable(json.get("secure-aggregation")).map(sum -> sum(place, sum, json)),
                number(json.path("privacy"), "epsilon-of-model"));
    }

    private static RunPrivacy privacy(JsonNode json) {
        return new RunPrivacy(
                constant(PrivacyLevel.class, json, "level"),
                json.required("delta").doubleValue(),
                json.required("accountant").textValue(),
                json.required("conversion").textValue(),
                json.required("relation").textValue());
    }

    private static RoundSummed sum(RoundKey place, JsonNode sum, JsonNode line) {
        return new RoundSummed(
                place,
                sum.required("sites").intValue(),
                sum.required("threshold").intValue(),
                sum.required("weight").longValue(),
                evaluation(line, "training"),
                evaluation(line, "validation"),
                evaluation(line, "test"),
                sum.required("error-bound").doubleValue());
    }

    private static OptionalDouble number(JsonNode from, String name) {
        JsonNode value = from.path(name);
        return value.isMissingNode() ? OptionalDouble.empty() : OptionalDouble.of(value.doubleValue());
    }

    /** Sums are kept beside means, so that lines can be pooled again; numbers that JSON lacks are written as words. */
    private static void evaluation(ObjectNode to, String name, Optional<Evaluation> evaluation, boolean classifies) {
        evaluation.ifPresent(it -> {
            ObjectNode json = to.putObject(name).put("examples", it.examples());
            if (it.examples() > 0) {
                json.put("loss", it.loss());
                if (classifies) {
                    json.put("accuracy", it.accuracy());
                }
            }
            json.put("loss-sum", it.lossSum()).put("correct", it.correct());
        });
    }

    private static Optional<Evaluation> evaluation(JsonNode from, String name) {
        return Optional.ofNullable(from.get(name))
                .map(json -> new Evaluation(
                        json.required("examples").longValue(),
                        Double.parseDouble(json.required("loss-sum").asText()),
                        json.required("correct").longValue()));
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E constant(Class<E> type, JsonNode json, String name) {
        String word = json.required(name).asText();
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}

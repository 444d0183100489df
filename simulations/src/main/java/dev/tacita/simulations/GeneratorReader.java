package dev.tacita.simulations;

import static dev.tacita.config.Kinds.bool;
import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.list;
import static dev.tacita.config.Kinds.longInteger;
import static dev.tacita.config.Kinds.number;

import dev.tacita.config.Kind;
import dev.tacita.config.Section;
import dev.tacita.config.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads what makes rows up. */
final class GeneratorReader {
    static final Map<String, Function<Section, Value<Generator>>> GENERATORS = new LinkedHashMap<>();

    private static final Kind<Integer> SITES = integer(1, 1_000_000);
    private static final Kind<Double> NOT_NEGATIVE = number(">= 0", value -> value >= 0);
    private static final Kind<Double> PROBABILITY = number("> 0 and < 1", value -> value > 0 && value < 1);
    private static final Kind<Double> PART = number(">= 0 and < 1", value -> value >= 0 && value < 1);
    private static final Kind<Long> SEED = longInteger(Long.MIN_VALUE, Long.MAX_VALUE);

    static {
        GENERATORS.put("synthetic", GeneratorReader::synthetic);
        GENERATORS.put("clustered", GeneratorReader::clustered);
        GENERATORS.put("health-records", GeneratorReader::healthRecords);
    }

    private GeneratorReader() {}

    private static Value<Generator> synthetic(Section section) {
        Value<Integer> sites = section.required("sites", SITES);
        Value<Double> alpha = section.required("alpha", NOT_NEGATIVE);
        Value<Double> beta = section.required("beta", NOT_NEGATIVE);
        Value<Boolean> alike = section.optional("alike", bool(), false);
        Value<Double> test = section.optional("test", PART, .2);
        Value<Long> seed = section.required("seed", SEED);
        return section.create(() ->
                new SyntheticGenerator(sites.get(), alpha.get(), beta.get(), alike.get(), test.get(), seed.get()));
    }

    private static Value<Generator> clustered(Section section) {
        Value<Integer> sites = section.required("sites", SITES);
        Value<Integer> classes = section.required("classes", integer(2, 10_000));
        Value<Integer> inputs = section.required("inputs", integer(1, 100_000));
        Value<List<Double>> clusters = section.optional(
                "clusters", list(number("> 0 and <= 1", value -> value > 0 && value <= 1)), List.of(1.0));
        Value<Double> test = section.optional("test", PART, .2);
        Value<Long> seed = section.required("seed", SEED);
        return section.create(() -> new ClusteredGenerator(
                sites.get(), classes.get(), inputs.get(), clusters.get(), test.get(), seed.get()));
    }

    private static Value<Generator> healthRecords(Section section) {
        Value<Integer> sites = section.required("sites", SITES);
        Value<Integer> rows = section.required("rows", integer(1, 1_000_000));
        Value<Double> prevalence = section.optional("prevalence", PROBABILITY, .2);
        Value<Double> prevalenceSpread = section.optional("prevalence-spread", NOT_NEGATIVE, .5);
        Value<Double> coding = section.optional("coding", PROBABILITY, .7);
        Value<Double> codingSpread = section.optional("coding-spread", NOT_NEGATIVE, 1.0);
        Value<Double> missing = section.optional("missing", PROBABILITY, .3);
        Value<Double> missingSpread = section.optional("missing-spread", NOT_NEGATIVE, 1.0);
        Value<Double> test = section.optional("test", PART, .2);
        Value<Long> seed = section.required("seed", SEED);
        return section.create(() -> new HealthRecordGenerator(
                sites.get(),
                rows.get(),
                prevalence.get(),
                prevalenceSpread.get(),
                coding.get(),
                codingSpread.get(),
                missing.get(),
                missingSpread.get(),
                test.get(),
                seed.get()));
    }
}

package dev.tacita.simulations;

import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.number;
import static dev.tacita.config.Kinds.section;
import static dev.tacita.config.Kinds.variant;

import dev.tacita.config.Kind;
import dev.tacita.config.Section;
import dev.tacita.config.Value;
import dev.tacita.core.aggregation.Aggregation;
import dev.tacita.core.aggregation.Bulyan;
import dev.tacita.core.aggregation.ClippedMean;
import dev.tacita.core.aggregation.CoordinateMedian;
import dev.tacita.core.aggregation.FlTrust;
import dev.tacita.core.aggregation.GeometricMedian;
import dev.tacita.core.aggregation.Krum;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.aggregation.TrimmedMean;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Reads what becomes of a round's updates. */
final class AggregationReader {
    private static final Map<String, Function<Section, Value<Aggregation>>> RULES = new LinkedHashMap<>();

    private static final Kind<Integer> HOSTILE = integer(0, 1_000_000);
    private static final Kind<Double> BELOW_HALF = number(">= 0 and < 0.5", value -> value >= 0 && value < 0.5);
    private static final Kind<Double> POSITIVE = number("> 0", value -> value > 0);

    static {
        RULES.put("mean", section -> section.create(Mean::new));
        RULES.put("median", section -> section.create(CoordinateMedian::new));
        RULES.put("trimmed-mean", AggregationReader::trimmedMean);
        RULES.put("krum", AggregationReader::krum);
        RULES.put("multi-krum", AggregationReader::multiKrum);
        RULES.put("bulyan", AggregationReader::bulyan);
        RULES.put("geometric-median", section -> section.create(GeometricMedian::new));
        RULES.put("clipped-mean", AggregationReader::clippedMean);
    }

    private final DataLoader loader;
    private final Value<StudyData> data;

    /** @param data of the study, whose validation rows an aggregator may train on */
    AggregationReader(DataLoader loader, Value<StudyData> data) {
        this.loader = loader;
        this.data = data;
    }

    Kind<Aggregation> rule() {
        Map<String, Function<Section, Value<Aggregation>>> rules = new LinkedHashMap<>(RULES);
        rules.put("fltrust", this::flTrust);
        return variant(rules);
    }

    private Value<Aggregation> flTrust(Section section) {
        Value<Examples> root = section.required("root", section(this::root));
        return section.create(() -> new FlTrust(root.get()));
    }

    /** The training rows of a dataset, or some of the study's validation rows. */
    private Value<Examples> root(Section section) {
        if (section.has("validation-rows")) {
            Value<Integer> count = section.required("validation-rows", integer(1, Integer.MAX_VALUE));
            return section.create(() -> validation(count.get()));
        }
        Value<LocalDataset> named = StudyReader.dataset(section, loader);
        return section.create(() -> named.get().train());
    }

    private Examples validation(int count) {
        if (!(data.get() instanceof StudyData.ToBeDealt dealt)) {
            throw new IllegalArgumentException(
                    "validation-rows are those of one dataset that is dealt; where sites have"
                            + " their own, name a dataset by schema and data. Provided: sites of their own");
        }
        Examples rows = dealt.rows().validation();
        if (rows.size() < count) {
            throw new IllegalArgumentException("validation-rows must be at most the validation rows that the schema"
                    + " keeps, " + rows.size() + ". Provided value: " + count);
        }
        return Rows.of(rows, 0).at(IntStream.range(0, count).toArray());
    }

    private static Value<Aggregation> trimmedMean(Section section) {
        Value<Double> beta = section.required("beta", BELOW_HALF);
        return section.create(() -> new TrimmedMean(beta.get()));
    }

    private static Value<Aggregation> krum(Section section) {
        Value<Integer> hostile = section.required("hostile", HOSTILE);
        return section.create(() -> new Krum(hostile.get()));
    }

    private static Value<Aggregation> multiKrum(Section section) {
        Value<Integer> hostile = section.required("hostile", HOSTILE);
        Value<Integer> kept = section.required("kept", integer(1, 1_000_000));
        return section.create(() -> new Krum(hostile.get(), kept.get()));
    }

    private static Value<Aggregation> bulyan(Section section) {
        Value<Integer> hostile = section.required("hostile", HOSTILE);
        return section.create(() -> new Bulyan(hostile.get()));
    }

    private static Value<Aggregation> clippedMean(Section section) {
        Value<Double> norm = section.required("norm", POSITIVE);
        return section.create(() -> new ClippedMean(norm.get()));
    }
}

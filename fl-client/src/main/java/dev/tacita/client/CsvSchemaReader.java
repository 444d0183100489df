package dev.tacita.client;

import static dev.tacita.config.Kinds.bool;
import static dev.tacita.config.Kinds.constant;
import static dev.tacita.config.Kinds.list;
import static dev.tacita.config.Kinds.longInteger;
import static dev.tacita.config.Kinds.map;
import static dev.tacita.config.Kinds.number;
import static dev.tacita.config.Kinds.path;
import static dev.tacita.config.Kinds.rawText;
import static dev.tacita.config.Kinds.section;
import static dev.tacita.config.Kinds.text;
import static dev.tacita.config.Kinds.variant;

import dev.tacita.client.CsvSchema.Categorical;
import dev.tacita.client.CsvSchema.Column;
import dev.tacita.client.CsvSchema.Missing;
import dev.tacita.client.CsvSchema.Numeric;
import dev.tacita.client.CsvSchema.Scale;
import dev.tacita.client.CsvSchema.Standardise;
import dev.tacita.client.CsvSchema.Target;
import dev.tacita.config.Element;
import dev.tacita.config.Kind;
import dev.tacita.config.Section;
import dev.tacita.config.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads the schema of a CSV file. */
final class CsvSchemaReader {
    private static final List<String> MISSING_TOKENS = List.of("", "?", "NA");

    private CsvSchemaReader() {}

    static Value<CsvSchema> read(Section root) {
        Value<String> name = root.required("name", text());
        Value<Optional<Path>> data = root.optional("data", path());
        Value<Missing> missing = root.required("missing", constant(Missing.class));
        Value<List<String>> tokens = root.optional("missing-tokens", list(rawText()), MISSING_TOKENS);
        Value<Map<String, ColumnRule>> columns = root.required("columns", map(variant(ColumnRule.ALL)));
        Value<Target> target = root.required("target", section(CsvSchemaReader::target));
        Value<Standardise> standardise = root.required("standardise", constant(Standardise.class));
        Value<Split> split = root.required("split", section(CsvSchemaReader::split));
        return root.create(() -> {
            List<Column> used = new ArrayList<>();
            Set<String> ignored = new HashSet<>();
            columns.get()
                    .forEach((column, rule) ->
                            rule.column(column, missing.get()).ifPresentOrElse(used::add, () -> ignored.add(column)));
            return new CsvSchema(
                    name.get(),
                    data.get(),
                    used,
                    ignored,
                    target.get(),
                    Set.copyOf(tokens.get()),
                    standardise.get(),
                    split.get());
        });
    }

    static Value<Split> split(Section section) {
        Kind<Double> fraction = number(">= 0 and <= 1", value -> value >= 0 && value <= 1);
        Value<Double> train = section.required("train", fraction);
        Value<Double> validation = section.required("validation", fraction);
        Value<Double> test = section.required("test", fraction);
        Value<Long> seed = section.required("seed", longInteger(Long.MIN_VALUE, Long.MAX_VALUE));
        Value<Boolean> stratify = section.required("stratify", bool());
        return section.create(() -> new Split(train.get(), validation.get(), test.get(), seed.get(), stratify.get()));
    }

    private static Value<Target> target(Section section) {
        Value<String> column = section.required("column", text());
        Value<Map<String, Function<String, TargetClass>>> classes =
                section.required("classes", map(CsvSchemaReader::targetClass));
        return section.create(() -> new Target(
                column.get(),
                classes.get().entrySet().stream()
                        .map(entry -> entry.getValue().apply(entry.getKey()))
                        .toList()));
    }

    private static Value<Function<String, TargetClass>> targetClass(Element element) {
        if (element.isList()) {
            Value<List<String>> values = list(text()).read(element);
            return element.create(() -> name -> new TargetClass.OfValues(name, values.get()));
        }
        Value<String> rule = text().read(element);
        return element.create(() -> {
            TargetClass checked = new TargetClass.OfRange("", rule.get());
            return name -> new TargetClass.OfRange(name, ((TargetClass.OfRange) checked).rule());
        });
    }

    /** What a schema says of a column whose name it does not know. */
    @FunctionalInterface
    private interface ColumnRule {
        Map<String, Function<Section, Value<ColumnRule>>> ALL = all();

        /** The column; empty if it is ignored. */
        Optional<Column> column(String name, Missing otherwise);

        private static Map<String, Function<Section, Value<ColumnRule>>> all() {
            Map<String, Function<Section, Value<ColumnRule>>> all = new LinkedHashMap<>();
            all.put("numeric", ColumnRule::numeric);
            all.put("categorical", ColumnRule::categorical);
            all.put("ignored", section -> Value.of((name, otherwise) -> Optional.empty()));
            return all;
        }

        private static Value<ColumnRule> numeric(Section section) {
            Value<Optional<Missing>> missing = section.optional("missing", constant(Missing.class));
            Value<Optional<Double>> mean = section.optional("mean", number());
            Value<Optional<Double>> deviation = section.optional("deviation", number("> 0", value -> value > 0));
            if (section.has("mean") != section.has("deviation")) {
                return section.problem("mean and deviation must be given together, or neither.");
            }
            return section.create(() -> {
                Optional<Missing> own = missing.get();
                Optional<Scale> scale =
                        mean.get().map(given -> new Scale(given, deviation.get().orElseThrow()));
                return (name, otherwise) -> Optional.of(new Numeric(name, own.orElse(otherwise), scale));
            });
        }

        private static Value<ColumnRule> categorical(Section section) {
            Value<Optional<Missing>> missing = section.optional("missing", constant(Missing.class));
            Value<List<String>> values = section.required("values", list(text()));
            Value<Boolean> dropFirst = section.optional("drop-first", bool(), false);
            return section.create(() -> {
                Categorical any =
                        new Categorical("any", missing.get().orElse(Missing.MODE), values.get(), dropFirst.get());
                Optional<Missing> own = missing.get();
                return (name, otherwise) ->
                        Optional.of(new Categorical(name, own.orElse(otherwise), any.values(), any.dropFirst()));
            });
        }
    }
}

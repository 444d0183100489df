package dev.tacita.config;

import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.list;
import static dev.tacita.config.Kinds.number;

import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads one layer that moves elements. */
final class RearrangementReader {
    static final Map<String, Function<Section, Value<Layer>>> LAYERS = new LinkedHashMap<>();

    static {
        LAYERS.put("reshape", RearrangementReader::reshape);
        LAYERS.put("transpose", RearrangementReader::transpose);
        LAYERS.put("slice", RearrangementReader::slice);
        LAYERS.put("pad", RearrangementReader::pad);
    }

    private RearrangementReader() {}

    private static Value<Layer> reshape(Section section) {
        Value<Shape> shape =
                section.required("shape", list(integer(1, Integer.MAX_VALUE)).map(Shape::new));
        return section.create(() -> new Rearrangement.Reshape(shape.get()));
    }

    private static Value<Layer> transpose(Section section) {
        Value<List<Integer>> permutation = section.required("permutation", places());
        return section.create(() -> new Rearrangement.Transpose(permutation.get()));
    }

    private static Value<Layer> slice(Section section) {
        Value<Integer> dimension = section.required("dimension", integer(0, Integer.MAX_VALUE));
        Value<Integer> from = section.required("from", integer(0, Integer.MAX_VALUE));
        Value<Integer> to = section.required("to", integer(1, Integer.MAX_VALUE));
        return section.create(() -> new Rearrangement.Slice(dimension.get(), from.get(), to.get()));
    }

    private static Value<Layer> pad(Section section) {
        Value<List<Integer>> before = section.required("before", places());
        Value<List<Integer>> after = section.required("after", places());
        Value<Double> value = section.optional("value", number(), 0.0);
        return section.create(() -> new Rearrangement.Pad(before.get(), after.get(), value.get()));
    }

    private static Kind<List<Integer>> places() {
        return list(integer(0, Integer.MAX_VALUE));
    }
}

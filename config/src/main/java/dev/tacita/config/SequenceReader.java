package dev.tacita.config;

import static dev.tacita.config.Kinds.bool;
import static dev.tacita.config.Kinds.integer;

import dev.tacita.core.model.Layer;
import dev.tacita.core.model.Sequence;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Reads one layer over sequences. */
final class SequenceReader {
    static final Map<String, Function<Section, Value<Layer>>> LAYERS = new LinkedHashMap<>();

    static {
        LAYERS.put("embedding", SequenceReader::embedding);
        LAYERS.put("positional-embedding", section -> section.create(Sequence.PositionalEmbedding::new));
        LAYERS.put("lstm", section -> recurrent(section, Sequence.Lstm::new));
        LAYERS.put("gru", section -> recurrent(section, Sequence.Gru::new));
        LAYERS.put("self-attention", SequenceReader::selfAttention);
    }

    private SequenceReader() {}

    private static Value<Layer> embedding(Section section) {
        Value<Integer> vocabulary = section.required("vocabulary", integer(1, Sequence.Embedding.LARGEST_VOCABULARY));
        Value<Integer> width = section.required("width", integer(1, Integer.MAX_VALUE));
        return section.create(() -> new Sequence.Embedding(vocabulary.get(), width.get()));
    }

    private static Value<Layer> recurrent(Section section, BiFunction<Integer, Boolean, Layer> layer) {
        Value<Integer> units = section.required("units", integer(1, Integer.MAX_VALUE));
        Value<Boolean> returnSequences = section.optional("return-sequences", bool(), false);
        return section.create(() -> layer.apply(units.get(), returnSequences.get()));
    }

    private static Value<Layer> selfAttention(Section section) {
        Value<Integer> heads = section.required("heads", integer(1, Integer.MAX_VALUE));
        Value<Boolean> causal = section.optional("causal", bool(), false);
        return section.create(() -> new Sequence.SelfAttention(heads.get(), causal.get()));
    }
}

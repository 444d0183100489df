package dev.tacita.engine;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Initializer;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Rearrangement;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small models with each layer over sequences. */
final class SequenceModels {
    private static final Layer TANH = new Layer.Activation(new ActivationFunction.Tanh());

    private SequenceModels() {}

    static Map<String, ModelSpec> all() {
        Map<String, ModelSpec> models = new LinkedHashMap<>();
        models.put("dense over a short sequence", sequence(2, 3, Layer.Dense.of(4)));
        models.put("dense over a long sequence", sequence(7, 2, Layer.Dense.of(2)));
        models.put(
                "dense over a sequence without bias", sequence(3, 4, new Layer.Dense(5, false, Initializer.HE_NORMAL)));
        models.put("embedding", text(Shape.of(5), new Layer.Flatten()));
        models.put("embedding of a rearranged input", rearrangedText());
        models.put("positional embedding", sequence(3, 4, new Sequence.PositionalEmbedding()));
        models.put("lstm to the last step", sequence(4, 3, new Sequence.Lstm(2, false)));
        models.put("lstm to all steps", sequence(3, 2, new Sequence.Lstm(3, true)));
        models.put("lstm of one step", sequence(1, 3, new Sequence.Lstm(2, true)));
        models.put("lstm first", first(3, 4, new Sequence.Lstm(3, false)));
        models.put("gru to the last step", sequence(4, 3, new Sequence.Gru(2, false)));
        models.put("gru to all steps", sequence(3, 2, new Sequence.Gru(3, true)));
        models.put("gru of one step", sequence(1, 3, new Sequence.Gru(2, true)));
        models.put("gru first", first(3, 4, new Sequence.Gru(3, false)));
        models.put("self-attention of one head", sequence(3, 2, new Sequence.SelfAttention(1, false)));
        models.put("self-attention of two heads", sequence(4, 6, new Sequence.SelfAttention(2, false)));
        models.put("causal self-attention", sequence(5, 4, new Sequence.SelfAttention(2, true)));
        models.put("self-attention first", first(3, 4, new Sequence.SelfAttention(2, false)));
        models.put("stacked recurrent layers of a text", stackedText());
        models.put("layers over sequences with shared parameters", shared());
        models.put("dense over a sequence by ghost norms", sequence(2, 5, Layer.Dense.of(6)));
        return models;
    }

    /** The layer between two dense ones, so that its signal is not the last. */
    private static ModelSpec sequence(int steps, int features, Layer layer) {
        return ModelSpec.sequential(
                Shape.of(steps, 3),
                List.of(Layer.Dense.of(features), TANH, layer, TANH, new Layer.Flatten(), Layer.Dense.of(3)));
    }

    /** The layer where nothing wants its signal. */
    private static ModelSpec first(int steps, int features, Layer layer) {
        return ModelSpec.sequential(Shape.of(steps, features), List.of(layer, new Layer.Flatten(), Layer.Dense.of(3)));
    }

    private static ModelSpec text(Shape input, Layer layer) {
        return ModelSpec.sequential(input, List.of(new Sequence.Embedding(4, 3), TANH, layer, Layer.Dense.of(3)));
    }

    private static ModelSpec rearrangedText() {
        return ModelSpec.sequential(
                Shape.of(2, 3),
                List.of(
                        new Rearrangement.Transpose(List.of(1, 0)),
                        new Layer.Flatten(),
                        new Rearrangement.Pad(List.of(1), List.of(2), 2),
                        new Sequence.Embedding(3, 2),
                        new Layer.Flatten(),
                        Layer.Dense.of(3)));
    }

    private static ModelSpec shared() {
        return new ModelSpec(
                List.of(new Input("x", Shape.of(3, 4))),
                List.of(
                        new Node("dense", Layer.Dense.of(4), List.of("x")),
                        new Node("lstm", new Sequence.Lstm(4, true), List.of("dense")).asFrozen(),
                        new Node("attention", new Sequence.SelfAttention(2, false), List.of("lstm")),
                        new Node("again", new Sequence.SelfAttention(2, false), List.of("attention"))
                                .sharing("attention"),
                        new Node("gru", new Sequence.Gru(4, true), List.of("again")),
                        new Node("gru-again", new Sequence.Gru(4, true), List.of("gru")).sharing("gru"),
                        new Node("dense-again", Layer.Dense.of(4), List.of("gru-again")).sharing("dense"),
                        new Node("flat", new Layer.Flatten(), List.of("dense-again")),
                        new Node("d", Layer.Dense.of(3), List.of("flat"))),
                "d");
    }

    private static ModelSpec stackedText() {
        return new ModelSpec(
                List.of(new Input("x", Shape.of(4))),
                List.of(
                        new Node("embedded", new Sequence.Embedding(5, 3), List.of("x")),
                        new Node("a", new Sequence.Lstm(3, true), List.of("embedded")),
                        new Node("b", new Sequence.Gru(3, true), List.of("embedded")),
                        new Node("sum", new Layer.Add(), List.of("a", "b", "embedded")),
                        new Node("c", new Sequence.Gru(4, false), List.of("sum")),
                        new Node("d", Layer.Dense.of(3), List.of("c"))),
                "d");
    }
}

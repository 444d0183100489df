package dev.tacita.core.model;

import java.util.List;

/** Transformers for text (Vaswani et al. 2017) that normalise before each part (Xiong et al. 2020, fig. 1b). */
public final class Transformer {
    private Transformer() {}

    /**
     * An encoder block on (steps, width), which it keeps: x + attention(norm(x)), then x + dense(gelu(dense(norm(x)))).
     * Adds nodes to a builder, whose ids begin with {@code id} and a hyphen, and returns the id of its output.
     *
     * @param heads of the attention; divides the width
     * @param hidden units of the inner dense layer, at least 1
     * @param causal whether a step sees itself and earlier steps only
     */
    public static String encoderBlock(
            GraphBuilder graph, String id, String from, int heads, int hidden, boolean causal) {
        Shape shape = Layers.sequence(List.of(graph.shape(from)));
        String normed = graph.add(id + "-norm", Normalization.LayerNorm.standard(), from);
        String mixed = graph.add(id + "-attention", new Sequence.SelfAttention(heads, causal), normed);
        String attended = graph.add(id + "-attended", new Layer.Add(), from, mixed);
        String last = graph.chain(
                id + "-step",
                attended,
                List.of(
                        Normalization.LayerNorm.standard(),
                        Layer.Dense.of(hidden),
                        new Layer.Activation(new ActivationFunction.Gelu(false)),
                        Layer.Dense.of(shape.dimension(1))));
        return graph.add(id + "-sum", new Layer.Add(), attended, last);
    }

    /**
     * Classifies texts of {@code length} token ids: embedding, positional embedding, encoder blocks with four times the
     * width inside, a normalisation, the mean over the steps, and a dense layer.
     *
     * @param vocabulary number of tokens, 1 to 2^24
     * @param length tokens of one text, at least 1
     * @param width features of a step, at least 2; a multiple of {@code heads}
     * @param heads of each attention, at least 1
     * @param blocks at least 1
     * @param outputs logits, at least 1
     */
    public static ModelSpec text(int vocabulary, int length, int width, int heads, int blocks, int outputs) {
        Layers.atLeast("length", length, 1);
        Layers.atLeast("blocks", blocks, 1);
        GraphBuilder graph = new GraphBuilder();
        String last = graph.chain(
                "token",
                graph.input("tokens", Shape.of(length)),
                List.of(new Sequence.Embedding(vocabulary, width), new Sequence.PositionalEmbedding()));
        for (int block = 1; block <= blocks; block++) {
            last = encoderBlock(graph, "block-" + block, last, heads, Math.multiplyExact(4, width), false);
        }
        return graph.build(graph.chain(
                "output",
                last,
                List.of(
                        Normalization.LayerNorm.standard(),
                        new Rearrangement.Reshape(Shape.of(1, length, width)),
                        new Layer.AvgPool2d(new Window(length, 1, 1, 1, 0, 0)),
                        new Layer.Flatten(),
                        Layer.Dense.of(outputs))));
    }
}

package dev.tacita.core.model;

import java.util.List;

/** A layer over sequences: shapes are (steps, features), and (steps) for token ids. */
public sealed interface Sequence extends Layer {
    /**
     * A row of a table for each token: y[t] = weight[x[t]]; weight (vocabulary, width), at first standard normal. The
     * input (steps) holds token ids, whole numbers from 0 to vocabulary - 1, and gets no gradient.
     *
     * @param vocabulary number of tokens, 1 to 2^24: the ids that a float can hold
     * @param width features of a token, at least 1
     */
    record Embedding(int vocabulary, int width) implements Sequence {
        /** The largest vocabulary. */
        public static final int LARGEST_VOCABULARY = 1 << 24;

        public Embedding {
            Layers.atLeast("vocabulary", vocabulary, 1);
            if (vocabulary > LARGEST_VOCABULARY) {
                throw new IllegalArgumentException(
                        "vocabulary must be <= " + LARGEST_VOCABULARY + ". Provided value: " + vocabulary);
            }
            Layers.atLeast("width", width, 1);
        }

        @Override
        public String name() {
            return "embedding";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.embedding(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Shape.of(Layers.oneOfRank(inputs, 1, "a vector of token ids").size(), width);
        }

        @Override
        public List<Parameter> parameters(List<Shape> inputs) {
            return List.of(new Parameter("weight", Shape.of(vocabulary, width), Initializer.LECUN_NORMAL, 1, width));
        }
    }

    /** y = x + weight for a sequence x, with a weight of its shape that starts at zero (Gehring et al. 2017, sec. 3.1). */
    record PositionalEmbedding() implements Sequence {
        @Override
        public String name() {
            return "positional-embedding";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.positionalEmbedding(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Layers.sequence(inputs);
        }

        @Override
        public List<Parameter> parameters(List<Shape> inputs) {
            return List.of(new Parameter("weight", inputs.get(0), Initializer.ZEROS, 1, 1));
        }
    }

    /**
     * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000). At each step
     * (i, f, g, o) = x W^T + b + h R^T + d; c = s(f) c + s(i) tanh(g); h = s(o) tanh(c), where s is the logistic
     * function; c and h start at zero.
     *
     * <p>Parameters in PyTorch's order: input-weight W (4 units, features), recurrent-weight R (4 units, units),
     * input-bias b and recurrent-bias d (4 units each), all uniform in +-1 / sqrt(units).
     *
     * @param units length of h, at least 1
     * @param returnSequences whether the output is h of every step, else of the last
     */
    record Lstm(int units, boolean returnSequences) implements Sequence {
        static final int GATES = 4;

        public Lstm {
            Recurrent.check(units, GATES);
        }

        @Override
        public String name() {
            return "lstm";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.lstm(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Recurrent.outputShape(inputs, units, returnSequences);
        }

        @Override
        public List<Parameter> parameters(List<Shape> inputs) {
            return Recurrent.parameters(inputs, units, GATES);
        }
    }

    /**
     * Gated recurrent units (Cho et al. 2014, sec. 2.3), with the reset gate after the recurrent product. At each step
     * r = s(x W_r^T + b_r + h R_r^T + d_r); z likewise; n = tanh(x W_n^T + b_n + r (h R_n^T + d_n)); h = (1 - z) n + z h,
     * where s is the logistic function; h starts at zero.
     *
     * <p>Parameters in PyTorch's order, each with its parts for r, z and n: input-weight W (3 units, features),
     * recurrent-weight R (3 units, units), input-bias b and recurrent-bias d (3 units each), all uniform in
     * +-1 / sqrt(units).
     *
     * @param units length of h, at least 1
     * @param returnSequences whether the output is h of every step, else of the last
     */
    record Gru(int units, boolean returnSequences) implements Sequence {
        static final int GATES = 3;

        public Gru {
            Recurrent.check(units, GATES);
        }

        @Override
        public String name() {
            return "gru";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.gru(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Recurrent.outputShape(inputs, units, returnSequences);
        }

        @Override
        public List<Parameter> parameters(List<Shape> inputs) {
            return Recurrent.parameters(inputs, units, GATES);
        }
    }

    /**
     * Multi-head self-attention (Vaswani et al. 2017, sec. 3.2) on a sequence (steps, width): queries, keys and values
     * are x A^T + a; each head mixes its width / heads columns of the values by softmax(q k^T / sqrt(width / heads));
     * the heads side by side are projected by B and b.
     *
     * <p>Parameters in PyTorch's order: in-weight A (3 width, width) for queries, keys and values, in-bias a
     * (3 width), out-weight B (width, width), out-bias b (width). A starts as Glorot's, B uniform in
     * +-1 / sqrt(width), the biases at zero.
     *
     * @param heads at least 1; divides the width
     * @param causal whether a step sees itself and earlier steps only
     */
    record SelfAttention(int heads, boolean causal) implements Sequence {
        public SelfAttention {
            Layers.atLeast("heads", heads, 1);
        }

        @Override
        public String name() {
            return "self-attention";
        }

        @Override
        public <R> R accept(LayerVisitor<R> visitor) {
            return visitor.selfAttention(this);
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            Shape input = Layers.sequence(inputs);
            if (input.dimension(1) % heads != 0) {
                throw new IllegalArgumentException(
                        "its width must be a multiple of its heads, " + heads + ". Provided shape: " + input);
            }
            return input;
        }

        @Override
        public List<Parameter> parameters(List<Shape> inputs) {
            int width = inputs.get(0).dimension(1);
            int all = Math.multiplyExact(3, width);
            return List.of(
                    new Parameter("in-weight", Shape.of(all, width), Initializer.GLOROT_UNIFORM, width, all),
                    new Parameter("in-bias", Shape.of(all), Initializer.ZEROS, width, all),
                    new Parameter("out-weight", Shape.of(width, width), Initializer.FAN_IN_UNIFORM, width, width),
                    new Parameter("out-bias", Shape.of(width), Initializer.ZEROS, width, width));
        }
    }
}

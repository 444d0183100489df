package dev.tacita.engine;

import dev.tacita.core.model.Sequence;
import java.util.Arrays;

/** A row of a table for each token; nothing flows back to the tokens. */
final class EmbeddingOperation extends Operation {
    private final Sequence.Embedding layer;
    private final String node;
    private final int steps;
    private final int width;
    private final int weight;
    private final float[] ofToken;

    EmbeddingOperation(Wiring.Step step, Sequence.Embedding layer, int parameterOffset) {
        super(step);
        this.layer = layer;
        node = step.node().id();
        steps = step.outputShape().dimension(0);
        width = layer.width();
        weight = parameterOffset;
        ofToken = new float[width];
    }

    /** Whether this is a token of such an embedding. */
    static boolean isToken(Sequence.Embedding layer, float value) {
        return value >= 0 && value < layer.vocabulary() && value == (int) value;
    }

    @Override
    void forward(Tape tape) {
        float[] tokens = tape.value(input());
        float[] y = tape.value(output());
        int count = tape.batch() * steps;
        for (int i = 0; i < count; i++) {
            if (!isToken(layer, tokens[i])) {
                throw new IllegalArgumentException("node '" + node + "': a token must be a whole number from 0 to "
                        + (layer.vocabulary() - 1) + ". Provided value: " + tokens[i] + ", in example " + i / steps
                        + " of the batch, position " + i % steps);
            }
            System.arraycopy(tape.parameters(), weight + ((int) tokens[i]) * width, y, i * width, width);
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        clear(to, tape.length(input()));
    }

    @Override
    void collect(Tape tape, float[] gradient) {
        Arrays.fill(gradient, weight, weight + layer.vocabulary() * width, 0f);
        float[] tokens = tape.value(input());
        float[] signal = tape.signal(output());
        int count = tape.batch() * steps;
        for (int i = 0; i < count; i++) {
            int to = weight + ((int) tokens[i]) * width;
            int from = i * width;
            for (int j = 0; j < width; j++) {
                gradient[to + j] += signal[from + j];
            }
        }
    }

    /** The gradient's rows are the sums of the signals of each token; those of other tokens are zero. */
    @Override
    void addSquaredNorms(Tape tape, double[] norms) {
        float[] tokens = tape.value(input());
        float[] signal = tape.signal(output());
        for (int example = 0; example < tape.batch(); example++) {
            int first = example * steps;
            int end = first + steps;
            for (int i = first; i < end; i++) {
                if (isFirst(tokens, first, i)) {
                    System.arraycopy(signal, i * width, ofToken, 0, width);
                    for (int j = i + 1; j < end; j++) {
                        if (tokens[j] == tokens[i]) {
                            addRow(signal, j * width);
                        }
                    }
                    norms[example] += Norms.squared(ofToken, 0, width);
                }
            }
        }
    }

    private static boolean isFirst(float[] tokens, int from, int index) {
        for (int i = from; i < index; i++) {
            if (tokens[i] == tokens[index]) {
                return false;
            }
        }
        return true;
    }

    private void addRow(float[] signal, int from) {
        for (int i = 0; i < width; i++) {
            ofToken[i] += signal[from + i];
        }
    }
}

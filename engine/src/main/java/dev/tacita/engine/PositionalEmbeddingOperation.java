package dev.tacita.engine;

/** y = x + weight. */
final class PositionalEmbeddingOperation extends Operation {
    private final int size;
    private final int weight;

    PositionalEmbeddingOperation(Wiring.Step step, int parameterOffset) {
        super(step);
        size = step.outputShape().size();
        weight = parameterOffset;
    }

    @Override
    void forward(Tape tape) {
        float[] y = tape.value(output());
        Rows.fill(tape.parameters(), weight, y, 0, tape.batch(), size);
        add(tape.value(input()), y, tape.length(output()));
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        System.arraycopy(tape.signal(output()), 0, to, 0, tape.length(output()));
    }

    @Override
    void collect(Tape tape, float[] gradient) {
        Rows.sum(tape.signal(output()), 0, tape.batch(), size, gradient, weight);
    }

    @Override
    void addSquaredNorms(Tape tape, double[] norms) {
        for (int example = 0; example < tape.batch(); example++) {
            norms[example] += Norms.squared(tape.signal(output()), example * size, size);
        }
    }
}

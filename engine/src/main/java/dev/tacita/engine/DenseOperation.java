package dev.tacita.engine;

import dev.tacita.core.model.Shape;

/** y = x W^T + b, for each vector, or for each step of each sequence. */
final class DenseOperation extends Operation {
    private final Kernels kernels;
    private final int steps;
    private final int features;
    private final int units;
    private final int weight;
    private final int bias;
    private final boolean hasBias;

    DenseOperation(Wiring.Step step, Kernels kernels, int parameterOffset, boolean hasBias) {
        super(step);
        this.kernels = kernels;
        this.hasBias = hasBias;
        Shape output = step.outputShape();
        units = output.dimension(output.rank() - 1);
        steps = output.size() / units;
        features = step.inputShapes().get(0).size() / steps;
        weight = parameterOffset;
        bias = parameterOffset + units * features;
    }

    @Override
    void forward(Tape tape) {
        float[] x = tape.value(input());
        float[] y = tape.value(output());
        float[] w = tape.parameters();
        int rows = tape.batch() * steps;
        kernels.multiply(false, true, rows, units, features, x, 0, w, weight, false, y, 0);
        if (hasBias) {
            Rows.add(w, bias, y, 0, rows, units);
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        kernels.multiply(
                false,
                false,
                tape.batch() * steps,
                features,
                units,
                tape.signal(output()),
                0,
                tape.parameters(),
                weight,
                false,
                to,
                0);
    }

    @Override
    void collect(Tape tape, float[] gradient) {
        float[] signal = tape.signal(output());
        int rows = tape.batch() * steps;
        kernels.multiply(
                true, false, units, features, rows, signal, 0, tape.value(input()), 0, false, gradient, weight);
        if (hasBias) {
            Rows.sum(signal, 0, rows, units, gradient, bias);
        }
    }

    /** The gradient of one example is an outer product, so its norm is a product of norms (Goodfellow 2015, eq. 3). */
    @Override
    void addSquaredNorms(Tape tape, double[] norms) {
        float[] x = tape.value(input());
        float[] signal = tape.signal(output());
        for (int row = 0; row < tape.batch(); row++) {
            double ofInput = Norms.squared(x, row * features, features);
            norms[row] += (hasBias ? ofInput + 1 : ofInput) * Norms.squared(signal, row * units, units);
        }
    }
}

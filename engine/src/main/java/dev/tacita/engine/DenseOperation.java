package dev.tacita.engine;

/** y = x W^T + b. */
final class DenseOperation extends Operation {
    private final Kernels kernels;
    private final int features;
    private final int units;
    private final int weight;
    private final int bias;
    private final boolean hasBias;

    DenseOperation(Wiring.Step step, Kernels kernels, int parameterOffset, boolean hasBias) {
        super(step);
        this.kernels = kernels;
        this.hasBias = hasBias;
        features = step.inputShapes().get(0).size();
        units = step.outputShape().size();
        weight = parameterOffset;
        bias = parameterOffset + units * features;
    }

    @Override
    void forward(Tape tape) {
        float[] x = tape.value(input());
        float[] y = tape.value(output());
        float[] w = tape.parameters();
        int batch = tape.batch();
        kernels.multiply(false, true, batch, units, features, x, 0, w, weight, false, y, 0);
        if (hasBias) {
            for (int row = 0; row < batch; row++) {
                int at = row * units;
                for (int i = 0; i < units; i++) {
                    y[at + i] += w[bias + i];
                }
            }
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        kernels.multiply(
                false,
                false,
                tape.batch(),
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
        int batch = tape.batch();
        kernels.multiply(
                true, false, units, features, batch, signal, 0, tape.value(input()), 0, false, gradient, weight);
        if (hasBias) {
            System.arraycopy(signal, 0, gradient, bias, units);
            for (int row = 1; row < batch; row++) {
                int at = row * units;
                for (int i = 0; i < units; i++) {
                    gradient[bias + i] += signal[at + i];
                }
            }
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

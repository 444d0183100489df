package dev.tacita.engine;

/** Normalised exponentials over the last dimension. */
final class SoftmaxOperation extends Operation {
    private final int width;

    SoftmaxOperation(Wiring.Step step) {
        super(step);
        width = step.outputShape().dimension(step.outputShape().rank() - 1);
    }

    @Override
    void forward(Tape tape) {
        float[] x = tape.value(input());
        float[] y = tape.value(output());
        int length = tape.length(output());
        for (int row = 0; row < length; row += width) {
            float most = x[row];
            for (int i = 1; i < width; i++) {
                most = Math.max(most, x[row + i]);
            }
            double sum = 0;
            for (int i = 0; i < width; i++) {
                double e = Math.exp(x[row + i] - most);
                y[row + i] = (float) e;
                sum += e;
            }
            for (int i = 0; i < width; i++) {
                y[row + i] = (float) (y[row + i] / sum);
            }
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        float[] y = tape.value(output());
        float[] signal = tape.signal(output());
        int length = tape.length(output());
        for (int row = 0; row < length; row += width) {
            double mean = 0;
            for (int i = 0; i < width; i++) {
                mean += (double) signal[row + i] * y[row + i];
            }
            for (int i = 0; i < width; i++) {
                to[row + i] = (float) (y[row + i] * (signal[row + i] - mean));
            }
        }
    }
}

package dev.tacita.engine;

/** The largest value of each window; of equal ones the first gets the signal. */
final class MaxPoolOperation extends Operation {
    private final Geometry geometry;
    private final int[] winners;

    MaxPoolOperation(Wiring.Step step, Geometry geometry, int capacity) {
        super(step);
        this.geometry = geometry;
        winners = new int[capacity * step.outputShape().size()];
    }

    @Override
    void forward(Tape tape) {
        float[] x = tape.value(input());
        float[] y = tape.value(output());
        int planes = tape.batch() * geometry.channels();
        int plane = geometry.height() * geometry.width();
        int at = 0;
        for (int p = 0; p < planes; p++) {
            for (int row = 0; row < geometry.outputHeight(); row++) {
                at = poolRow(x, p * plane, row, y, at);
            }
        }
    }

    private int poolRow(float[] x, int plane, int row, float[] y, int start) {
        int width = geometry.width();
        int top = plane + geometry.firstRow(row) * width;
        int bottom = plane + geometry.endRow(row) * width;
        int at = start;
        for (int column = 0; column < geometry.outputWidth(); column++) {
            int left = geometry.firstColumn(column);
            int right = geometry.endColumn(column);
            int winner = top + left;
            float most = x[winner];
            for (int line = top; line < bottom; line += width) {
                for (int i = line + left; i < line + right; i++) {
                    if (!(x[i] <= most)) {
                        most = x[i];
                        winner = i;
                    }
                }
            }
            y[at] = most;
            winners[at] = winner;
            at++;
        }
        return at;
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        clear(to, tape.length(input()));
        float[] signal = tape.signal(output());
        int length = tape.length(output());
        for (int i = 0; i < length; i++) {
            to[winners[i]] += signal[i];
        }
    }
}

package dev.tacita.engine;

/** The largest value of each window; of equal ones the first gets the signal. */
final class MaxPoolOperation extends Operation {
    private final Geometry geometry;
    private final int[] winners;
    private final boolean fours;

    MaxPoolOperation(Wiring.Step step, Geometry geometry, int capacity) {
        super(step);
        this.geometry = geometry;
        fours = geometry.window().height() == 2 && geometry.window().width() == 2 && !geometry.isPadded();
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
                at = fours ? rowOfFours(x, p * plane, row, y, at) : poolRow(x, p * plane, row, y, at);
            }
        }
    }

    /** As {@link #poolRow} for windows of 2 by 2 without padding, without branches that could not be predicted. */
    private int rowOfFours(float[] x, int plane, int row, float[] y, int start) {
        int width = geometry.width();
        int columns = geometry.outputWidth();
        int top = plane + geometry.firstRow(row) * width;
        int stride = geometry.window().strideWidth();
        for (int column = 0; column < columns; column++) {
            int i = top + stride * column;
            int j = i + width;
            float above = Math.max(x[i], x[i + 1]);
            float below = Math.max(x[j], x[j + 1]);
            int winnerAbove = x[i + 1] > x[i] ? i + 1 : i;
            int winnerBelow = x[j + 1] > x[j] ? j + 1 : j;
            y[start + column] = Math.max(above, below);
            winners[start + column] = below > above ? winnerBelow : winnerAbove;
        }
        return start + columns;
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

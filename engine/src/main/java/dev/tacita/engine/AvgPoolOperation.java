package dev.tacita.engine;

/** The mean of each window; cells of the padding are not counted. */
final class AvgPoolOperation extends Operation {
    private final Geometry geometry;

    AvgPoolOperation(Wiring.Step step, Geometry geometry) {
        super(step);
        this.geometry = geometry;
    }

    @Override
    void forward(Tape tape) {
        float[] x = tape.value(input());
        float[] y = tape.value(output());
        int width = geometry.width();
        int planes = tape.batch() * geometry.channels();
        int at = 0;
        for (int p = 0; p < planes; p++) {
            int plane = p * geometry.height() * width;
            for (int row = 0; row < geometry.outputHeight(); row++) {
                int top = geometry.firstRow(row);
                int bottom = geometry.endRow(row);
                for (int column = 0; column < geometry.outputWidth(); column++) {
                    int left = geometry.firstColumn(column);
                    int right = geometry.endColumn(column);
                    float sum = 0;
                    for (int line = top; line < bottom; line++) {
                        for (int i = left; i < right; i++) {
                            sum += x[plane + line * width + i];
                        }
                    }
                    y[at++] = sum / ((bottom - top) * (right - left));
                }
            }
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        clear(to, tape.length(input()));
        float[] signal = tape.signal(output());
        int width = geometry.width();
        int planes = tape.batch() * geometry.channels();
        int at = 0;
        for (int p = 0; p < planes; p++) {
            int plane = p * geometry.height() * width;
            for (int row = 0; row < geometry.outputHeight(); row++) {
                int top = geometry.firstRow(row);
                int bottom = geometry.endRow(row);
                for (int column = 0; column < geometry.outputWidth(); column++) {
                    int left = geometry.firstColumn(column);
                    int right = geometry.endColumn(column);
                    float share = signal[at++] / ((bottom - top) * (right - left));
                    for (int line = top; line < bottom; line++) {
                        for (int i = left; i < right; i++) {
                            to[plane + line * width + i] += share;
                        }
                    }
                }
            }
        }
    }
}

package dev.tacita.engine;

import java.util.Arrays;

/**
 * Cross-correlation where each filter sees one channel. A product of matrices would be as thin as the kernel; instead
 * each cell of the kernel multiplies the whole padded plane at once, which runs in vector registers. The plane's rows
 * keep the padded width, so that a shift by a cell is a shift of the plane; what falls between the rows is left out.
 */
final class DepthwiseConv2dOperation extends Operation {
    private final Geometry geometry;
    private final int multiplier;
    private final int cells;
    private final int weight;
    private final int bias;
    private final boolean hasBias;
    private final int line;
    private final int reach;
    private final int[] offsets;
    private final float[] padded;
    private final float[] wide;

    /** @param geometry over all channels */
    DepthwiseConv2dOperation(Wiring.Step step, Geometry geometry, int parameterOffset, boolean hasBias) {
        super(step);
        this.geometry = geometry;
        this.hasBias = hasBias;
        multiplier = step.outputShape().dimension(0) / geometry.channels();
        cells = geometry.window().height() * geometry.window().width();
        weight = parameterOffset;
        bias = parameterOffset + multiplier * geometry.channels() * cells;
        line = geometry.paddedWidth();
        offsets = new int[cells];
        for (int cell = 0; cell < cells; cell++) {
            offsets[cell] = geometry.cell(
                    cell / geometry.window().width(), cell % geometry.window().width());
        }
        reach = geometry.paddedHeight() * line - offsets[cells - 1];
        padded = new float[geometry.paddedHeight() * line];
        wide = new float[reach];
    }

    @Override
    void forward(Tape tape) {
        float[] w = tape.parameters();
        float[] y = tape.value(output());
        for (int plane = 0; plane < tape.batch() * geometry.channels(); plane++) {
            pad(tape.value(input()), plane);
            for (int filter = plane * multiplier; filter < (plane + 1) * multiplier; filter++) {
                int from = weightOf(filter);
                Arrays.fill(wide, 0f);
                for (int cell = 0; cell < cells; cell++) {
                    addShifted(w[from + cell], padded, offsets[cell], wide, 0);
                }
                narrow(y, filter * geometry.positions());
            }
        }
        if (hasBias) {
            int channels = geometry.channels() * multiplier;
            Planes.addBias(w, bias, y, tape.batch(), channels, geometry.positions());
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        float[] w = tape.parameters();
        float[] signal = tape.signal(output());
        for (int plane = 0; plane < tape.batch() * geometry.channels(); plane++) {
            Arrays.fill(padded, 0f);
            for (int filter = plane * multiplier; filter < (plane + 1) * multiplier; filter++) {
                int from = weightOf(filter);
                widen(signal, filter * geometry.positions());
                for (int cell = 0; cell < cells; cell++) {
                    addShifted(w[from + cell], wide, 0, padded, offsets[cell]);
                }
            }
            unpad(to, plane);
        }
    }

    @Override
    void collect(Tape tape, float[] gradient) {
        float[] signal = tape.signal(output());
        int filters = geometry.channels() * multiplier;
        Arrays.fill(gradient, weight, weight + filters * cells, 0f);
        for (int plane = 0; plane < tape.batch() * geometry.channels(); plane++) {
            pad(tape.value(input()), plane);
            for (int filter = plane * multiplier; filter < (plane + 1) * multiplier; filter++) {
                int to = weightOf(filter);
                widen(signal, filter * geometry.positions());
                for (int cell = 0; cell < cells; cell++) {
                    gradient[to + cell] += (float) Sums.product(wide, 0, padded, offsets[cell], reach);
                }
            }
        }
        if (hasBias) {
            Planes.collectBias(signal, gradient, bias, tape.batch(), filters, geometry.positions());
        }
    }

    private int weightOf(int filter) {
        return weight + filter % (geometry.channels() * multiplier) * cells;
    }

    private void addShifted(float factor, float[] from, int fromAt, float[] to, int toAt) {
        for (int i = 0; i < reach; i++) {
            to[toAt + i] += factor * from[fromAt + i];
        }
    }

    private void pad(float[] images, int plane) {
        int width = geometry.width();
        int from = plane * geometry.height() * width;
        int to = inside();
        for (int row = 0; row < geometry.height(); row++) {
            System.arraycopy(images, from, padded, to, width);
            Arrays.fill(padded, to + width, Math.min(to + line, padded.length), 0f);
            from += width;
            to += line;
        }
        Arrays.fill(padded, 0, inside(), 0f);
        Arrays.fill(padded, Math.min(to, padded.length), padded.length, 0f);
    }

    private void unpad(float[] images, int plane) {
        int width = geometry.width();
        int to = plane * geometry.height() * width;
        int from = inside();
        for (int row = 0; row < geometry.height(); row++) {
            System.arraycopy(padded, from, images, to, width);
            to += width;
            from += line;
        }
    }

    private int inside() {
        return geometry.window().paddingHeight() * line + geometry.window().paddingWidth();
    }

    private void narrow(float[] y, int at) {
        int step = geometry.window().strideWidth();
        int columns = geometry.outputWidth();
        for (int row = 0; row < geometry.outputHeight(); row++) {
            int from = row * geometry.window().strideHeight() * line;
            int to = at + row * columns;
            for (int i = 0; i < columns; i++) {
                y[to + i] = wide[from + i * step];
            }
        }
    }

    private void widen(float[] signal, int at) {
        int step = geometry.window().strideWidth();
        int columns = geometry.outputWidth();
        Arrays.fill(wide, 0f);
        for (int row = 0; row < geometry.outputHeight(); row++) {
            int to = row * geometry.window().strideHeight() * line;
            int from = at + row * columns;
            for (int i = 0; i < columns; i++) {
                wide[to + i * step] = signal[from + i];
            }
        }
    }
}

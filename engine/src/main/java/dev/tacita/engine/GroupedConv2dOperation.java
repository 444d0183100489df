package dev.tacita.engine;

import dev.tacita.engine.kernel.Kernels;

/**
 * Cross-correlation in groups, or with holes in the window: for each image and group one product over the columns of the
 * group's channels.
 */
final class GroupedConv2dOperation extends Operation {
    private final Kernels kernels;
    private final Geometry geometry;
    private final Columns images;
    private final int groups;
    private final int filters;
    private final int cells;
    private final int positions;
    private final int weight;
    private final int bias;
    private final boolean hasBias;
    private final float[] columns;

    /** @param whole the geometry over all channels */
    GroupedConv2dOperation(
            Wiring.Step step, Geometry whole, int groups, Kernels kernels, int parameterOffset, boolean hasBias) {
        super(step);
        this.kernels = kernels;
        this.groups = groups;
        this.hasBias = hasBias;
        geometry = whole.withChannels(whole.channels() / groups);
        images = new Columns(geometry);
        filters = step.outputShape().dimension(0) / groups;
        cells = geometry.cells();
        positions = geometry.positions();
        weight = parameterOffset;
        bias = parameterOffset + groups * filters * cells;
        columns = new float[cells * positions];
    }

    @Override
    void forward(Tape tape) {
        float[] x = tape.value(input());
        float[] y = tape.value(output());
        for (int piece = 0; piece < tape.batch() * groups; piece++) {
            images.spread(x, piece * geometry.inputSize(), columns, 0, positions);
            kernels.multiply(
                    false,
                    false,
                    filters,
                    positions,
                    cells,
                    tape.parameters(),
                    weightOf(piece),
                    columns,
                    0,
                    false,
                    y,
                    piece * filters * positions);
        }
        if (hasBias) {
            Planes.addBias(tape.parameters(), bias, y, tape.batch(), groups * filters, positions);
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        float[] signal = tape.signal(output());
        for (int piece = 0; piece < tape.batch() * groups; piece++) {
            kernels.multiply(
                    true,
                    false,
                    cells,
                    positions,
                    filters,
                    tape.parameters(),
                    weightOf(piece),
                    signal,
                    piece * filters * positions,
                    false,
                    columns,
                    0);
            images.gather(columns, 0, positions, to, piece * geometry.inputSize());
        }
    }

    @Override
    void collect(Tape tape, float[] gradient) {
        float[] x = tape.value(input());
        float[] signal = tape.signal(output());
        for (int piece = 0; piece < tape.batch() * groups; piece++) {
            images.spread(x, piece * geometry.inputSize(), columns, 0, positions);
            kernels.multiply(
                    false,
                    true,
                    filters,
                    cells,
                    positions,
                    signal,
                    piece * filters * positions,
                    columns,
                    0,
                    piece >= groups,
                    gradient,
                    weightOf(piece));
        }
        if (hasBias) {
            Planes.collectBias(signal, gradient, bias, tape.batch(), groups * filters, positions);
        }
    }

    private int weightOf(int piece) {
        return weight + piece % groups * filters * cells;
    }
}

package dev.tacita.engine;

import dev.tacita.core.model.Shape;
import dev.tacita.engine.kernel.Kernels;

/**
 * Multi-head self-attention. The projections are products over all steps of all examples; between them each head of each
 * example is a matrix of its own, which makes its products contiguous.
 */
final class SelfAttentionOperation extends Operation {
    private static final int PARTS = 3;

    private final Kernels kernels;
    private final boolean causal;
    private final int heads;
    private final int steps;
    private final int width;
    private final int headWidth;
    private final float scale;
    private final int inWeight;
    private final int inBias;
    private final int outWeight;
    private final int outBias;
    /** Queries, keys and values of each step; on the way back the signals at them. */
    private final float[] projected;
    /** Queries, keys and values, each by example, head, step; the queries scaled. */
    private final float[] split;
    /** How much each step of each head of each example takes from each other. */
    private final float[] weights;
    /** The heads' results side by side. */
    private final float[] context;

    private final float[] head;

    private final StepNorms inNorms;
    private final StepNorms outNorms;
    private float[] contextSignal = new float[0];
    private float[] weightSignal = new float[0];
    private float[] headSignal = new float[0];

    SelfAttentionOperation(
            Wiring.Step step, Kernels kernels, int parameterOffset, int heads, boolean causal, int capacity) {
        super(step);
        this.kernels = kernels;
        this.heads = heads;
        this.causal = causal;
        Shape shape = step.outputShape();
        steps = shape.dimension(0);
        width = shape.dimension(1);
        headWidth = width / heads;
        scale = (float) (1 / Math.sqrt(headWidth));
        inWeight = parameterOffset;
        inBias = inWeight + PARTS * width * width;
        outWeight = inBias + PARTS * width;
        outBias = outWeight + width * width;
        inNorms = new StepNorms(kernels, steps, PARTS * width, width, true);
        outNorms = new StepNorms(kernels, steps, width, width, true);
        projected = new float[capacity * steps * PARTS * width];
        split = new float[projected.length];
        weights = new float[capacity * heads * steps * steps];
        context = new float[capacity * steps * width];
        head = new float[steps * headWidth];
    }

    /** Floats kept for one example; what one head needs at a time is not counted. */
    static long workingFloats(long steps, long width, long heads) {
        return 2 * (PARTS + 1) * steps * width + heads * steps * steps;
    }

    @Override
    void forward(Tape tape) {
        float[] p = tape.parameters();
        float[] y = tape.value(output());
        int rows = tape.batch() * steps;
        Rows.fill(p, inBias, projected, 0, rows, PARTS * width);
        kernels.multiply(
                false, true, rows, PARTS * width, width, tape.value(input()), 0, p, inWeight, true, projected, 0);
        for (int example = 0; example < tape.batch(); example++) {
            for (int h = 0; h < heads; h++) {
                attend(tape.batch(), example, h);
            }
        }
        kernels.multiply(false, true, rows, width, width, context, 0, p, outWeight, false, y, 0);
        Rows.add(p, outBias, y, 0, rows, width);
    }

    private void attend(int batch, int example, int h) {
        int queries = place(batch, 0, example, h);
        int keys = place(batch, 1, example, h);
        int values = place(batch, 2, example, h);
        int rows = example * steps;
        copyColumns(projected, rows, PARTS * width, h * headWidth, split, queries);
        copyColumns(projected, rows, PARTS * width, width + h * headWidth, split, keys);
        copyColumns(projected, rows, PARTS * width, 2 * width + h * headWidth, split, values);
        scale(split, queries);
        int at = (example * heads + h) * steps * steps;
        kernels.multiply(false, true, steps, steps, headWidth, split, queries, split, keys, false, weights, at);
        for (int row = 0; row < steps; row++) {
            softmax(at + row * steps, causal ? row + 1 : steps);
        }
        kernels.multiply(false, false, steps, headWidth, steps, weights, at, split, values, false, head, 0);
        writeColumns(head, context, rows, width, h * headWidth);
    }

    /** Where one head of one example has its queries (part 0), keys (1) or values (2). */
    private int place(int batch, int part, int example, int h) {
        return ((part * batch + example) * heads + h) * steps * headWidth;
    }

    private void softmax(int row, int seen) {
        float most = weights[row];
        for (int i = 1; i < seen; i++) {
            most = Math.max(most, weights[row + i]);
        }
        for (int i = 0; i < seen; i++) {
            weights[row + i] = VectorMath.decay(most - weights[row + i]);
        }
        float share = (float) (1 / Sums.sum(weights, row, seen));
        for (int i = 0; i < seen; i++) {
            weights[row + i] *= share;
        }
        for (int i = seen; i < steps; i++) {
            weights[row + i] = 0;
        }
    }

    @Override
    void receive(Tape tape) {
        if (contextSignal.length == 0) {
            contextSignal = new float[context.length];
            weightSignal = new float[steps * steps];
            headSignal = new float[steps * headWidth];
        }
        int rows = tape.batch() * steps;
        kernels.multiply(
                false,
                false,
                rows,
                width,
                width,
                tape.signal(output()),
                0,
                tape.parameters(),
                outWeight,
                false,
                contextSignal,
                0);
        for (int example = 0; example < tape.batch(); example++) {
            for (int h = 0; h < heads; h++) {
                attendBack(tape.batch(), example, h);
            }
        }
    }

    private void attendBack(int batch, int example, int h) {
        int queries = place(batch, 0, example, h);
        int keys = place(batch, 1, example, h);
        int values = place(batch, 2, example, h);
        int rows = example * steps;
        int at = (example * heads + h) * steps * steps;
        copyColumns(contextSignal, rows, width, h * headWidth, headSignal, 0);
        kernels.multiply(true, false, steps, headWidth, steps, weights, at, headSignal, 0, false, head, 0);
        writeColumns(head, projected, rows, PARTS * width, 2 * width + h * headWidth);
        kernels.multiply(false, true, steps, steps, headWidth, headSignal, 0, split, values, false, weightSignal, 0);
        for (int row = 0; row < steps; row++) {
            softmaxBack(at + row * steps, row * steps, causal ? row + 1 : steps);
        }
        kernels.multiply(false, false, steps, headWidth, steps, weightSignal, 0, split, keys, false, head, 0);
        scale(head, 0);
        writeColumns(head, projected, rows, PARTS * width, h * headWidth);
        kernels.multiply(true, false, steps, headWidth, steps, weightSignal, 0, split, queries, false, head, 0);
        writeColumns(head, projected, rows, PARTS * width, width + h * headWidth);
    }

    private void softmaxBack(int row, int signalRow, int seen) {
        float taken = (float) Sums.product(weights, row, weightSignal, signalRow, seen);
        for (int i = 0; i < seen; i++) {
            weightSignal[signalRow + i] = weights[row + i] * (weightSignal[signalRow + i] - taken);
        }
        for (int i = seen; i < steps; i++) {
            weightSignal[signalRow + i] = 0;
        }
    }

    private void copyColumns(float[] from, int firstRow, int stride, int column, float[] to, int at) {
        for (int step = 0; step < steps; step++) {
            System.arraycopy(from, (firstRow + step) * stride + column, to, at + step * headWidth, headWidth);
        }
    }

    private void writeColumns(float[] from, float[] to, int firstRow, int stride, int column) {
        for (int step = 0; step < steps; step++) {
            System.arraycopy(from, step * headWidth, to, (firstRow + step) * stride + column, headWidth);
        }
    }

    private void scale(float[] values, int at) {
        for (int i = at; i < at + steps * headWidth; i++) {
            values[i] *= scale;
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        int rows = tape.batch() * steps;
        kernels.multiply(
                false, false, rows, width, PARTS * width, projected, 0, tape.parameters(), inWeight, false, to, 0);
    }

    @Override
    void collect(Tape tape, float[] gradient) {
        collect(tape, 0, tape.batch(), gradient);
    }

    @Override
    void collectExample(Tape tape, int example, float[] gradient) {
        collect(tape, example, 1, gradient);
    }

    private void collect(Tape tape, int first, int count, float[] gradient) {
        float[] x = tape.value(input());
        float[] signal = tape.signal(output());
        int rows = count * steps;
        int at = first * steps * width;
        int all = PARTS * width;
        kernels.multiply(true, false, all, width, rows, projected, PARTS * at, x, at, false, gradient, inWeight);
        Rows.sum(projected, PARTS * at, rows, all, gradient, inBias);
        kernels.multiply(true, false, width, width, rows, signal, at, context, at, false, gradient, outWeight);
        Rows.sum(signal, at, rows, width, gradient, outBias);
    }

    @Override
    void addSquaredNorms(Tape tape, double[] norms) {
        for (int example = 0; example < tape.batch(); example++) {
            int at = example * steps * width;
            norms[example] += inNorms.squared(projected, PARTS * at, tape.value(input()), at)
                    + outNorms.squared(tape.signal(output()), at, context, at);
        }
    }

    @Override
    void scale(Tape tape, float[] coefficients) {
        super.scale(tape, coefficients);
        int size = steps * width;
        for (int example = 0; example < tape.batch(); example++) {
            scale(projected, example * PARTS * size, PARTS * size, coefficients[example]);
            if (coefficients[example] == 0) {
                clearUnlessFinite(context, example * size, size);
            }
        }
    }
}

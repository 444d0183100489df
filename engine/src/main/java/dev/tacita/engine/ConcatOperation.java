package dev.tacita.engine;

import dev.tacita.core.model.Shape;

/** Inputs joined along their first dimension; row-major, so one example's parts lie one after the other. */
final class ConcatOperation extends Operation {
    private final int[] sizes;
    private final int[] offsets;
    private final int size;

    ConcatOperation(Wiring.Step step) {
        super(step);
        sizes = step.inputShapes().stream().mapToInt(Shape::size).toArray();
        offsets = new int[sizes.length];
        for (int i = 1; i < sizes.length; i++) {
            offsets[i] = offsets[i - 1] + sizes[i - 1];
        }
        size = step.outputShape().size();
    }

    @Override
    void forward(Tape tape) {
        float[] y = tape.value(output());
        for (int edge = 0; edge < inputs(); edge++) {
            float[] x = tape.value(input(edge));
            for (int row = 0; row < tape.batch(); row++) {
                System.arraycopy(x, row * sizes[edge], y, row * size + offsets[edge], sizes[edge]);
            }
        }
    }

    @Override
    void signalOf(int edge, Tape tape, float[] to) {
        float[] signal = tape.signal(output());
        for (int row = 0; row < tape.batch(); row++) {
            System.arraycopy(signal, row * size + offsets[edge], to, row * sizes[edge], sizes[edge]);
        }
    }
}

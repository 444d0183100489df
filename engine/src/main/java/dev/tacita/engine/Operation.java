package dev.tacita.engine;

import java.util.Arrays;

/**
 * One node made ready to run. Values go forward; on the way back, {@link #propagate} carries the signal at the output to
 * the inputs and {@link #collect} turns it into the gradient of the node's own parameters. They are two methods so that
 * a {@link BackwardRule} can replace either.
 */
abstract class Operation {
    private final Wiring.Step step;

    Operation(Wiring.Step step) {
        this.step = step;
    }

    /** Computes the value of the output slot from those of the input slots. */
    abstract void forward(Tape tape);

    /** Writes into {@code to} what the signal at the output is for input {@code edge}. */
    abstract void signalOf(int edge, Tape tape, float[] to);

    /** Writes the gradient of this node's parameters, summed over the batch, at their places in {@code gradient}. */
    void collect(Tape tape, float[] gradient) {}

    /** Carries the signal at the output to all inputs that want one. */
    final void propagate(Tape tape) {
        for (int edge = 0; edge < step.inputs().length; edge++) {
            int input = step.inputs()[edge];
            if (!tape.wanted(input)) {
                continue;
            }
            float[] signal = tape.signal(input);
            if (step.accumulates()[edge]) {
                signalOf(edge, tape, tape.scratch());
                add(tape.scratch(), signal, tape.length(input));
            } else {
                signalOf(edge, tape, signal);
            }
        }
    }

    final int input() {
        return step.inputs()[0];
    }

    final int input(int edge) {
        return step.inputs()[edge];
    }

    final int inputs() {
        return step.inputs().length;
    }

    final int output() {
        return step.output();
    }

    static void add(float[] from, float[] to, int length) {
        for (int i = 0; i < length; i++) {
            to[i] += from[i];
        }
    }

    static void clear(float[] values, int length) {
        Arrays.fill(values, 0, length, 0f);
    }
}

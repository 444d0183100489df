package dev.tacita.engine;

import java.util.Arrays;
import java.util.Optional;

/**
 * One node made ready to run. Values go forward; on the way back, {@link #propagate} carries the signal at the output to
 * the inputs and {@link #collect} turns it into the gradient of the node's own parameters. They are two methods so that
 * a {@link BackwardRule} can replace either.
 */
abstract class Operation {
    private final Wiring.Step step;
    private final Optional<Elementwise> then;
    private float[] ofLaterSharers = new float[0];

    Operation(Wiring.Step step) {
        this.step = step;
        then = step.then().map(Elementwise::of);
    }

    /** {@link #forward}, and what the value is put through after it. */
    final void run(Tape tape) {
        forward(tape);
        if (then.isPresent()) {
            float[] y = tape.value(output());
            then.get().forward(y, y, tape.length(output()));
        }
    }

    /** Brings the signal at the output back to the value that {@link #forward} computed; then {@link #receive}. */
    final void takeSignal(Tape tape) {
        if (then.isPresent()) {
            float[] y = tape.value(output());
            float[] signal = tape.signal(output());
            then.get().backward(y, y, signal, signal, tape.length(output()));
        }
        receive(tape);
    }

    /** Computes the value of the output slot from those of the input slots. */
    abstract void forward(Tape tape);

    /**
     * Called in each backward pass when the signal at the output is complete, before anything asks for what follows from
     * it. An operation of several steps carries the signal through them here, once for all who ask.
     */
    void receive(Tape tape) {}

    /** Writes into {@code to} what the signal at the output is for input {@code edge}. */
    abstract void signalOf(int edge, Tape tape, float[] to);

    /** Writes the gradient of this node's parameters, summed over the batch, at their places in {@code gradient}. */
    void collect(Tape tape, float[] gradient) {}

    /** Moves those of this node's parameters that no optimizer moves, once the optimizer has made its step. */
    void afterStep(float[] parameters) {}

    /** Whether it has parameters that are trained. */
    final boolean hasParameters() {
        return step.parameters().trained();
    }

    final Wiring.Place parameters() {
        return step.parameters();
    }

    /** Says that a later operation has the same parameters and collects before this one. */
    final void joinLaterSharers() {
        ofLaterSharers = new float[step.parameters().length()];
    }

    /** {@link #collect} of parameters that are trained, added to what later operations that share them collected. */
    final void collectShared(Tape tape, float[] gradient) {
        keepLaterSharers(gradient);
        collect(tape, gradient);
        addLaterSharers(gradient);
    }

    /** As {@link #collectShared}, of one example. */
    final void collectSharedExample(Tape tape, int example, float[] gradient) {
        keepLaterSharers(gradient);
        collectExample(tape, example, gradient);
        addLaterSharers(gradient);
    }

    private void keepLaterSharers(float[] gradient) {
        System.arraycopy(gradient, step.parameters().offset(), ofLaterSharers, 0, ofLaterSharers.length);
    }

    private void addLaterSharers(float[] gradient) {
        int offset = step.parameters().offset();
        for (int i = 0; i < ofLaterSharers.length; i++) {
            gradient[offset + i] += ofLaterSharers[i];
        }
    }

    /**
     * As {@link #collect}, of one example alone; by {@link #collect} on a tape of that example. An operation that noted
     * on its way forward what {@link #collect} needs overrides this.
     */
    void collectExample(Tape tape, int example, float[] gradient) {
        collect(tape.single(example, step.inputs(), step.output()), gradient);
    }

    /**
     * Adds to {@code norms} the squared norm of each example's gradient of this node's parameters; the signal at the
     * output is complete. An example whose gradient is not finite gets a sum that is not finite. Here the gradients are
     * made one after the other, which suits few parameters; an operation that knows a cheaper way overrides this.
     */
    void addSquaredNorms(Tape tape, double[] norms) {
        float[] gradient = tape.gradient();
        for (int example = 0; example < tape.batch(); example++) {
            collectExample(tape, example, gradient);
            norms[example] += Norms.squared(
                    gradient, step.parameters().offset(), step.parameters().length());
        }
    }

    /**
     * Multiplies what each example adds to the next {@link #collect} by its coefficient; 0 leaves exactly nothing of it,
     * even of what is not finite. Book-keeping (Bu et al. 2023, sec. 3) follows {@link #addSquaredNorms} by this and by
     * {@link #collect}. An operation that keeps signals or values of its own overrides this.
     */
    void scale(Tape tape, float[] coefficients) {
        float[] signal = tape.signal(output());
        int size = tape.size(output());
        for (int example = 0; example < tape.batch(); example++) {
            scale(signal, example * size, size, coefficients[example]);
            if (coefficients[example] == 0) {
                for (int input : step.inputs()) {
                    clearUnlessFinite(tape.value(input), example * tape.size(input), tape.size(input));
                }
            }
        }
    }

    /** Multiplies part of {@code values}; 0 leaves exactly nothing. */
    static void scale(float[] values, int from, int length, float coefficient) {
        if (coefficient == 0) {
            Arrays.fill(values, from, from + length, 0f);
        } else if (coefficient != 1) {
            for (int i = from; i < from + length; i++) {
                values[i] *= coefficient;
            }
        }
    }

    /** Zero times what is not finite is not zero. */
    static void clearUnlessFinite(float[] values, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (!Float.isFinite(values[i])) {
                values[i] = 0;
            }
        }
    }

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

    /** {@link #propagate} and {@link #collectShared} over the last pass, whose values are unchanged. */
    void goBack(Tape tape, float[] gradient) {
        propagate(tape);
        if (hasParameters()) {
            collectShared(tape, gradient);
        }
    }

    /** Takes parameters to where they are trained by {@link #descend}; until {@link #leave}, no others are given. */
    void settle(float[] parameters) {}

    /** Brings parameters back from where they are trained. */
    void leave(float[] parameters) {}

    /** As {@link #goBack}, then a step of gradient descent on its parameters, which no other operation has. */
    void descend(Tape tape, float[] gradient, float rate) {
        goBack(tape, gradient);
        if (hasParameters()) {
            step(
                    tape.parameters(),
                    gradient,
                    step.parameters().offset(),
                    step.parameters().length(),
                    rate);
        }
    }

    /** {@code parameters -= rate * gradient} over {@code length} places from {@code from}. */
    static void step(float[] parameters, float[] gradient, int from, int length, float rate) {
        for (int i = from; i < from + length; i++) {
            parameters[i] -= rate * gradient[i];
        }
    }

    /** Whether {@link #propagate} and {@link #collectShared} come to a signal and a gradient that nothing else is added to. */
    final boolean goesBackAlone(Tape tape) {
        return step.inputs().length == 1
                && tape.wanted(input())
                && !step.accumulates()[0]
                && hasParameters()
                && ofLaterSharers.length == 0;
    }

    final int input() {
        return step.inputs()[0];
    }

    /** Whether the signal at its one input is added to what another reader of that input has written. */
    final boolean accumulates() {
        return step.accumulates()[0];
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

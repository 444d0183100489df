package dev.tacita.engine;

import dev.tacita.core.model.Shape;
import dev.tacita.engine.kernel.Kernels;

/**
 * A recurrent layer: what the input adds to the gates of all steps is one product, and so are the gradients of the
 * weights. Matrices here have the rows of a step for all examples one after the other, so that each step is a product
 * too.
 */
abstract class RecurrentOperation extends Operation {
    final Kernels kernels;
    final int steps;
    final int features;
    final int units;
    /** Width of a row of gates. */
    final int width;

    private final boolean returnSequences;
    private final int capacity;
    private final int inputWeight;
    private final int recurrentWeight;
    private final int inputBias;
    private final int recurrentBias;
    private final float[] x;
    private final StepNorms inputNorms;
    private final StepNorms recurrentNorms;
    private float[] xSignal = new float[0];
    private float[] exampleInputSignal = new float[0];
    private float[] exampleRecurrentSignal = new float[0];
    private float[] exampleHidden = new float[0];
    /** The gates of each step. */
    final float[] gates;
    /** Step after step the hidden state before it, then the last one. */
    final float[] hidden;
    /** The signal at the gates of each step, as the input adds to them. */
    float[] inputSignal = new float[0];
    /** The signal at the hidden state after the step at hand, which becomes that before it. */
    float[] hiddenSignal = new float[0];

    RecurrentOperation(
            Wiring.Step step,
            Kernels kernels,
            int parameterOffset,
            int units,
            int gateCount,
            boolean returnSequences,
            int capacity) {
        super(step);
        this.kernels = kernels;
        this.units = units;
        this.returnSequences = returnSequences;
        this.capacity = capacity;
        Shape input = step.inputShapes().get(0);
        steps = input.dimension(0);
        features = input.dimension(1);
        width = gateCount * units;
        inputWeight = parameterOffset;
        recurrentWeight = inputWeight + width * features;
        inputBias = recurrentWeight + width * units;
        recurrentBias = inputBias + width;
        inputNorms = new StepNorms(kernels, steps, width, features, true);
        recurrentNorms = new StepNorms(kernels, steps, width, units, true);
        x = new float[capacity * steps * features];
        gates = new float[capacity * steps * width];
        hidden = new float[capacity * (steps + 1) * units];
    }

    /** Starts a pass: gates hold what the input adds to them, without a bias. */
    abstract void begin(Tape tape);

    /** Finishes the gates of a step and computes the hidden state after it. */
    abstract void advance(Tape tape, int step);

    /** Starts a pass back. */
    abstract void beginBack(Tape tape);

    /**
     * Turns {@link #hiddenSignal} into the signals at the gates of a step, and into what reaches the hidden state before
     * it other than through the recurrent weight.
     */
    abstract void retreat(Tape tape, int step);

    /** The signal at the gates of each step, as the hidden state adds to them. */
    abstract float[] recurrentSignal();

    @Override
    final void forward(Tape tape) {
        int batch = tape.batch();
        int rows = steps * batch;
        Rows.swap(tape.value(input()), batch, steps, features, x);
        kernels.multiply(false, true, rows, width, features, x, 0, tape.parameters(), inputWeight, false, gates, 0);
        clear(hidden, batch * units);
        begin(tape);
        for (int step = 0; step < steps; step++) {
            advance(tape, step);
        }
        int last = rows * units;
        float[] y = tape.value(output());
        if (returnSequences) {
            for (int step = 0; step < steps; step++) {
                for (int row = 0; row < batch; row++) {
                    System.arraycopy(
                            hidden, ((step + 1) * batch + row) * units, y, (row * steps + step) * units, units);
                }
            }
        } else {
            System.arraycopy(hidden, last, y, 0, batch * units);
        }
    }

    @Override
    final void receive(Tape tape) {
        if (hiddenSignal.length == 0) {
            hiddenSignal = new float[capacity * units];
            inputSignal = new float[gates.length];
            xSignal = new float[x.length];
        }
        int batch = tape.batch();
        clear(hiddenSignal, batch * units);
        beginBack(tape);
        for (int step = steps - 1; step >= 0; step--) {
            addSignalOfOutput(tape, step);
            retreat(tape, step);
            if (step > 0) {
                kernels.multiply(
                        false,
                        false,
                        batch,
                        units,
                        width,
                        recurrentSignal(),
                        step * batch * width,
                        tape.parameters(),
                        recurrentWeight,
                        true,
                        hiddenSignal,
                        0);
            }
        }
    }

    private void addSignalOfOutput(Tape tape, int step) {
        float[] signal = tape.signal(output());
        int batch = tape.batch();
        if (returnSequences) {
            for (int row = 0; row < batch; row++) {
                int from = (row * steps + step) * units;
                int to = row * units;
                for (int i = 0; i < units; i++) {
                    hiddenSignal[to + i] += signal[from + i];
                }
            }
        } else if (step == steps - 1) {
            add(signal, hiddenSignal, batch * units);
        }
    }

    @Override
    final void signalOf(int edge, Tape tape, float[] to) {
        int rows = steps * tape.batch();
        kernels.multiply(
                false, false, rows, features, width, inputSignal, 0, tape.parameters(), inputWeight, false, xSignal, 0);
        Rows.swap(xSignal, steps, tape.batch(), features, to);
    }

    @Override
    final void collect(Tape tape, float[] gradient) {
        int rows = steps * tape.batch();
        kernels.multiply(true, false, width, features, rows, inputSignal, 0, x, 0, false, gradient, inputWeight);
        kernels.multiply(
                true, false, width, units, rows, recurrentSignal(), 0, hidden, 0, false, gradient, recurrentWeight);
        Rows.sum(inputSignal, 0, rows, width, gradient, inputBias);
        Rows.sum(recurrentSignal(), 0, rows, width, gradient, recurrentBias);
    }

    @Override
    final void collectExample(Tape tape, int example, float[] gradient) {
        gather(tape, example);
        float[] ownX = tape.value(input());
        int at = example * steps * features;
        kernels.multiply(
                true, false, width, features, steps, exampleInputSignal, 0, ownX, at, false, gradient, inputWeight);
        kernels.multiply(
                true,
                false,
                width,
                units,
                steps,
                exampleRecurrentSignal,
                0,
                exampleHidden,
                0,
                false,
                gradient,
                recurrentWeight);
        Rows.sum(exampleInputSignal, 0, steps, width, gradient, inputBias);
        Rows.sum(exampleRecurrentSignal, 0, steps, width, gradient, recurrentBias);
    }

    @Override
    final void addSquaredNorms(Tape tape, double[] norms) {
        for (int example = 0; example < tape.batch(); example++) {
            gather(tape, example);
            norms[example] += inputNorms.squared(exampleInputSignal, 0, tape.value(input()), example * steps * features)
                    + recurrentNorms.squared(exampleRecurrentSignal, 0, exampleHidden, 0);
        }
    }

    /** Copies the rows of one example, which lie apart, to where they lie together. */
    private void gather(Tape tape, int example) {
        if (exampleHidden.length == 0) {
            exampleInputSignal = new float[steps * width];
            exampleRecurrentSignal = recurrentSignal() == inputSignal ? exampleInputSignal : new float[steps * width];
            exampleHidden = new float[steps * units];
        }
        int batch = tape.batch();
        Rows.pick(inputSignal, example, batch, steps, width, exampleInputSignal);
        if (exampleRecurrentSignal != exampleInputSignal) {
            Rows.pick(recurrentSignal(), example, batch, steps, width, exampleRecurrentSignal);
        }
        Rows.pick(hidden, example, batch, steps, units, exampleHidden);
    }

    @Override
    final void scale(Tape tape, float[] coefficients) {
        int batch = tape.batch();
        for (int step = 0; step < steps; step++) {
            for (int example = 0; example < batch; example++) {
                int row = step * batch + example;
                float coefficient = coefficients[example];
                scale(inputSignal, row * width, width, coefficient);
                if (recurrentSignal() != inputSignal) {
                    scale(recurrentSignal(), row * width, width, coefficient);
                }
                if (coefficient == 0) {
                    clearUnlessFinite(x, row * features, features);
                    clearUnlessFinite(hidden, row * units, units);
                }
            }
        }
    }

    /** Adds to a row for each example what the hidden state before a step adds to its gates; nothing at the first. */
    final void addRecurrent(Tape tape, int step, float[] to, int at) {
        if (step > 0) {
            int batch = tape.batch();
            kernels.multiply(
                    false,
                    true,
                    batch,
                    width,
                    units,
                    hidden,
                    step * batch * units,
                    tape.parameters(),
                    recurrentWeight,
                    true,
                    to,
                    at);
        }
    }

    final int inputBias() {
        return inputBias;
    }

    final int recurrentBias() {
        return recurrentBias;
    }

    final int capacity() {
        return capacity;
    }
}

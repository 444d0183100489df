package dev.tacita.engine;

import dev.tacita.engine.kernel.Kernels;

/** Gated recurrent units with the reset gate after the recurrent product; gates in the order r, z, n. */
final class GruOperation extends RecurrentOperation {
    static final int GATES = 3;

    private final float[] recurrent;
    private final float[] state;
    private final float[] candidate;
    /** What the hidden state adds to the candidate at each step, before the reset gate. */
    private final float[] recalled;

    private float[] recurrentSignal = new float[0];

    GruOperation(
            Wiring.Step step, Kernels kernels, int parameterOffset, int units, boolean returnSequences, int capacity) {
        super(step, kernels, parameterOffset, units, GATES, returnSequences, capacity);
        recurrent = new float[capacity * width];
        state = new float[capacity * units];
        candidate = new float[units];
        recalled = new float[capacity * steps * units];
    }

    /** Floats kept for one example. */
    static long workingFloats(long steps, long features, long units) {
        return steps * (2 * features + 3 * GATES * units + 2 * units) + 7 * units;
    }

    @Override
    void begin(Tape tape) {
        int batch = tape.batch();
        Rows.add(tape.parameters(), inputBias(), gates, 0, steps * batch, width);
        clear(state, batch * units);
    }

    @Override
    void advance(Tape tape, int step) {
        int batch = tape.batch();
        Rows.fill(tape.parameters(), recurrentBias(), recurrent, 0, batch, width);
        addRecurrent(tape, step, recurrent, 0);
        for (int row = 0; row < batch; row++) {
            int gate = (step * batch + row) * width;
            int history = (step * batch + row) * units;
            open(row * width, gate);
            Gates.sigmoid(gates, gate, gate + 2 * units);
            System.arraycopy(recurrent, row * width + 2 * units, recalled, history, units);
            propose(gate, history);
            Gates.tanh(candidate, 0, gates, gate + 2 * units, units);
            mix(gate, row * units);
            System.arraycopy(state, row * units, hidden, history + batch * units, units);
        }
    }

    private void open(int from, int gate) {
        for (int i = 0; i < 2 * units; i++) {
            gates[gate + i] += recurrent[from + i];
        }
    }

    private void propose(int gate, int history) {
        int n = gate + 2 * units;
        for (int i = 0; i < units; i++) {
            candidate[i] = gates[n + i] + gates[gate + i] * recalled[history + i];
        }
    }

    private void mix(int gate, int at) {
        int z = gate + units;
        int n = gate + 2 * units;
        for (int i = 0; i < units; i++) {
            state[at + i] = gates[n + i] + gates[z + i] * (state[at + i] - gates[n + i]);
        }
    }

    @Override
    void beginBack(Tape tape) {
        if (recurrentSignal.length == 0) {
            recurrentSignal = new float[gates.length];
        }
    }

    @Override
    void retreat(Tape tape, int step) {
        int batch = tape.batch();
        for (int row = 0; row < batch; row++) {
            retreat((step * batch + row) * width, (step * batch + row) * units, row * units);
        }
    }

    /** One loop for each array that is written, so that none has to fear for another. */
    private void retreat(int gate, int history, int at) {
        float[] to = inputSignal;
        float[] signal = hiddenSignal;
        int z = gate + units;
        int n = gate + 2 * units;
        for (int i = 0; i < units; i++) {
            float reset = gates[gate + i];
            float proposed = gates[n + i];
            to[gate + i] = signal[at + i]
                    * (1 - gates[z + i])
                    * (1 - proposed * proposed)
                    * recalled[history + i]
                    * reset
                    * (1 - reset);
        }
        for (int i = 0; i < units; i++) {
            float kept = gates[z + i];
            to[z + i] = signal[at + i] * (hidden[history + i] - gates[n + i]) * kept * (1 - kept);
        }
        for (int i = 0; i < units; i++) {
            float proposed = gates[n + i];
            to[n + i] = signal[at + i] * (1 - gates[z + i]) * (1 - proposed * proposed);
        }
        System.arraycopy(to, gate, recurrentSignal, gate, 2 * units);
        for (int i = 0; i < units; i++) {
            recurrentSignal[n + i] = to[n + i] * gates[gate + i];
        }
        for (int i = 0; i < units; i++) {
            signal[at + i] *= gates[z + i];
        }
    }

    @Override
    float[] recurrentSignal() {
        return recurrentSignal;
    }
}

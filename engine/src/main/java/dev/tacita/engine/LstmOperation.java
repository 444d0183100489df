package dev.tacita.engine;

import dev.tacita.engine.kernel.Kernels;

/** Long short-term memory; gates in the order i, f, g, o. */
final class LstmOperation extends RecurrentOperation {
    static final int GATES = 4;

    private final float[] cell;
    private final float[] cells;
    private final float[] tanhCells;
    private float[] cellSignal = new float[0];

    LstmOperation(
            Wiring.Step step, Kernels kernels, int parameterOffset, int units, boolean returnSequences, int capacity) {
        super(step, kernels, parameterOffset, units, GATES, returnSequences, capacity);
        cell = new float[capacity * units];
        cells = new float[capacity * (steps + 1) * units];
        tanhCells = new float[capacity * steps * units];
    }

    /** Floats kept for one example. */
    static long workingFloats(long steps, long features, long units) {
        return steps * (2 * features + 2 * GATES * units + 3 * units) + 5 * units;
    }

    @Override
    void begin(Tape tape) {
        int batch = tape.batch();
        Rows.add(tape.parameters(), inputBias(), gates, 0, steps * batch, width);
        Rows.add(tape.parameters(), recurrentBias(), gates, 0, steps * batch, width);
        clear(cell, batch * units);
        clear(cells, batch * units);
    }

    @Override
    void advance(Tape tape, int step) {
        int batch = tape.batch();
        addRecurrent(tape, step, gates, step * batch * width);
        for (int row = 0; row < batch; row++) {
            int gate = (step * batch + row) * width;
            int state = (step * batch + row) * units;
            Gates.sigmoid(gates, gate, gate + 2 * units);
            Gates.tanh(gates, gate + 2 * units, gate + 3 * units);
            Gates.sigmoid(gates, gate + 3 * units, gate + 4 * units);
            remember(gate, row * units);
            System.arraycopy(cell, row * units, cells, state + batch * units, units);
            Gates.tanh(cell, row * units, tanhCells, state, units);
            reveal(gate + 3 * units, state, state + batch * units);
        }
    }

    private void remember(int gate, int at) {
        int forget = gate + units;
        int candidate = gate + 2 * units;
        for (int i = 0; i < units; i++) {
            cell[at + i] = gates[forget + i] * cell[at + i] + gates[gate + i] * gates[candidate + i];
        }
    }

    private void reveal(int gate, int from, int to) {
        for (int i = 0; i < units; i++) {
            hidden[to + i] = gates[gate + i] * tanhCells[from + i];
        }
    }

    @Override
    void beginBack(Tape tape) {
        if (cellSignal.length == 0) {
            cellSignal = new float[capacity() * units];
        }
        clear(cellSignal, tape.batch() * units);
    }

    @Override
    void retreat(Tape tape, int step) {
        int batch = tape.batch();
        for (int row = 0; row < batch; row++) {
            int state = (step * batch + row) * units;
            retreat((step * batch + row) * width, state, row * units);
        }
        clear(hiddenSignal, batch * units);
    }

    /** One loop for each array that is written, so that none has to fear for another. */
    private void retreat(int gate, int state, int at) {
        float[] to = inputSignal;
        int forget = gate + units;
        int candidate = gate + 2 * units;
        int out = gate + 3 * units;
        for (int i = 0; i < units; i++) {
            float o = gates[out + i];
            to[out + i] = hiddenSignal[at + i] * tanhCells[state + i] * o * (1 - o);
        }
        for (int i = 0; i < units; i++) {
            float t = tanhCells[state + i];
            cellSignal[at + i] += hiddenSignal[at + i] * gates[out + i] * (1 - t * t);
        }
        for (int i = 0; i < units; i++) {
            float value = gates[gate + i];
            to[gate + i] = cellSignal[at + i] * gates[candidate + i] * value * (1 - value);
        }
        for (int i = 0; i < units; i++) {
            float f = gates[forget + i];
            to[forget + i] = cellSignal[at + i] * cells[state + i] * f * (1 - f);
        }
        for (int i = 0; i < units; i++) {
            float g = gates[candidate + i];
            to[candidate + i] = cellSignal[at + i] * gates[gate + i] * (1 - g * g);
        }
        for (int i = 0; i < units; i++) {
            cellSignal[at + i] *= gates[forget + i];
        }
    }

    @Override
    float[] recurrentSignal() {
        return inputSignal;
    }
}

package dev.tacita.nd4j;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Recurrent layers in a graph, one step of the sequence after the other. */
final class DeviceRecurrence {
    private static final int LSTM_GATES = 4;
    private static final int GRU_GATES = 3;

    private final DeviceNode node;
    private final SameDiff graph;
    private final int units;
    private final int steps;

    DeviceRecurrence(DeviceNode node, int units) {
        this.node = node;
        this.units = units;
        graph = node.graph();
        steps = node.inputShape().dimension(0);
    }

    SDVariable lstm(boolean allSteps) {
        SDVariable[] inputs = inputs(LSTM_GATES);
        SDVariable cell = zeros();
        SDVariable hidden = zeros();
        List<SDVariable> seen = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            SDVariable[] gates = gates(inputs[step].add(recurrent(hidden)), LSTM_GATES);
            SDVariable kept = sigmoid(gates[1]).mul(cell);
            cell = kept.add(sigmoid(gates[0]).mul(tanh(gates[2])));
            hidden = sigmoid(gates[3]).mul(tanh(cell));
            seen.add(hidden);
        }
        return output(seen, allSteps);
    }

    SDVariable gru(boolean allSteps) {
        SDVariable[] inputs = inputs(GRU_GATES);
        SDVariable hidden = zeros();
        List<SDVariable> seen = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            SDVariable[] fromInput = gates(inputs[step], GRU_GATES);
            SDVariable[] fromHidden = gates(recurrent(hidden), GRU_GATES);
            SDVariable reset = sigmoid(fromInput[0].add(fromHidden[0]));
            SDVariable update = sigmoid(fromInput[1].add(fromHidden[1]));
            SDVariable proposed = tanh(fromInput[2].add(reset.mul(fromHidden[2])));
            hidden = proposed.add(update.mul(hidden.sub(proposed)));
            seen.add(hidden);
        }
        return output(seen, allSteps);
    }

    /** What the input adds to the gates, of each step. */
    private SDVariable[] inputs(int gates) {
        SDVariable rows = node.input()
                .reshape((long) node.batch() * steps, node.inputShape().dimension(1));
        SDVariable all = DeviceNode.affine(rows, node.parameter(0), node.parameter(2));
        return graph.unstack(all.reshape(node.batch(), steps, (long) gates * units), 1, steps);
    }

    private SDVariable recurrent(SDVariable hidden) {
        return DeviceNode.affine(hidden, node.parameter(1), node.parameter(3));
    }

    private SDVariable[] gates(SDVariable all, int count) {
        return graph.unstack(all.reshape(node.batch(), count, units), 1, count);
    }

    private SDVariable zeros() {
        return graph.constant(Nd4j.zeros(DataType.FLOAT, node.batch(), units));
    }

    private SDVariable sigmoid(SDVariable x) {
        return graph.nn().sigmoid(x);
    }

    private SDVariable tanh(SDVariable x) {
        return graph.math().tanh(x);
    }

    private SDVariable output(List<SDVariable> seen, boolean allSteps) {
        return node.output(
                allSteps ? graph.stack(1, seen.toArray(SDVariable[]::new)) : graph.identity(seen.get(steps - 1)));
    }
}

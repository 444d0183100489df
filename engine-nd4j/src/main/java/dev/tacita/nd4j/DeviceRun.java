package dev.tacita.nd4j;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.ParameterLayout.Slot;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One task on the device: parameters go there once, each piece of a batch goes there once, results come back once. */
final class DeviceRun {
    private final LocalTask task;
    private final Examples examples;
    private final DeviceGraphs graphs;
    private final Traffic traffic;
    private final int piece;
    private final FlatVector parameters;
    private final FlatVector gradient;
    private final INDArray score = Nd4j.zeros(DataType.DOUBLE, 2);
    private final Map<Slot, INDArray> untrained = new LinkedHashMap<>();
    private long scored;

    DeviceRun(LocalTask task, Examples examples, DeviceGraphs graphs, Traffic traffic, int piece) {
        this.task = task;
        this.examples = examples;
        this.graphs = graphs;
        this.traffic = traffic;
        this.piece = piece;
        ParameterLayout layout = task.model().layout();
        parameters = new FlatVector(layout, traffic.in(task.parameters(), layout.size()));
        gradient = new FlatVector(layout, Nd4j.zeros(DataType.FLOAT, layout.size()));
        layout.slots().stream()
                .filter(slot -> !slot.trained())
                .forEach(slot -> untrained.put(slot, parameters.view(slot).dup()));
    }

    /** Leaves the gradient of the mean loss of these examples on the device. */
    void gradient(int[] order, int from, int count) throws InterruptedException {
        gradient.all().assign(0);
        for (int at = from; at < from + count; at += piece) {
            DeviceGraph.Pass pass = pass(order, at, Math.min(piece, from + count - at), true);
            pass.gradients().forEach((slot, values) -> gradient.view(slot).addi(values));
            pass.moved().forEach((slot, values) -> untrained.put(slot, values));
        }
        gradient.all().divi(count);
    }

    /** One step along the gradient; what no optimizer moves gets the values that the passes left for it. */
    void step(DeviceDescent descent, double factor) {
        descent.step(parameters.all(), gradient.all(), factor);
        untrained.forEach((slot, values) -> parameters.view(slot).assign(values));
    }

    void score(int[] order) throws InterruptedException {
        for (int at = 0; at < order.length; at += piece) {
            pass(order, at, Math.min(piece, order.length - at), false);
        }
    }

    private DeviceGraph.Pass pass(int[] order, int from, int count, boolean training) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("training was interrupted");
        }
        int inputSize = examples.inputShape().size();
        float[] inputs = new float[count * inputSize];
        float[] targets = new float[count * examples.targetSize()];
        for (int row = 0; row < count; row++) {
            examples.copyInput(order[from + row], inputs, row * inputSize);
            examples.copyTarget(order[from + row], targets, row * examples.targetSize());
        }
        DeviceGraph.Pass pass = graphs.graph(task.model(), task.loss(), count, training)
                .run(
                        parameters.views(),
                        traffic.in(inputs, DeviceNode.withBatch(count, examples.inputShape())),
                        traffic.in(targets, count, examples.targetSize()));
        score.addi(pass.score());
        scored += count;
        return pass;
    }

    float[] parametersOnHost() {
        return traffic.out(parameters.all());
    }

    float[] gradientOnHost() {
        return traffic.out(gradient.all());
    }

    Evaluation evaluation() {
        double[] sums = traffic.outInDoublePrecision(score);
        return new Evaluation(scored, sums[0], Math.round(sums[1]));
    }
}

package dev.tacita.nd4j;

import dev.tacita.core.model.Sequence;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/** Multi-head self-attention in a graph. */
final class DeviceAttention {
    private static final int PARTS = 3;

    /** Added to the score of what a step may not see; e^(-1e9) is 0. */
    private static final float UNSEEN = -1e9f;

    private DeviceAttention() {}

    static SDVariable output(DeviceNode node, Sequence.SelfAttention layer) {
        SameDiff graph = node.graph();
        int batch = node.batch();
        int steps = node.outputShape().dimension(0);
        int width = node.outputShape().dimension(1);
        int heads = layer.heads();
        int headWidth = width / heads;
        SDVariable rows = node.input().reshape((long) batch * steps, width);
        SDVariable projected = DeviceNode.affine(rows, node.parameter(0), node.parameter(1))
                .reshape(batch, steps, PARTS, heads, headWidth)
                .permute(2, 0, 3, 1, 4)
                .reshape(PARTS, (long) batch * heads, steps, headWidth);
        SDVariable[] parts = graph.unstack(projected, 0, PARTS);
        SDVariable scores = parts[0].mmul(parts[1].permute(0, 2, 1)).mul(1 / Math.sqrt(headWidth));
        if (layer.causal()) {
            scores = scores.add(graph.constant(Nd4j.createFromArray(future(steps))));
        }
        SDVariable weights = graph.nn()
                .softmax(scores.reshape((long) batch * heads * steps, steps), 1)
                .reshape((long) batch * heads, steps, steps);
        SDVariable context = weights.mmul(parts[2])
                .reshape(batch, heads, steps, headWidth)
                .permute(0, 2, 1, 3)
                .reshape((long) batch * steps, width);
        return node.output(DeviceNode.affine(context, node.parameter(2), node.parameter(3)));
    }

    private static float[][][] future(int steps) {
        float[][][] unseen = new float[1][steps][steps];
        for (int step = 0; step < steps; step++) {
            for (int later = step + 1; later < steps; later++) {
                unseen[0][step][later] = UNSEEN;
            }
        }
        return unseen;
    }
}

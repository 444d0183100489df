package dev.tacita.nd4j;

import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Shape;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/** Normalisations in a graph, by means of means. */
final class DeviceNormalizations {
    private final DeviceNode node;
    private List<SDVariable> moved = List.of();

    DeviceNormalizations(DeviceNode node) {
        this.node = node;
    }

    /** What the parameters that no optimizer moves become after a step: running mean and running variance. */
    List<SDVariable> moved() {
        return moved;
    }

    SDVariable batch(Normalization.BatchNorm layer) {
        Shape shape = node.outputShape();
        int channels = shape.dimension(0);
        int plane = shape.size() / channels;
        SDVariable x = node.input().reshape(node.batch(), channels, plane);
        long count = (long) node.batch() * plane;
        SDVariable mean = node.parameter(2).reshape(1, channels, 1);
        SDVariable variance = node.parameter(3).reshape(1, channels, 1);
        if (node.training() && !node.frozen() && count > 1) {
            mean = x.mean(true, 0, 2);
            SDVariable away = x.sub(mean);
            variance = away.mul(away).mean(true, 0, 2);
            moved = List.of(
                    towards(layer, node.running().get(0), mean.reshape(channels)),
                    towards(
                            layer,
                            node.running().get(1),
                            variance.reshape(channels).mul((double) count / (count - 1))));
        } else {
            variance = node.graph().nn().relu(variance, 0);
        }
        SDVariable standard = x.sub(mean).div(root(variance, layer.epsilon()));
        return node.output(scaled(standard, channels));
    }

    private static SDVariable towards(Normalization.BatchNorm layer, SDVariable running, SDVariable seen) {
        return running.mul(1 - layer.momentum()).add(seen.mul(layer.momentum()));
    }

    SDVariable groups(int groups, double epsilon) {
        Shape shape = node.outputShape();
        int channels = shape.dimension(0);
        SDVariable standard = standardise((long) node.batch() * groups, shape.size() / groups, epsilon)
                .reshape(node.batch(), channels, shape.size() / channels);
        return node.output(scaled(standard, channels));
    }

    SDVariable layer(Normalization.LayerNorm layer) {
        Shape shape = node.outputShape();
        int length = 1;
        for (int i = shape.rank() - layer.dimensions(); i < shape.rank(); i++) {
            length *= shape.dimension(i);
        }
        long rows = (long) node.batch() * shape.size() / length;
        return node.output(standardise(rows, length, layer.epsilon())
                .mul(node.parameter(0).reshape(1, length))
                .add(node.parameter(1).reshape(1, length)));
    }

    private SDVariable standardise(long rows, int length, double epsilon) {
        SDVariable x = node.input().reshape(rows, length);
        SDVariable away = x.sub(x.mean(true, 1));
        return away.div(root(away.mul(away).mean(true, 1), epsilon));
    }

    private SDVariable root(SDVariable variance, double epsilon) {
        return node.graph().math().sqrt(variance.add(epsilon));
    }

    private SDVariable scaled(SDVariable standard, int channels) {
        return standard.mul(node.parameter(0).reshape(1, channels, 1))
                .add(node.parameter(1).reshape(1, channels, 1));
    }
}

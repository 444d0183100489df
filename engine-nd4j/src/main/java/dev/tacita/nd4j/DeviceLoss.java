package dev.tacita.nd4j;

import dev.tacita.core.learning.Loss;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A loss in a graph.
 *
 * @param total summed over the examples of the batch
 * @param right how many examples are classified right; 0 for a loss that classifies nothing
 */
record DeviceLoss(SDVariable total, SDVariable right) {
    /** Keeps a power from meeting 0 on its way back. */
    private static final double LEAST = 1e-30;

    /** For outputs (batch, outputs) and targets (batch, targets of an example). */
    static DeviceLoss of(Loss loss, SameDiff graph, int batch, int width, SDVariable outputs, SDVariable targets) {
        SDVariable none = graph.constant(Nd4j.scalar(0f));
        if (loss instanceof Loss.SoftmaxCrossEntropy crossEntropy) {
            SDVariable target = oneHot(graph, targets.reshape(batch), width);
            return new DeviceLoss(
                    crossEntropy(crossEntropy, graph, outputs, target, width), best(graph, outputs, target));
        } else if (loss instanceof Loss.Focal focal) {
            SDVariable target = oneHot(graph, targets.reshape(batch), width);
            return new DeviceLoss(focal(focal.gamma(), graph, outputs, target), best(graph, outputs, target));
        } else if (loss instanceof Loss.BinaryCrossEntropyWithLogits binary) {
            SDVariable weight = targets.mul(binary.positiveWeight() - 1).add(1);
            SDVariable each = DeviceLayers.softplus(graph, outputs).sub(outputs.mul(targets));
            return new DeviceLoss(each.mul(weight).sum(), sides(graph, outputs, targets, width));
        } else if (loss instanceof Loss.Hinge) {
            SDVariable side = targets.mul(2).sub(1);
            SDVariable each = graph.nn().relu(outputs.mul(side).neg().add(1), 0);
            return new DeviceLoss(each.sum(), sides(graph, outputs, targets, width));
        } else if (loss instanceof Loss.MeanSquaredError) {
            SDVariable error = outputs.sub(targets);
            return new DeviceLoss(error.mul(error).sum().div(width), none);
        } else if (loss instanceof Loss.Huber huber) {
            SDVariable error = outputs.sub(targets);
            SDVariable held = DeviceLayers.hold(graph, error, -huber.delta(), huber.delta());
            return new DeviceLoss(held.mul(error.sub(held.mul(0.5))).sum().div(width), none);
        } else if (loss instanceof Loss.CoxPartialLikelihood) {
            return new DeviceLoss(cox(graph, outputs, targets, batch), none);
        }
        throw new IllegalArgumentException("there is no loss " + loss + " on a device");
    }

    private static SDVariable oneHot(SameDiff graph, SDVariable classes, int width) {
        return graph.oneHot(classes.castTo(DataType.INT32), width, 1, 1, 0, DataType.FLOAT);
    }

    private static SDVariable crossEntropy(
            Loss.SoftmaxCrossEntropy loss, SameDiff graph, SDVariable outputs, SDVariable target, int width) {
        SDVariable logs = logSoftmax(graph, outputs);
        double smoothing = loss.labelSmoothing();
        SDVariable each = target.mul(1 - smoothing)
                .add(smoothing / width)
                .mul(logs)
                .sum(1)
                .neg();
        if (loss.classWeights().isEmpty()) {
            return each.sum();
        }
        SDVariable weights = graph.constant(Nd4j.createFromArray(narrow(loss.classWeights())));
        return each.mul(target.mul(weights.reshape(1, width)).sum(1)).sum();
    }

    /** SameDiff's own cannot be differentiated along a given dimension. */
    private static SDVariable logSoftmax(SameDiff graph, SDVariable outputs) {
        SDVariable shifted = outputs.sub(outputs.max(true, 1));
        return shifted.sub(graph.math().log(graph.math().exp(shifted).sum(true, 1)));
    }

    private static float[] narrow(List<Double> values) {
        float[] narrow = new float[values.size()];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = values.get(i).floatValue();
        }
        return narrow;
    }

    /** 1 - p is added up from the other classes, so that a p near 1 keeps its digits. */
    private static SDVariable focal(double gamma, SameDiff graph, SDVariable outputs, SDVariable target) {
        SDVariable log = logSoftmax(graph, outputs).mul(target).sum(1);
        SDVariable rest =
                graph.nn().softmax(outputs, 1).mul(target.neg().add(1)).sum(1).add(LEAST);
        SDVariable ease = gamma == 0 ? log : graph.math().pow(rest, gamma).mul(log);
        return ease.sum().neg();
    }

    private static SDVariable best(SameDiff graph, SDVariable outputs, SDVariable target) {
        SDVariable right = graph.argmax(outputs, 1).eq(graph.argmax(target, 1));
        return right.castTo(DataType.FLOAT).sum();
    }

    /** Whether the highest logit, or a positive one for a single output, is of a target of 1. */
    private static SDVariable sides(SameDiff graph, SDVariable outputs, SDVariable targets, int width) {
        if (width == 1) {
            SDVariable positive = outputs.gt(0).castTo(DataType.FLOAT);
            return positive.eq(targets).castTo(DataType.FLOAT).sum();
        }
        SDVariable highest = graph.oneHot(graph.argmax(outputs, 1), width, 1, 1, 0, DataType.FLOAT);
        return highest.mul(targets).sum();
    }

    /**
     * Efron's rule in matrices of the batch: who is at risk at whose time, and whose event is tied with whose. An event's
     * place among those it is tied with says which share of them is taken out of its risk set.
     */
    private static SDVariable cox(SameDiff graph, SDVariable outputs, SDVariable targets, int batch) {
        SDVariable[] columns = graph.unstack(targets, 1, 2);
        SDVariable event = columns[1].reshape(batch, 1);
        SDVariable own = columns[0].reshape(batch, 1);
        SDVariable others = columns[0].reshape(1, batch);
        SDVariable atRisk = others.gte(own).castTo(DataType.FLOAT);
        SDVariable tied = others.eq(own).castTo(DataType.FLOAT).mul(event).mul(columns[1].reshape(1, batch));
        SDVariable most = outputs.max();
        SDVariable hazards = graph.math().exp(outputs.sub(most));
        SDVariable place =
                tied.mul(graph.constant(Nd4j.createFromArray(before(batch)))).sum(true, 1);
        SDVariable events = tied.sum(true, 1).add(event.neg().add(1));
        SDVariable left = atRisk.mmul(hazards).sub(place.div(events).mul(tied.mmul(hazards)));
        return graph.math().log(left).add(most).sub(outputs).mul(event).sum();
    }

    private static float[][] before(int batch) {
        float[][] before = new float[batch][batch];
        for (int row = 0; row < batch; row++) {
            Arrays.fill(before[row], 0, row, 1f);
        }
        return before;
    }
}

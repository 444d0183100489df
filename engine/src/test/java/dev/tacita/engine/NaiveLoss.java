package dev.tacita.engine;

import dev.tacita.core.learning.Loss;

/** The oracle of losses, straight from their definitions. */
final class NaiveLoss {
    private NaiveLoss() {}

    static double mean(Loss loss, double[] outputs, float[] targets, int batch) {
        if (loss instanceof Loss.CoxPartialLikelihood) {
            return cox(outputs, targets, batch) / batch;
        }
        int width = outputs.length / batch;
        int targetSize = targets.length / batch;
        double sum = 0;
        for (int row = 0; row < batch; row++) {
            double[] output = java.util.Arrays.copyOfRange(outputs, row * width, (row + 1) * width);
            float[] target = java.util.Arrays.copyOfRange(targets, row * targetSize, (row + 1) * targetSize);
            sum += one(loss, output, target);
        }
        return sum / batch;
    }

    /** Of one example, where examples do not mix. */
    static double one(Loss loss, double[] output, float[] target) {
        double sum = 0;
        if (loss instanceof Loss.SoftmaxCrossEntropy crossEntropy) {
            int at = (int) target[0];
            for (int k = 0; k < output.length; k++) {
                double even = crossEntropy.labelSmoothing() / output.length;
                double q = even + (k == at ? 1 - crossEntropy.labelSmoothing() : 0);
                sum -= q == 0 ? 0 : q * Math.log(softmax(output, k));
            }
            return sum
                    * (crossEntropy.classWeights().isEmpty()
                            ? 1
                            : crossEntropy.classWeights().get(at));
        } else if (loss instanceof Loss.Focal focal) {
            double p = softmax(output, (int) target[0]);
            return -Math.pow(1 - p, focal.gamma()) * Math.log(p);
        }
        for (int i = 0; i < output.length; i++) {
            sum += one(loss, output[i], target[i], output.length);
        }
        return sum;
    }

    private static double one(Loss loss, double output, float target, int outputs) {
        double error = Math.abs(output - target);
        if (loss instanceof Loss.BinaryCrossEntropyWithLogits binary) {
            double p = 1 / (1 + Math.exp(-output));
            return target > 0 ? -binary.positiveWeight() * Math.log(p) : -Math.log(1 - p);
        } else if (loss instanceof Loss.Hinge) {
            return Math.max(0, 1 - (2 * target - 1) * output);
        } else if (loss instanceof Loss.Huber huber) {
            double delta = huber.delta();
            return (error <= delta ? error * error / 2 : delta * (error - delta / 2)) / outputs;
        } else if (loss instanceof Loss.MeanSquaredError) {
            return error * error / outputs;
        }
        throw new IllegalArgumentException("the oracle knows no loss " + loss);
    }

    private static double softmax(double[] output, int at) {
        double sum = 0;
        for (double z : output) {
            sum += Math.exp(z - output[at]);
        }
        return 1 / sum;
    }

    private static double cox(double[] scores, float[] targets, int batch) {
        double sum = 0;
        for (int i = 0; i < batch; i++) {
            if (targets[2 * i + 1] == 0) {
                continue;
            }
            double risk = 0;
            double tied = 0;
            int events = 0;
            int earlier = 0;
            for (int j = 0; j < batch; j++) {
                if (targets[2 * j] >= targets[2 * i]) {
                    risk += Math.exp(scores[j]);
                }
                if (targets[2 * j] == targets[2 * i] && targets[2 * j + 1] > 0) {
                    tied += Math.exp(scores[j]);
                    events++;
                    earlier += j < i ? 1 : 0;
                }
            }
            sum += Math.log(risk - (double) earlier / events * tied) - scores[i];
        }
        return sum;
    }
}

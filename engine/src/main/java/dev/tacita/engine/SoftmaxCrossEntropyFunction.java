package dev.tacita.engine;

import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** -weight sum q log softmax(output), with the largest logit taken out first. */
final class SoftmaxCrossEntropyFunction implements LossFunction {
    private final Shape output;
    private final int classWeights;
    private final float[] weights;
    private final double smoothing;

    SoftmaxCrossEntropyFunction(Loss.SoftmaxCrossEntropy loss, Shape output) {
        this.output = output;
        smoothing = loss.labelSmoothing();
        classWeights = loss.classWeights().size();
        weights = weights(loss.classWeights(), output.size());
    }

    private static float[] weights(List<Double> given, int classes) {
        float[] weights = new float[classes];
        Arrays.fill(weights, 1f);
        for (int i = 0; i < Math.min(classes, given.size()); i++) {
            weights[i] = given.get(i).floatValue();
        }
        return weights;
    }

    @Override
    public int targetSize() {
        return 1;
    }

    @Override
    public Optional<String> outputProblem() {
        if (output.rank() != 1 || output.size() < 2) {
            return Optional.of(
                    "softmax cross-entropy needs a vector of at least two logits. Provided shape: " + output);
        }
        return classWeights == 0 || classWeights == output.size()
                ? Optional.empty()
                : Optional.of("class-weights must name one weight for each of the " + output.size()
                        + " classes. Provided value: " + classWeights + " weights");
    }

    @Override
    public Optional<String> targetProblem(float[] targets, int offset) {
        return Classes.problem(targets[offset], output.size());
    }

    @Override
    public void score(float[] outputs, float[] targets, int batch, Score score) {
        int width = output.size();
        for (int row = 0; row < batch; row++) {
            int at = row * width;
            int best = Classes.best(outputs, at, width);
            int target = (int) targets[row];
            double sum = 0;
            double logits = 0;
            for (int i = 0; i < width; i++) {
                sum += Math.exp(outputs[at + i] - outputs[at + best]);
                logits += outputs[at + i];
            }
            double log = Math.log(sum) + outputs[at + best];
            double loss =
                    log - (1 - smoothing) * outputs[at + target] - (smoothing == 0 ? 0 : smoothing * logits / width);
            score.add(weights[target] * loss, best == target);
        }
    }

    @Override
    public void scoreAndSignal(float[] outputs, float[] targets, int batch, Score score, float factor, float[] signal) {
        int width = output.size();
        score(outputs, targets, batch, score);
        for (int row = 0; row < batch; row++) {
            int at = row * width;
            int target = (int) targets[row];
            float most = outputs[at + Classes.best(outputs, at, width)];
            float scaled = factor * weights[target];
            float spread = (float) (scaled * smoothing / width);
            double sum = 0;
            for (int i = 0; i < width; i++) {
                double e = Math.exp(outputs[at + i] - most);
                signal[at + i] = (float) e;
                sum += e;
            }
            for (int i = 0; i < width; i++) {
                signal[at + i] = (float) (scaled * signal[at + i] / sum) - spread;
            }
            signal[at + target] -= (float) (scaled * (1 - smoothing));
        }
    }
}

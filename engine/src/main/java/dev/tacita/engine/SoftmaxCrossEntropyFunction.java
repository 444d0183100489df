package dev.tacita.engine;

import dev.tacita.core.model.Shape;
import java.util.Optional;

/** -log softmax(output)[target], with the largest logit taken out first. */
record SoftmaxCrossEntropyFunction(Shape output) implements LossFunction {
    @Override
    public int targetSize() {
        return 1;
    }

    @Override
    public Optional<String> outputProblem() {
        return output.rank() == 1 && output.size() >= 2
                ? Optional.empty()
                : Optional.of("softmax cross-entropy needs a vector of at least two logits. Provided shape: " + output);
    }

    @Override
    public Optional<String> targetProblem(float[] targets, int offset) {
        float target = targets[offset];
        return target >= 0 && target < output.size() && target == (int) target
                ? Optional.empty()
                : Optional.of("the class must be a whole number from 0 to " + (output.size() - 1) + ". Provided value: "
                        + target);
    }

    @Override
    public void score(float[] outputs, float[] targets, int batch, Score score) {
        int width = output.size();
        for (int row = 0; row < batch; row++) {
            int at = row * width;
            int best = best(outputs, at, width);
            int target = (int) targets[row];
            double sum = 0;
            for (int i = 0; i < width; i++) {
                sum += Math.exp(outputs[at + i] - outputs[at + best]);
            }
            score.add(Math.log(sum) + outputs[at + best] - outputs[at + target], best == target);
        }
    }

    @Override
    public void scoreAndSignal(float[] outputs, float[] targets, int batch, Score score, float factor, float[] signal) {
        int width = output.size();
        score(outputs, targets, batch, score);
        for (int row = 0; row < batch; row++) {
            int at = row * width;
            float most = outputs[at + best(outputs, at, width)];
            double sum = 0;
            for (int i = 0; i < width; i++) {
                double e = Math.exp(outputs[at + i] - most);
                signal[at + i] = (float) e;
                sum += e;
            }
            for (int i = 0; i < width; i++) {
                signal[at + i] = (float) (factor * signal[at + i] / sum);
            }
            signal[at + (int) targets[row]] -= factor;
        }
    }

    static int best(float[] outputs, int at, int width) {
        int best = 0;
        for (int i = 1; i < width; i++) {
            if (outputs[at + i] > outputs[at + best]) {
                best = i;
            }
        }
        return best;
    }
}

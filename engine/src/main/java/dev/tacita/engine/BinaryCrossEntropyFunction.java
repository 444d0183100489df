package dev.tacita.engine;

import java.util.Optional;

/** max(z, 0) - z t + log(1 + e^-|z|), summed over the outputs z with targets t. */
record BinaryCrossEntropyFunction(int targetSize) implements LossFunction {
    @Override
    public Optional<String> outputProblem() {
        return Optional.empty();
    }

    @Override
    public Optional<String> targetProblem(float[] targets, int offset) {
        for (int i = offset; i < offset + targetSize; i++) {
            if (targets[i] != 0 && targets[i] != 1) {
                return Optional.of("a target must be 0 or 1. Provided value: " + targets[i]);
            }
        }
        return Optional.empty();
    }

    @Override
    public void score(float[] outputs, float[] targets, int batch, Score score) {
        for (int row = 0; row < batch; row++) {
            int at = row * targetSize;
            double loss = 0;
            for (int i = at; i < at + targetSize; i++) {
                loss += loss(outputs[i], targets[i], Math.exp(-Math.abs(outputs[i])));
            }
            score.add(loss, isRight(outputs, targets, at));
        }
    }

    @Override
    public void scoreAndSignal(float[] outputs, float[] targets, int batch, Score score, float factor, float[] signal) {
        for (int row = 0; row < batch; row++) {
            int at = row * targetSize;
            double loss = 0;
            for (int i = at; i < at + targetSize; i++) {
                double e = Math.exp(-Math.abs(outputs[i]));
                loss += loss(outputs[i], targets[i], e);
                double probability = (outputs[i] >= 0 ? 1 : e) / (1 + e);
                signal[i] = (float) (factor * (probability - targets[i]));
            }
            score.add(loss, isRight(outputs, targets, at));
        }
    }

    private static double loss(float logit, float target, double e) {
        return Math.max(logit, 0f) - logit * target + Math.log(1 + e);
    }

    private boolean isRight(float[] outputs, float[] targets, int at) {
        if (targetSize == 1) {
            return outputs[at] > 0 == targets[at] > 0;
        }
        return targets[at + SoftmaxCrossEntropyFunction.best(outputs, at, targetSize)] > 0;
    }
}

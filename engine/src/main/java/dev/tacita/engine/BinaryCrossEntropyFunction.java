package dev.tacita.engine;

import java.util.Optional;

/** max(z, 0) - z t + log(1 + e^-|z|), summed over the outputs z with targets t; where t is 1, times a weight. */
record BinaryCrossEntropyFunction(int targetSize, float positiveWeight) implements LossFunction {
    @Override
    public Optional<String> outputProblem() {
        return Optional.empty();
    }

    @Override
    public Optional<String> targetProblem(float[] targets, int offset) {
        return Classes.binaryProblem(targets, offset, targetSize);
    }

    @Override
    public void score(float[] outputs, float[] targets, int batch, Score score) {
        for (int row = 0; row < batch; row++) {
            int at = row * targetSize;
            double loss = 0;
            for (int i = at; i < at + targetSize; i++) {
                loss += loss(outputs[i], targets[i], Math.exp(-Math.abs(outputs[i])));
            }
            score.add(loss, Classes.isRight(outputs, targets, at, targetSize));
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
                signal[i] = (float) (factor * weight(targets[i]) * (probability - targets[i]));
            }
            score.add(loss, Classes.isRight(outputs, targets, at, targetSize));
        }
    }

    private float weight(float target) {
        return target > 0 ? positiveWeight : 1f;
    }

    private double loss(float logit, float target, double e) {
        return weight(target) * (Math.max(logit, 0f) - logit * target + Math.log(1 + e));
    }
}

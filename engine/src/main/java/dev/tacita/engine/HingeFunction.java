package dev.tacita.engine;

import java.util.Optional;

/** max(0, 1 - s z), summed over the outputs z; s is 1 for a target of 1, else -1. Where it bends, the slope is 0. */
record HingeFunction(int targetSize) implements LossFunction {
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
                loss += Math.max(0.0, 1 - (double) side(targets[i]) * outputs[i]);
            }
            score.add(loss, Classes.isRight(outputs, targets, at, targetSize));
        }
    }

    @Override
    public void scoreAndSignal(float[] outputs, float[] targets, int batch, Score score, float factor, float[] signal) {
        score(outputs, targets, batch, score);
        for (int i = 0; i < batch * targetSize; i++) {
            float side = side(targets[i]);
            signal[i] = side * outputs[i] < 1 ? -factor * side : 0f;
        }
    }

    private static float side(float target) {
        return target > 0 ? 1f : -1f;
    }
}

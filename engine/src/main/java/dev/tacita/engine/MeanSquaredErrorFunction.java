package dev.tacita.engine;

import java.util.Optional;

/** (output - target)^2, averaged over the outputs. */
record MeanSquaredErrorFunction(int targetSize) implements LossFunction {
    @Override
    public Optional<String> outputProblem() {
        return Optional.empty();
    }

    @Override
    public Optional<String> targetProblem(float[] targets, int offset) {
        return Classes.numberProblem(targets, offset, targetSize);
    }

    @Override
    public void score(float[] outputs, float[] targets, int batch, Score score) {
        for (int row = 0; row < batch; row++) {
            int at = row * targetSize;
            double sum = 0;
            for (int i = at; i < at + targetSize; i++) {
                double error = (double) outputs[i] - targets[i];
                sum += error * error;
            }
            score.add(sum / targetSize, false);
        }
    }

    @Override
    public void scoreAndSignal(float[] outputs, float[] targets, int batch, Score score, float factor, float[] signal) {
        score(outputs, targets, batch, score);
        float slope = 2 * factor / targetSize;
        for (int i = 0; i < batch * targetSize; i++) {
            signal[i] = slope * (outputs[i] - targets[i]);
        }
    }
}

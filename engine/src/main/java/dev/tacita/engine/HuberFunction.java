package dev.tacita.engine;

import java.util.Optional;

/** e^2 / 2 near 0, delta (|e| - delta / 2) beyond delta, averaged over the outputs. */
record HuberFunction(int targetSize, double delta) implements LossFunction {
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
                double error = Math.abs((double) outputs[i] - targets[i]);
                sum += error <= delta ? error * error / 2 : delta * (error - delta / 2);
            }
            score.add(sum / targetSize, false);
        }
    }

    @Override
    public void scoreAndSignal(float[] outputs, float[] targets, int batch, Score score, float factor, float[] signal) {
        score(outputs, targets, batch, score);
        float scale = factor / targetSize;
        for (int i = 0; i < batch * targetSize; i++) {
            double error = (double) outputs[i] - targets[i];
            signal[i] = (float) (scale * Math.max(-delta, Math.min(delta, error)));
        }
    }
}

package dev.tacita.core.optimizer;

/** Takes the steps of another optimizer along g + drift + proximal * (w - w0). */
final class CorrectedOptimizer implements Optimizer {
    private final Optimizer optimizer;
    private final float[] start;
    private final float[] drift;
    private final float proximal;
    private final float[] corrected;

    /** @param drift empty for none */
    CorrectedOptimizer(Optimizer optimizer, float[] start, float[] drift, double proximal) {
        this.optimizer = optimizer;
        this.start = start;
        this.drift = drift;
        this.proximal = (float) proximal;
        corrected = new float[start.length];
    }

    @Override
    public void step(float[] parameters, float[] gradient, double factor) {
        for (int i = 0; i < corrected.length; i++) {
            corrected[i] = gradient[i] + proximal * (parameters[i] - start[i]);
        }
        for (int i = 0; i < drift.length; i++) {
            corrected[i] += drift[i];
        }
        optimizer.step(parameters, corrected, factor);
    }
}

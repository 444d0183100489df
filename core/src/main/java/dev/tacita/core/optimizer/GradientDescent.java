package dev.tacita.core.optimizer;

/** w -= learningRate * g. */
record GradientDescent(double learningRate) implements Optimizer {
    @Override
    public void step(float[] parameters, float[] gradient, double factor) {
        float rate = (float) (learningRate * factor);
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] -= rate * gradient[i];
        }
    }
}

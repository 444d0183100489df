package dev.tacita.engine;

/** w -= learningRate * g. */
record GradientDescent(float learningRate) implements Optimizer {
    @Override
    public void step(float[] parameters, float[] gradient) {
        float rate = learningRate;
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] -= rate * gradient[i];
        }
    }
}

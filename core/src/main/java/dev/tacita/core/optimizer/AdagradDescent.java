package dev.tacita.core.optimizer;

import dev.tacita.core.learning.OptimizerSpec;

/** Adagrad (Duchi, Hazan and Singer 2011, diagonal form). */
final class AdagradDescent implements Optimizer {
    private final OptimizerSpec.Adagrad spec;
    private final float[] square;

    AdagradDescent(OptimizerSpec.Adagrad spec, int size) {
        this.spec = spec;
        square = new float[size];
    }

    @Override
    public void step(float[] parameters, float[] gradient, double factor) {
        float rate = (float) (factor * spec.learningRate());
        float epsilon = (float) spec.epsilon();
        for (int i = 0; i < parameters.length; i++) {
            square[i] += gradient[i] * gradient[i];
            parameters[i] -= rate * gradient[i] / ((float) Math.sqrt(square[i]) + epsilon);
        }
    }
}

package dev.tacita.core.optimizer;

import dev.tacita.core.learning.OptimizerSpec;

/** RMSProp (Tieleman and Hinton 2012, lecture 6.5). */
final class RmsPropDescent implements Optimizer {
    private final OptimizerSpec.RmsProp spec;
    private final float[] square;

    RmsPropDescent(OptimizerSpec.RmsProp spec, int size) {
        this.spec = spec;
        square = new float[size];
    }

    @Override
    public void step(float[] parameters, float[] gradient, double factor) {
        float decay = (float) spec.decay();
        float rest = (float) (1 - spec.decay());
        float rate = (float) (factor * spec.learningRate());
        float epsilon = (float) spec.epsilon();
        for (int i = 0; i < parameters.length; i++) {
            square[i] = decay * square[i] + rest * gradient[i] * gradient[i];
            parameters[i] -= rate * gradient[i] / ((float) Math.sqrt(square[i]) + epsilon);
        }
    }
}

package dev.tacita.core.optimizer;

import dev.tacita.core.learning.OptimizerSpec;

/** Gradient descent with momentum (Polyak 1964), Nesterov's variant as Sutskever et al. 2013 have it, weight decay. */
final class MomentumDescent implements Optimizer {
    private final double learningRate;
    private final float momentum;
    private final float decay;
    private final boolean nesterov;
    private final float[] velocity;

    MomentumDescent(OptimizerSpec.Sgd spec, int size) {
        learningRate = spec.learningRate();
        momentum = (float) spec.momentum();
        decay = (float) spec.weightDecay();
        nesterov = spec.nesterov();
        velocity = new float[size];
    }

    @Override
    public void step(float[] parameters, float[] gradient, double factor) {
        float rate = (float) (learningRate * factor);
        if (nesterov) {
            for (int i = 0; i < parameters.length; i++) {
                float slope = gradient[i] + decay * parameters[i];
                velocity[i] = momentum * velocity[i] + slope;
                parameters[i] -= rate * (slope + momentum * velocity[i]);
            }
        } else {
            for (int i = 0; i < parameters.length; i++) {
                velocity[i] = momentum * velocity[i] + gradient[i] + decay * parameters[i];
                parameters[i] -= rate * velocity[i];
            }
        }
    }
}

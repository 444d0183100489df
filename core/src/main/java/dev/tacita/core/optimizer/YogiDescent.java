package dev.tacita.core.optimizer;

import dev.tacita.core.learning.OptimizerSpec;

/** Yogi (Zaheer et al. 2018, algorithm 2) with Adam's bias correction. */
final class YogiDescent implements Optimizer {
    private final OptimizerSpec.Yogi spec;
    private final float[] mean;
    private final float[] square;
    private int steps;

    YogiDescent(OptimizerSpec.Yogi spec, int size) {
        this.spec = spec;
        mean = new float[size];
        square = new float[size];
    }

    @Override
    public void step(float[] parameters, float[] gradient, double factor) {
        steps++;
        float beta1 = (float) spec.beta1();
        float rest1 = (float) (1 - spec.beta1());
        float rest2 = (float) (1 - spec.beta2());
        float epsilon = (float) spec.epsilon();
        float rate = (float) (factor * spec.learningRate() / (1 - Math.pow(spec.beta1(), steps)));
        float squareCorrection = (float) (1 / (1 - Math.pow(spec.beta2(), steps)));
        for (int i = 0; i < parameters.length; i++) {
            float slope = gradient[i];
            float slopeSquare = slope * slope;
            mean[i] = beta1 * mean[i] + rest1 * slope;
            square[i] -= rest2 * Math.signum(square[i] - slopeSquare) * slopeSquare;
            parameters[i] -= rate * mean[i] / ((float) Math.sqrt(square[i] * squareCorrection) + epsilon);
        }
    }
}

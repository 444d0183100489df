package dev.tacita.core.optimizer;

import dev.tacita.core.learning.OptimizerSpec;

/** Adam (Kingma and Ba 2015, algorithm 1), and with decay of its own AdamW (Loshchilov and Hutter 2019, algorithm 2). */
final class AdamDescent implements Optimizer {
    private final OptimizerSpec.Adam spec;
    private final float[] mean;
    private final float[] square;
    private final double decoupledDecay;
    private int steps;

    private AdamDescent(OptimizerSpec.Adam spec, double decoupledDecay, int size) {
        this.spec = spec;
        this.decoupledDecay = decoupledDecay;
        mean = new float[size];
        square = new float[size];
    }

    static AdamDescent of(OptimizerSpec.Adam spec, int size) {
        return new AdamDescent(spec, 0, size);
    }

    static AdamDescent of(OptimizerSpec.AdamW spec, int size) {
        var moments = new OptimizerSpec.Adam(spec.learningRate(), spec.beta1(), spec.beta2(), spec.epsilon(), 0);
        return new AdamDescent(moments, spec.weightDecay(), size);
    }

    @Override
    public void step(float[] parameters, float[] gradient, double factor) {
        steps++;
        float beta1 = (float) spec.beta1();
        float beta2 = (float) spec.beta2();
        float rest1 = (float) (1 - spec.beta1());
        float rest2 = (float) (1 - spec.beta2());
        float decay = (float) spec.weightDecay();
        float keep = (float) (1 - factor * spec.learningRate() * decoupledDecay);
        float epsilon = (float) spec.epsilon();
        float rate = (float) (factor * spec.learningRate() / (1 - Math.pow(spec.beta1(), steps)));
        float squareCorrection = (float) (1 / (1 - Math.pow(spec.beta2(), steps)));
        for (int i = 0; i < parameters.length; i++) {
            float slope = gradient[i] + decay * parameters[i];
            mean[i] = beta1 * mean[i] + rest1 * slope;
            square[i] = beta2 * square[i] + rest2 * slope * slope;
            parameters[i] =
                    keep * parameters[i] - rate * mean[i] / ((float) Math.sqrt(square[i] * squareCorrection) + epsilon);
        }
    }
}

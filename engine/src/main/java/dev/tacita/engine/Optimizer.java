package dev.tacita.engine;

import dev.tacita.core.learning.OptimizerSpec;

/** Turns gradients into steps; holds the state of one site's training in one round. */
interface Optimizer {
    /** Changes the parameters by one step along the gradient, at {@code factor} times the learning rate. */
    void step(float[] parameters, float[] gradient, double factor);

    /** A fresh one for {@code size} parameters. */
    static Optimizer of(OptimizerSpec spec, int size) {
        if (spec instanceof OptimizerSpec.Sgd sgd) {
            return sgd.momentum() == 0 && sgd.weightDecay() == 0
                    ? new GradientDescent(sgd.learningRate())
                    : new MomentumDescent(sgd, size);
        } else if (spec instanceof OptimizerSpec.Adam adam) {
            return AdamDescent.of(adam, size);
        } else if (spec instanceof OptimizerSpec.AdamW adam) {
            return AdamDescent.of(adam, size);
        } else if (spec instanceof OptimizerSpec.Yogi yogi) {
            return new YogiDescent(yogi, size);
        } else if (spec instanceof OptimizerSpec.RmsProp rmsProp) {
            return new RmsPropDescent(rmsProp, size);
        } else if (spec instanceof OptimizerSpec.Adagrad adagrad) {
            return new AdagradDescent(adagrad, size);
        }
        throw new IllegalArgumentException("the engine knows no optimizer " + spec);
    }
}

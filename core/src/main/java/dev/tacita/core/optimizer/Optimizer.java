package dev.tacita.core.optimizer;

import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.ParameterLayout;

/**
 * Turns gradients into steps; holds the state of one training. The same calls in the same order give the same bits. An
 * instance belongs to one thread at a time.
 */
public interface Optimizer {
    /**
     * Changes the parameters by one step along the gradient, at {@code factor} times the learning rate.
     *
     * @param parameters changed in place
     * @param gradient of the same length; not changed
     * @param factor at least 0
     */
    void step(float[] parameters, float[] gradient, double factor);

    /** A fresh one for {@code size} parameters, all of which it moves. */
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
        throw new IllegalArgumentException("there is no optimizer for " + spec);
    }

    /**
     * A fresh one for a model: parameters that are not trained stay the same bits, whatever the gradient says of them.
     */
    static Optimizer of(OptimizerSpec spec, ParameterLayout layout) {
        return FrozenOptimizer.around(of(spec, layout.size()), layout);
    }

    /**
     * A fresh one for a task's training. Where the task has a drift or its work a pull to the parameters received, gradients
     * are corrected before they become steps: g + drift + proximal * (w - w0). Without, it is the same as that of the
     * {@linkplain #of(OptimizerSpec, ParameterLayout) model}, to the bit.
     */
    static Optimizer of(LocalTask task, LocalWork.Train work) {
        ParameterLayout layout = task.model().layout();
        return task.correctsGradients()
                ? FrozenOptimizer.around(
                        new CorrectedOptimizer(
                                of(work.optimizer(), layout.size()), task.parameters(), task.drift(), work.proximal()),
                        layout)
                : of(work.optimizer(), layout);
    }
}

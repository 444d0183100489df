package dev.tacita.core.optimizer;

import dev.tacita.core.model.ParameterLayout;
import java.util.List;

/** Takes the steps of another optimizer and puts back what is not trained, whatever momentum or decay did to it. */
final class FrozenOptimizer implements Optimizer {
    private final Optimizer optimizer;
    private final List<ParameterLayout.Slot> untrained;
    private final float[] kept;

    private FrozenOptimizer(Optimizer optimizer, List<ParameterLayout.Slot> untrained, float[] kept) {
        this.optimizer = optimizer;
        this.untrained = untrained;
        this.kept = kept;
    }

    /** The optimizer itself where everything is trained. */
    static Optimizer around(Optimizer optimizer, ParameterLayout layout) {
        List<ParameterLayout.Slot> untrained =
                layout.slots().stream().filter(slot -> !slot.trained()).toList();
        return untrained.isEmpty() ? optimizer : new FrozenOptimizer(optimizer, untrained, new float[layout.size()]);
    }

    @Override
    public void step(float[] parameters, float[] gradient, double factor) {
        copy(parameters, kept);
        optimizer.step(parameters, gradient, factor);
        copy(kept, parameters);
    }

    private void copy(float[] from, float[] to) {
        for (int i = 0; i < untrained.size(); i++) {
            ParameterLayout.Slot slot = untrained.get(i);
            System.arraycopy(from, slot.offset(), to, slot.offset(), slot.length());
        }
    }
}

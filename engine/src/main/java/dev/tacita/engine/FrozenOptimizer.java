package dev.tacita.engine;

import dev.tacita.core.model.ParameterLayout;
import java.util.List;

/** Takes the steps of another optimizer and puts the frozen parameters back, whatever momentum or decay did to them. */
final class FrozenOptimizer implements Optimizer {
    private final Optimizer optimizer;
    private final List<ParameterLayout.Slot> frozen;
    private final float[] kept;

    private FrozenOptimizer(Optimizer optimizer, List<ParameterLayout.Slot> frozen, float[] kept) {
        this.optimizer = optimizer;
        this.frozen = frozen;
        this.kept = kept;
    }

    /** The optimizer itself where nothing is frozen. */
    static Optimizer around(Optimizer optimizer, ParameterLayout layout, float[] parameters) {
        List<ParameterLayout.Slot> frozen =
                layout.slots().stream().filter(ParameterLayout.Slot::frozen).toList();
        return frozen.isEmpty() ? optimizer : new FrozenOptimizer(optimizer, frozen, parameters.clone());
    }

    @Override
    public void step(float[] parameters, float[] gradient) {
        optimizer.step(parameters, gradient);
        for (int i = 0; i < frozen.size(); i++) {
            ParameterLayout.Slot slot = frozen.get(i);
            System.arraycopy(kept, slot.offset(), parameters, slot.offset(), slot.length());
        }
    }
}

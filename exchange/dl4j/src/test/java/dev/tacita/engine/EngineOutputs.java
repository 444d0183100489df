package dev.tacita.engine;

import dev.tacita.core.model.ModelSpec;
import dev.tacita.engine.kernel.JavaKernels;
import java.util.Arrays;

/** What the engine computes. */
public final class EngineOutputs {
    private EngineOutputs() {}

    /** The outputs for these inputs, one example after the other. */
    public static float[] of(ModelSpec model, float[] parameters, float[] inputs) {
        int count = inputs.length / model.inputs().get(0).shape().size();
        CompiledPlan plan = new CompiledPlan(model, count, new JavaKernels());
        System.arraycopy(inputs, 0, plan.input(0), 0, inputs.length);
        return Arrays.copyOf(
                plan.forward(parameters, count, false),
                count * model.outputShape().size());
    }
}

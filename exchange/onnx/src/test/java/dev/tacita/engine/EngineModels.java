package dev.tacita.engine;

import dev.tacita.core.learning.Examples;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.engine.kernel.JavaKernels;
import java.util.Arrays;
import java.util.Map;

/** The engine's sample models, and their outputs as the engine computes them. */
public final class EngineModels {
    private EngineModels() {}

    /** A model for each layer and each of its settings, by name. */
    public static Map<String, ModelSpec> all() {
        return SampleModels.all();
    }

    /** Random parameters. */
    public static float[] parameters(ModelSpec model, long seed) {
        return Cases.parameters(model, seed);
    }

    /** Random inputs that the model can take, one example after the other. */
    public static float[] inputs(ModelSpec model, int count, long seed) {
        Examples examples = Cases.examples(model, Cases.SQUARED, count, seed);
        int size = examples.inputShape().size();
        float[] inputs = new float[count * size];
        for (int i = 0; i < count; i++) {
            examples.copyInput(i, inputs, i * size);
        }
        return inputs;
    }

    /** The outputs for these inputs, one example after the other. */
    public static float[] outputs(ModelSpec model, float[] parameters, float[] inputs) {
        int count = inputs.length / model.inputs().get(0).shape().size();
        CompiledPlan plan = new CompiledPlan(model, count, new JavaKernels());
        System.arraycopy(inputs, 0, plan.input(0), 0, inputs.length);
        return Arrays.copyOf(
                plan.forward(parameters, count, false),
                count * model.outputShape().size());
    }
}

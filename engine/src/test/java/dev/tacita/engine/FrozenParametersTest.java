package dev.tacita.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.ParameterLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrozenParametersTest {
    @Test
    void frozenParametersStayTheSameBitsUnderMomentumAndDecay() throws Exception {
        for (OptimizerSpec spec : List.of(
                OptimizerSpec.Sgd.of(0.1),
                new OptimizerSpec.Sgd(0.1, 0.9, true, 0.1),
                new OptimizerSpec.Adam(0.01, 0.9, 0.99, 1e-8, 0.1))) {
            for (String name : List.of("frozen first layers", "frozen and shared", "frozen between trained layers")) {
                ModelSpec model = SampleModels.named(name);
                float[] parameters = Cases.parameters(model, 1);
                float[] update = new EngineTrainer()
                        .train(
                                Cases.task(model, Cases.SQUARED, Cases.steps(spec, 5, 4), parameters),
                                Cases.examples(model, Cases.SQUARED, 9, 2))
                        .update()
                        .valuesInTheClear();
                for (ParameterLayout.Slot slot : model.layout().slots()) {
                    int moved = 0;
                    for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
                        moved += update[i] == 0 ? 0 : 1;
                    }
                    assertThat(moved).as("%s, %s, %s", name, slot, spec).isEqualTo(slot.frozen() ? 0 : slot.length());
                }
            }
        }
    }
}

package dev.tacita.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Shape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Plain gradient descent, whose steps operations take themselves, beside an optimizer that moves all parameters at once. */
class DescentTest {
    private static final OptimizerSpec PLAIN = OptimizerSpec.Sgd.of(0.05);

    /** As good as none, but a step of an optimizer. */
    private static final OptimizerSpec WITH_MOMENTUM = new OptimizerSpec.Sgd(0.05, 1e-30, false, 0);

    private final EngineTrainer trainer = new EngineTrainer();

    private static Map<String, ModelSpec> models() {
        Map<String, ModelSpec> models = new TreeMap<>(SampleModels.all());
        models.put("large dense layers", Models.mcMahan2nn());
        models.put("LeNet-5", Models.leNet5());
        models.put("a large dense layer beside another path", residual());
        return models;
    }

    private static ModelSpec residual() {
        return SampleModels.graph(
                Shape.of(70),
                new Node("a", Layer.Dense.of(72), List.of("x")),
                new Node("b", SampleModels.TANH, List.of("a")),
                new Node("c", Layer.Dense.of(72), List.of("b")),
                new Node("d", Layer.Dense.of(72), List.of("b")),
                new Node("sum", new Layer.Add(), List.of("b", "c", "d")),
                new Node("e", Layer.Dense.of(3), List.of("sum")));
    }

    @Test
    void stepsOfOperationsAreThoseOfAnOptimizer() throws InterruptedException {
        for (Map.Entry<String, ModelSpec> each : models().entrySet()) {
            ModelSpec model = each.getValue();
            float[] expected = trained(trainer, model, WITH_MOMENTUM, 1);
            float[] actual = trained(trainer, model, PLAIN, 1);
            double most = 1e-3;
            double worst = 0;
            for (int i = 0; i < expected.length; i++) {
                most = Math.max(most, Math.abs(expected[i]));
                worst = Math.max(worst, Math.abs(expected[i] - actual[i]));
            }
            assertThat(worst / most).as(each.getKey()).isLessThan(1e-4);
        }
    }

    @Test
    void aTrainerThatHasBeenUsedGivesTheBitsOfANewOne() throws InterruptedException {
        ModelSpec model = residual();
        float[] first = trained(new EngineTrainer(), model, PLAIN, 1);
        trained(trainer, model, PLAIN, 2);
        trained(trainer, model, WITH_MOMENTUM, 3);
        assertThat(trained(trainer, model, PLAIN, 1)).isEqualTo(first);
    }

    private static float[] trained(EngineTrainer trainer, ModelSpec model, OptimizerSpec optimizer, long seed)
            throws InterruptedException {
        LocalTask task = Cases.task(model, Cases.SOFTMAX, Cases.epochs(optimizer, 1, 5), Cases.parameters(model, seed));
        return trainer.train(task, Cases.examples(model, Cases.SOFTMAX, 13, seed))
                .update()
                .valuesInTheClear();
    }
}

package dev.tacita.engine;

import static dev.tacita.engine.Cases.BINARY;
import static dev.tacita.engine.Cases.SOFTMAX;
import static dev.tacita.engine.Cases.SQUARED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.engine.kernel.BlasKernels;
import dev.tacita.engine.kernel.JavaKernels;
import dev.tacita.engine.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GradientTest {
    private static final List<Kernels> KERNELS =
            List.of(new JavaKernels(), BlasKernels.create(), BlasKernels.openBlas());

    static Stream<Arguments> modelsAndLosses() {
        List<Arguments> cases = new ArrayList<>();
        SampleModels.all().forEach((name, model) -> {
            for (Loss loss : List.of(SOFTMAX, BINARY, SQUARED)) {
                for (int batch : new int[] {1, 5}) {
                    cases.add(Arguments.of(name, model, loss, batch));
                }
            }
        });
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}, {2}, batch {3}")
    @MethodSource("modelsAndLosses")
    void gradientsAgreeWithFiniteDifferencesOfTheOracle(String name, ModelSpec model, Loss loss, int batch)
            throws Exception {
        float[] parameters = Cases.parameters(model, 3);
        Examples examples = Cases.examples(model, loss, batch, 5);
        NaiveModel oracle = new NaiveModel(model, loss);
        double[] expected = oracle.meanGradient(Cases.widen(parameters), examples);
        model.layout().slots().stream()
                .filter(ParameterLayout.Slot::frozen)
                .forEach(slot -> Arrays.fill(expected, slot.offset(), slot.offset() + slot.length(), 0));
        double scale = 1e-2;
        for (double value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        for (Kernels kernels : KERNELS) {
            LocalTask task = Cases.task(model, loss, new LocalWork.Gradient(), parameters);
            LocalResult result = new EngineTrainer(kernels).train(task, examples);
            assertThat(result.training().loss())
                    .isCloseTo(oracle.meanLoss(Cases.widen(parameters), examples), within(2e-6));
            float[] actual = result.update().valuesInTheClear();
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) actual[i])
                        .as("%s, parameter %d, %s", name, i, kernels)
                        .isCloseTo(expected[i], within((kernels instanceof JavaKernels ? 2e-6 : 4e-6) * scale));
            }
        }
    }

    @Test
    void theModelsOfMcMahanAgreeWithTheOracleAtRandomParameters() throws Exception {
        for (ModelSpec model : List.of(Models.mcMahan2nn(), Models.mcMahanCnn())) {
            float[] parameters = Cases.parameters(model, 1);
            Examples examples = Cases.examples(model, SOFTMAX, 2, 2);
            NaiveModel oracle = new NaiveModel(model, SOFTMAX);
            LocalTask task = Cases.task(model, SOFTMAX, new LocalWork.Gradient(), parameters);
            float[] actual = new EngineTrainer().train(task, examples).update().valuesInTheClear();
            Random random = new Random(9);
            for (int draw = 0; draw < 8; draw++) {
                int slot = random.nextInt(model.layout().slots().size());
                int index = model.layout().slots().get(slot).offset()
                        + random.nextInt(model.layout().slots().get(slot).length());
                assertThat((double) actual[index])
                        .as("parameter %d", index)
                        .isCloseTo(oracle.slope(Cases.widen(parameters), examples, index), within(2e-5));
            }
        }
    }
}

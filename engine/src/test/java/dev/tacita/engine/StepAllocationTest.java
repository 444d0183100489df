package dev.tacita.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StepAllocationTest {
    private static final int BATCH = 4;

    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of("logistic regression", Models.logisticRegression(13, 1), Cases.BINARY, 2000),
                Arguments.of("2NN", Models.mcMahan2nn(), Cases.SOFTMAX, 60),
                Arguments.of("CNN", Models.mcMahanCnn(), Cases.SOFTMAX, 8),
                Arguments.of("LeNet-5", Models.leNet5(), Cases.SOFTMAX, 40));
    }

    /** What a call allocates once is in both measurements, and so falls out of their difference. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void aWarmStepLeavesLessThanAKibibyteOfGarbage(String name, ModelSpec model, Loss loss, int steps)
            throws InterruptedException {
        EngineTrainer trainer = new EngineTrainer();
        Examples examples = Cases.examples(model, loss, 3 * BATCH + 1, 5);
        allocated(trainer, model, loss, examples, steps);
        long few = allocated(trainer, model, loss, examples, steps);
        long many = allocated(trainer, model, loss, examples, 2 * steps);
        assertThat((many - few) / steps).as("bytes a step").isLessThan(1024);
    }

    private static long allocated(EngineTrainer trainer, ModelSpec model, Loss loss, Examples examples, int steps)
            throws InterruptedException {
        LocalTask task = Cases.task(
                model, loss, Cases.steps(OptimizerSpec.Sgd.of(0.01), steps, BATCH), Cases.parameters(model, 3));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        trainer.train(task, examples);
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }
}

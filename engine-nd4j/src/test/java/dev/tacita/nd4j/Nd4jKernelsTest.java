package dev.tacita.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.engine.kernel.ConvolutionsContract;
import dev.tacita.engine.kernel.JavaKernels;
import dev.tacita.engine.kernel.Kernels;
import dev.tacita.engine.kernel.ProductsContract;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class Nd4jKernelsTest {
    @Nested
    class Products extends ProductsContract {
        @Override
        protected Kernels kernels() {
            return new Nd4jKernels();
        }
    }

    @Nested
    class Convolutions extends ConvolutionsContract {
        @Override
        protected Kernels kernels() {
            return new Nd4jKernels();
        }
    }

    @Test
    void gradientsOfAModelAgreeWithThoseOfPlainLoops() throws InterruptedException {
        ModelSpec model = Models.leNet5();
        Random random = new Random(1);
        float[] inputs = new float[5 * 28 * 28];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.nextFloat();
        }
        Examples examples = new ArrayExamples(model.inputs().get(0).shape(), 1, inputs, new float[] {3, 1, 4, 1, 5});
        LocalTask task = new LocalTask(
                model,
                new Loss.SoftmaxCrossEntropy(),
                new LocalWork.Gradient(),
                model.layout().initialValues(SeedStream.of(2)),
                SeedStream.of(3));
        float[] expected = gradient(new JavaKernels(), task, examples);
        float[] actual = gradient(new Nd4jKernels(), task, examples);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("parameter " + i).isCloseTo(expected[i], within(1e-5f));
        }
    }

    private static float[] gradient(Kernels kernels, LocalTask task, Examples examples) throws InterruptedException {
        return new EngineTrainer(kernels).train(task, examples).update().valuesInTheClear();
    }
}

package dev.tacita.engine;

import static dev.tacita.engine.Cases.SOFTMAX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Transformer;
import dev.tacita.core.number.SeedStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TransformerTest {
    private static final int LENGTH = 6;

    private final EngineTrainer trainer = new EngineTrainer();

    @Test
    void gradientsOfATextTransformerAgreeWithFiniteDifferencesOfTheOracle() throws Exception {
        ModelSpec model = Transformer.text(5, LENGTH, 4, 2, 2, 3);
        float[] parameters = Cases.parameters(model, 1);
        Examples examples = Cases.examples(model, SOFTMAX, 3, 2);
        LocalTask task = Cases.task(model, SOFTMAX, new LocalWork.Gradient(), parameters);
        float[] actual = trainer.train(task, examples).update().valuesInTheClear();
        double[] expected = new NaiveModel(model, SOFTMAX).meanGradient(Cases.widen(parameters), examples);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).as("parameter %d", i).isCloseTo(expected[i], within(5e-6));
        }
    }

    @Test
    void aTextTransformerLearnsWhetherTheFirstTokenComesAgain() throws Exception {
        ModelSpec model = Transformer.text(8, LENGTH, 16, 2, 1, 2);
        OptimizerSpec adam = new OptimizerSpec.Adam(0.003, 0.9, 0.999, 1e-8, 0);
        float[] start = model.layout().initialValues(SeedStream.of(1));
        LocalTask task = Cases.task(model, SOFTMAX, Cases.epochs(adam, 24, 32), start);
        float[] trained = trainer.train(task, examples(4096, 1)).update().valuesInTheClear();
        for (int i = 0; i < trained.length; i++) {
            trained[i] += start[i];
        }
        LocalTask test = Cases.task(model, SOFTMAX, new LocalWork.Gradient(), trained);
        assertThat(trainer.evaluate(test, examples(2048, 2)).accuracy()).isGreaterThan(0.95);
    }

    private static Examples examples(int count, long seed) {
        Random random = new Random(seed);
        float[] tokens = new float[count * LENGTH];
        float[] targets = new float[count];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = random.nextInt(8);
        }
        for (int i = 0; i < count; i++) {
            for (int step = 1; step < LENGTH; step++) {
                targets[i] = tokens[i * LENGTH + step] == tokens[i * LENGTH] ? 1 : targets[i];
            }
        }
        return new ArrayExamples(Shape.of(LENGTH), 1, tokens, targets);
    }

    @Test
    void aWidthThatTheHeadsDoNotDivideIsRefusedWithItsBlock() {
        assertThatThrownBy(() -> Transformer.text(5, LENGTH, 6, 4, 1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("node 'block-1-attention'")
                .hasMessageContaining("must be a multiple of its heads, 4");
    }
}

package dev.tacita.engine;

import static dev.tacita.engine.Cases.SOFTMAX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.Blocks;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.ParameterLayout.Slot;
import dev.tacita.core.model.ResNet;
import dev.tacita.core.model.Shape;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResNetTest {
    @ParameterizedTest
    @EnumSource
    void gradientsAgreeWithTheOracleAtRandomParameters(ResNet.Stem stem) throws Exception {
        int side = stem == ResNet.Stem.SMALL ? 8 : 16;
        ModelSpec model = ResNet.resNet18(stem, Shape.of(1, side, side), 2, 3, Blocks.groupNorm(1));
        float[] parameters = Cases.parameters(model, 1);
        Examples examples = Cases.examples(model, SOFTMAX, 2, 2);
        NaiveModel oracle = new NaiveModel(model, SOFTMAX);
        float[] actual = new EngineTrainer()
                .train(Cases.task(model, SOFTMAX, new LocalWork.Gradient(), parameters), examples)
                .update()
                .valuesInTheClear();
        Random random = new Random(9);
        for (int draw = 0; draw < 6; draw++) {
            Slot slot = model.layout()
                    .slots()
                    .get(random.nextInt(model.layout().slots().size()));
            int index = slot.offset() + random.nextInt(slot.length());
            assertThat((double) actual[index])
                    .as("%s at %d", slot.name(), index)
                    .isCloseTo(oracle.slope(Cases.widen(parameters), examples, index), within(5e-5));
        }
    }

    @Test
    void oneWithBatchNormLearnsToTellItsExamplesApart() throws Exception {
        ModelSpec model = ResNet.resNet18(ResNet.Stem.SMALL, Shape.of(1, 8, 8), 4, 3, Blocks.batchNorm());
        float[] parameters = model.layout().initialValues(dev.tacita.core.number.SeedStream.of(1));
        Examples examples = Cases.examples(model, SOFTMAX, 24, 2);
        EngineTrainer trainer = new EngineTrainer();
        LocalWork work = Cases.epochs(OptimizerSpec.Adam.of(0.01), 30, 24);
        float[] update = trainer.train(Cases.task(model, SOFTMAX, work, parameters), examples)
                .update()
                .valuesInTheClear();
        for (int i = 0; i < update.length; i++) {
            update[i] += parameters[i];
        }
        double loss = trainer.evaluate(Cases.task(model, SOFTMAX, new LocalWork.Evaluate(), update), examples)
                .loss();
        assertThat(loss).isLessThan(0.3);
    }
}

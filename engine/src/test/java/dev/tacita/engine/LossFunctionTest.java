package dev.tacita.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.Shape;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LossFunctionTest {
    private static final int BATCH = 9;

    static Stream<Loss> losses() {
        return Stream.of(
                new Loss.SoftmaxCrossEntropy(),
                new Loss.SoftmaxCrossEntropy(List.of(0.5, 2.0, 0.0, 1.0), 0.1),
                new Loss.Focal(0),
                new Loss.Focal(2),
                new Loss.Focal(0.5),
                new Loss.BinaryCrossEntropyWithLogits(),
                new Loss.BinaryCrossEntropyWithLogits(3),
                new Loss.Hinge(),
                new Loss.MeanSquaredError(),
                new Loss.Huber(0.4),
                new Loss.CoxPartialLikelihood());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void lossesAndSlopesAgreeWithTheirDefinitionInDoublePrecision(Loss loss) {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int width = loss instanceof Loss.CoxPartialLikelihood ? 1 : 4;
            LossFunction function = LossFunction.of(loss, Shape.of(width));
            assertThat(function.targetSize()).isEqualTo(loss.targets(width));
            float[] outputs = scaled(Cases.uniform(random, BATCH * width), 6);
            float[] targets = targets(loss, random, BATCH * function.targetSize());
            float[] signal = new float[outputs.length];
            Score score = new Score();
            function.scoreAndSignal(outputs, targets, BATCH, score, 1f / BATCH, signal);

            double[] wide = Cases.widen(outputs);
            assertThat(score.evaluation().loss())
                    .as("%s, seed %d", loss, seed)
                    .isCloseTo(NaiveLoss.mean(loss, wide, targets, BATCH), within(1e-6));
            for (int i = 0; i < wide.length; i++) {
                double at = wide[i];
                wide[i] = at + 1e-6;
                double above = NaiveLoss.mean(loss, wide, targets, BATCH);
                wide[i] = at - 1e-6;
                double slope = (above - NaiveLoss.mean(loss, wide, targets, BATCH)) / 2e-6;
                wide[i] = at;
                assertThat((double) signal[i])
                        .as("%s, seed %d, output %d", loss, seed, i)
                        .isCloseTo(slope, within(2e-6));
            }
        }
    }

    @Test
    void hugeLogitsGiveFiniteLossesAndSlopes() {
        for (Loss loss : losses().toList()) {
            int width = loss instanceof Loss.CoxPartialLikelihood ? 1 : 4;
            LossFunction function = LossFunction.of(loss, Shape.of(width));
            float[] outputs = scaled(Cases.uniform(new Random(3), BATCH * width), 1e4f);
            float[] targets = targets(loss, new Random(4), BATCH * function.targetSize());
            float[] signal = new float[outputs.length];
            Score score = new Score();
            function.scoreAndSignal(outputs, targets, BATCH, score, 1f, signal);
            assertThat(score.evaluation().loss()).as(loss.toString()).isFinite();
            for (float value : signal) {
                assertThat(value).as(loss.toString()).isFinite();
            }
        }
    }

    @Test
    void aPartialLikelihoodOfTiesIsEfrons() {
        // Two events at time 1 among hazards 1, 1, 2 (the third is seen later): log(4) + log(4 - 1) - 0 - 0, then log 2
        // - log 2
        float[] outputs = {0, 0, (float) Math.log(2)};
        float[] targets = {1, 1, 1, 1, 5, 1};
        Score score = new Score();
        LossFunction.of(new Loss.CoxPartialLikelihood(), Shape.of(1)).score(outputs, targets, 3, score);
        assertThat(score.evaluation().lossSum()).isCloseTo(Math.log(4) + Math.log(3), within(1e-7));
    }

    @Test
    void targetsThatDoNotFitAreNamed() {
        assertThat(LossFunction.of(new Loss.CoxPartialLikelihood(), Shape.of(1)).targetProblem(new float[] {-1, 0}, 0))
                .hasValueSatisfying(why -> assertThat(why).contains("time", "-1.0"));
        assertThat(LossFunction.of(new Loss.CoxPartialLikelihood(), Shape.of(1)).targetProblem(new float[] {1, 2}, 0))
                .hasValueSatisfying(why -> assertThat(why).contains("event", "2.0"));
        assertThat(LossFunction.of(new Loss.Hinge(), Shape.of(1)).targetProblem(new float[] {-1}, 0))
                .hasValueSatisfying(why -> assertThat(why).contains("0 or 1", "-1.0"));
        assertThat(LossFunction.of(new Loss.CoxPartialLikelihood(), Shape.of(2)).outputProblem())
                .hasValueSatisfying(why -> assertThat(why).contains("one output", "2"));
        assertThat(LossFunction.of(new Loss.SoftmaxCrossEntropy(List.of(1.0, 2.0), 0), Shape.of(3))
                        .outputProblem())
                .hasValueSatisfying(why -> assertThat(why).contains("class-weights", "3", "2"));
    }

    private static float[] scaled(float[] values, float factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        return values;
    }

    private static float[] targets(Loss loss, Random random, int length) {
        float[] targets = Cases.uniform(random, length);
        for (int i = 0; i < length; i++) {
            if (loss instanceof Loss.SoftmaxCrossEntropy || loss instanceof Loss.Focal) {
                targets[i] = random.nextInt(4);
            } else if (loss instanceof Loss.CoxPartialLikelihood) {
                targets[i] = i % 2 == 0 ? random.nextInt(5) : random.nextInt(2);
            } else if (loss.classifies()) {
                targets[i] = random.nextInt(2);
            }
        }
        return targets;
    }
}

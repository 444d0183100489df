package dev.tacita.dp.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.ExampleNorms;
import dev.tacita.core.learning.PerExampleGradients.OfTask;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GradientCanariesTest {
    @Test
    void theSumHasTheClippedCanariesThatTakePartAndNoOthers() throws InterruptedException {
        LogisticRegression data = LogisticRegression.drawn(new Random(41), 20, 60);
        GradientCanaries canaries = new GradientCanaries(data, 20, 50, 8);
        OfTask gradients = canaries.gradients();
        float[] weights = new float[60];
        int[] rows = IntStream.range(0, canaries.size()).toArray();
        float[][] each = new float[rows.length][60];
        gradients.each(weights, rows, rows.length, each);
        int[] shown = {0};
        float[] sum = new float[60];
        gradients.sum(
                weights,
                rows,
                rows.length,
                (ExampleNorms norms) -> {
                    for (int i = 0; i < norms.count(); i++) {
                        shown[0]++;
                        norms.scale(i, Math.min(1, 0.5 / norms.norm(i)));
                    }
                },
                sum);
        double[] expected = new double[60];
        int taking = 0;
        for (int row = 0; row < rows.length; row++) {
            double squares = 0;
            for (float value : each[row]) {
                squares += value * value;
            }
            double norm = Math.sqrt(squares);
            if (row >= 20) {
                assertThat(norm).isIn(0.0, 8.0);
                taking += norm > 0 ? 1 : 0;
            }
            for (int j = 0; j < 60 && norm > 0; j++) {
                expected[j] += each[row][j] * Math.min(1, 0.5 / norm);
            }
        }

        assertThat(shown[0]).isEqualTo(20 + taking);
        for (int j = 0; j < 60; j++) {
            assertThat((double) sum[j]).isCloseTo(expected[j], within(1e-5));
        }
    }

    @Test
    void withoutNoiseEveryCanaryIsGuessedRight() throws InterruptedException {
        LogisticRegression data = LogisticRegression.drawn(new Random(42), 20, 60);
        GradientCanaries canaries = new GradientCanaries(data, 20, 60, 8);
        float[] sum = new float[60];
        int[] rows = IntStream.range(0, canaries.size()).toArray();
        canaries.gradients().sum(new float[60], rows, rows.length, LogisticRegression::everyoneByOne, sum);
        canaries.watching((parameters, gradient, factor) -> {}, 1).step(new float[60], sum, 1);
        MembershipScores scores = canaries.scores();

        assertThat(scores.areaUnderRoc(0.05).estimate()).isOne();
        for (double score : scores.members()) {
            assertThat(score).isCloseTo(8, within(1e-4));
        }
        assertThat(canaries.guesses(scores.members().length, scores.nonMembers().length))
                .isEqualTo(new Guesses(60, 60, 60));
    }

    @Test
    void thereAreAtMostAsManyCanariesAsParameters() {
        LogisticRegression data = LogisticRegression.drawn(new Random(43), 20, 60);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GradientCanaries(data, 20, 61, 8))
                .withMessage("canaries must lie from 1 to 60. Provided value: 61");
    }
}

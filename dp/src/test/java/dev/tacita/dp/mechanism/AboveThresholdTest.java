package dev.tacita.dp.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AboveThresholdTest {
    private static final double[] VALUES = {-0.5, 0.5, 0, 1};

    @ParameterizedTest
    @CsvSource({"0.5, 1", "2, 1", "3, 2"})
    void answersEveryPatternWithItsProbability(double epsilon, int positives) {
        RandomBits bits = Repeatable.bits(51);
        long[] observed = new long[1 << VALUES.length];
        for (int i = 0; i < 30_000; i++) {
            AboveThreshold questions = AboveThreshold.of(epsilon, 1, 0.25, positives, bits);
            int pattern = 0;
            for (int k = 0; k < VALUES.length && questions.positivesLeft() > 0; k++) {
                pattern |= questions.isAbove(VALUES[k]) ? 1 << k : 0;
            }
            observed[pattern]++;
        }

        Fit.assertFits("epsilon " + epsilon, observed, patterns(epsilon, positives, VALUES));
    }

    @ParameterizedTest
    @CsvSource({"0.5, 1", "2, 1", "3, 2"})
    void patternsOfNeighboursAreWithinEpsilonEverywhere(double epsilon, int positives) {
        double[] before = patterns(epsilon, positives, VALUES);
        for (int move = 0; move < 81; move++) {
            double[] moved = VALUES.clone();
            for (int k = 0, rest = move; k < moved.length; k++, rest /= 3) {
                moved[k] += rest % 3 - 1;
            }
            double[] after = patterns(epsilon, positives, moved);
            for (int i = 0; i < before.length; i++) {
                if (before[i] > 0) {
                    assertThat(Math.abs(Math.log(before[i] / after[i])))
                            .as("move %s, pattern %s", move, i)
                            .isLessThanOrEqualTo(epsilon * (1 + 1e-4));
                }
            }
        }
    }

    @Test
    void refusesQuestionsOnceItsPositiveAnswersAreSpent() {
        AboveThreshold questions = AboveThreshold.of(1e6, 1, 0, 2);

        assertThat(questions.isAbove(10)).isTrue();
        assertThat(questions.isAbove(-10)).isFalse();
        assertThat(questions.isAbove(10)).isTrue();
        assertThat(questions.positivesLeft()).isZero();
        assertThatIllegalStateException()
                .isThrownBy(() -> questions.isAbove(-10))
                .withMessageStartingWith("positives must not be spent. Left: 0");
    }

    /** Integrates over the noise of the threshold the product of the answers' probabilities. */
    private static double[] patterns(double epsilon, int positives, double[] values) {
        double first = epsilon / (1 + Math.pow(2.0 * positives, 2 / 3.));
        double thresholdScale = 1 / first;
        double questionScale = 2 * positives / (epsilon - first);
        double[] probabilities = new double[1 << values.length];
        double step = thresholdScale / 200;
        for (double noise = -30 * thresholdScale; noise < 30 * thresholdScale; noise += step) {
            double density = Math.exp(-Math.abs(noise) / thresholdScale) / (2 * thresholdScale) * step;
            for (int pattern = 0; pattern < probabilities.length; pattern++) {
                double product = density;
                int left = positives;
                for (int k = 0; k < values.length; k++) {
                    boolean above = (pattern & 1 << k) != 0;
                    if (left == 0) {
                        product *= above ? 0 : 1;
                    } else {
                        double below = distribution((0.25 + noise - values[k]) / questionScale);
                        product *= above ? 1 - below : below;
                        left -= above ? 1 : 0;
                    }
                }
                probabilities[pattern] += product;
            }
        }
        return probabilities;
    }

    private static double distribution(double x) {
        return x < 0 ? Math.exp(x) / 2 : 1 - Math.exp(-x) / 2;
    }
}

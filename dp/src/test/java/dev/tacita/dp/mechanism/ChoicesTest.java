package dev.tacita.dp.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChoicesTest {
    private static final double SENSITIVITY = 0.5;
    private static final double[] SCORES = {3, 2.5, 3, -1, 0.75};

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 4})
    void exponentialMechanismChoosesWithItsProbabilities(double epsilon) {
        ExponentialMechanism mechanism = ExponentialMechanism.of(epsilon, SENSITIVITY, Repeatable.bits(41));

        Fit.assertFits("epsilon " + epsilon, chosen(mechanism::choose), exponential(epsilon, SCORES));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 4})
    void permuteAndFlipChoosesWithItsProbabilities(double epsilon) {
        PermuteAndFlip mechanism = PermuteAndFlip.of(epsilon, SENSITIVITY, Repeatable.bits(42));

        Fit.assertFits("epsilon " + epsilon, chosen(mechanism::choose), permuteAndFlip(epsilon, SCORES));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 4})
    void noisyMaxIsReportedWithItsProbabilities(double epsilon) {
        ReportNoisyMax mechanism = ReportNoisyMax.of(epsilon, SENSITIVITY, Repeatable.bits(43));

        Fit.assertFits("epsilon " + epsilon, chosen(mechanism::choose), noisyMax(epsilon, SCORES));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 4})
    void choicesOfNeighboursAreWithinEpsilonEverywhere(double epsilon) {
        allWithin(epsilon, scores -> exponential(epsilon, scores));
        allWithin(epsilon, scores -> permuteAndFlip(epsilon, scores));
        allWithin(epsilon, scores -> noisyMax(epsilon, scores));
    }

    @Test
    void permuteAndFlipIsNeverWorseThanTheExponentialMechanism() {
        for (double epsilon : new double[] {0.1, 1, 3, 10}) {
            assertThat(mean(permuteAndFlip(epsilon, SCORES)))
                    .isGreaterThanOrEqualTo(mean(exponential(epsilon, SCORES)));
        }
    }

    @Test
    void choosesTheOnlyCandidateAndTheBestAtLargeEpsilon() {
        assertThat(ExponentialMechanism.of(1, 1).choose(new double[] {-5})).isZero();
        assertThat(PermuteAndFlip.of(1e6, 1).choose(new double[] {1, 2, 1})).isEqualTo(1);
        assertThat(ReportNoisyMax.of(1e6, 1).choose(new double[] {1, 2, 1})).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PermuteAndFlip.of(1, 1).choose(new double[0]))
                .withMessage("the number of scores must be >= 1. Provided value: 0");
    }

    private static long[] chosen(ToIntFunction<double[]> mechanism) {
        long[] observed = new long[SCORES.length];
        for (int i = 0; i < 50_000; i++) {
            observed[mechanism.applyAsInt(SCORES)]++;
        }
        return observed;
    }

    /** Moves every score of three candidates by 0 or the sensitivity, either way, and compares all probabilities. */
    private static void allWithin(double epsilon, Function<double[], double[]> probabilities) {
        double[][] levels = {{0, 0, 0}, {1, 0, 0.5}, {2, 1.5, 0}};
        for (double[] level : levels) {
            double[] before = probabilities.apply(level);
            for (int move = 0; move < 27; move++) {
                double[] moved = {
                    level[0] + (move % 3 - 1) * SENSITIVITY,
                    level[1] + (move / 3 % 3 - 1) * SENSITIVITY,
                    level[2] + (move / 9 - 1) * SENSITIVITY
                };
                double[] after = probabilities.apply(moved);
                for (int i = 0; i < 3; i++) {
                    assertThat(Math.abs(Math.log(before[i] / after[i])))
                            .as("%s to %s, candidate %s", Arrays.toString(level), Arrays.toString(moved), i)
                            .isLessThanOrEqualTo(epsilon * (1 + 1e-4));
                }
            }
        }
    }

    private static double mean(double[] probabilities) {
        double mean = 0;
        for (int i = 0; i < probabilities.length; i++) {
            mean += probabilities[i] * SCORES[i];
        }
        return mean;
    }

    private static double[] exponential(double epsilon, double[] scores) {
        double[] weights = Arrays.stream(scores)
                .map(q -> Math.exp(epsilon * q / (2 * SENSITIVITY)))
                .toArray();
        double total = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / total).toArray();
    }

    /** Goes through every order of the candidates. */
    private static double[] permuteAndFlip(double epsilon, double[] scores) {
        double best = Arrays.stream(scores).max().orElseThrow();
        double[] heads = Arrays.stream(scores)
                .map(q -> Math.exp(epsilon * (q - best) / (2 * SENSITIVITY)))
                .toArray();
        double[] probabilities = new double[scores.length];
        visit(heads, 0, 1, probabilities);
        return probabilities;
    }

    private static void visit(double[] heads, int used, double reached, double[] probabilities) {
        int left = heads.length - Integer.bitCount(used);
        for (int i = 0; i < heads.length; i++) {
            if ((used & 1 << i) == 0) {
                probabilities[i] += reached / left * heads[i];
                if (heads[i] < 1) {
                    visit(heads, used | 1 << i, reached / left * (1 - heads[i]), probabilities);
                }
            }
        }
    }

    /** Integrates the density of one noisy score times the distribution functions of the others. */
    private static double[] noisyMax(double epsilon, double[] scores) {
        double scale = 2 * SENSITIVITY / epsilon;
        double[] probabilities = new double[scores.length];
        double step = scale / 150;
        for (int i = 0; i < scores.length; i++) {
            for (double x = -20 * scale - 5; x < 20 * scale + 5; x += step) {
                double product = Math.exp(-Math.abs(x - scores[i]) / scale) / (2 * scale) * step;
                for (int other = 0; other < scores.length; other++) {
                    product *= other == i ? 1 : distribution((x - scores[other]) / scale);
                }
                probabilities[i] += product;
            }
        }
        double total = Arrays.stream(probabilities).sum();
        return Arrays.stream(probabilities).map(p -> p / total).toArray();
    }

    private static double distribution(double x) {
        return x < 0 ? Math.exp(x) / 2 : 1 - Math.exp(-x) / 2;
    }
}

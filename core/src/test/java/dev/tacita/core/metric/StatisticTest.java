package dev.tacita.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatisticTest {
    @Test
    void aConfusionMatrixGivesAccuracyAndF1() {
        ConfusionMatrix matrix = new ConfusionMatrix(2, new double[] {50, 10, 5, 35});
        assertThat(matrix.metrics())
                .containsEntry("accuracy", 0.85)
                .hasEntrySatisfying("recall", value -> assertThat(value).isCloseTo(0.875, within(1e-12)))
                .hasEntrySatisfying("precision", value -> assertThat(value).isCloseTo(35.0 / 45, within(1e-12)))
                .hasEntrySatisfying("f1", value -> assertThat(value).isCloseTo(70.0 / 85, within(1e-12)))
                .hasEntrySatisfying(
                        "balanced-accuracy",
                        value -> assertThat(value).isCloseTo((50.0 / 60 + 0.875) / 2, within(1e-12)));
    }

    @Test
    void classesThatDoNotOccurDoNotCount() {
        ConfusionMatrix matrix = new ConfusionMatrix(3);
        matrix.add(0, 0);
        matrix.add(1, 0);
        assertThat(matrix.metrics()).containsEntry("balanced-accuracy", 0.5).containsEntry("accuracy", 0.5);
        assertThat(metric(matrix, "macro-f1")).isCloseTo((2.0 / 3 + 0) / 2, within(1e-12));
    }

    @Test
    void areasUnderCurvesAgreeWithAllPairsWithinTheirBound() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            int examples = 2 + random.nextInt(200);
            boolean[] positive = new boolean[examples];
            double[] score = new double[examples];
            ScoreHistogram histogram = new ScoreHistogram(64);
            ScoreHistogram fine = new ScoreHistogram(1 << 20);
            for (int i = 0; i < examples; i++) {
                positive[i] = i == 0 || (i > 1 && random.nextInt(3) == 0);
                score[i] = random.nextInt(1 << 20) / (double) (1 << 20);
                histogram.add(positive[i], score[i]);
                fine.add(positive[i], score[i]);
            }
            double exact = auroc(positive, score);
            double bound = metric(histogram, "auroc-error-bound");
            assertThat(metric(histogram, "auroc")).as("seed %d", seed).isCloseTo(exact, within(bound + 1e-12));
            assertThat(metric(fine, "auroc")).as("seed %d", seed).isCloseTo(exact, within(1e-12));
            assertThat(metric(fine, "auprc"))
                    .as("seed %d", seed)
                    .isCloseTo(averagePrecision(positive, score), within(1e-12));
        }
    }

    @Test
    void calibrationOfAPredictionThatIsRightAsOftenAsItSaysIsZero() {
        Calibration calibration = new Calibration(15);
        for (int i = 0; i < 100; i++) {
            calibration.add(i < 70, 0.7);
        }
        assertThat(metric(calibration, "expected-calibration-error")).isCloseTo(0, within(1e-12));
        assertThat(metric(calibration, "brier")).isCloseTo(0.7 * 0.09 + 0.3 * 0.49, within(1e-12));
        assertThat(metric(calibration, "log-loss"))
                .isCloseTo(-0.7 * Math.log(0.7) - 0.3 * Math.log(0.3), within(1e-12));
        Calibration wrong = new Calibration(15);
        wrong.add(1, new double[] {0.8, 0.2});
        assertThat(metric(wrong, "expected-calibration-error")).isCloseTo(0.8, within(1e-12));
        assertThat(metric(wrong, "brier")).isCloseTo(2 * 0.64, within(1e-12));
    }

    @Test
    void regressionErrorsFollowTheirDefinitions() {
        double[] targets = {1, 2, 4, 7};
        double[] predictions = {1.5, 2, 3, 8};
        RegressionErrors errors = new RegressionErrors();
        for (int i = 0; i < 4; i++) {
            errors.add(targets[i], predictions[i]);
        }
        assertThat(metric(errors, "mean-absolute-error")).isCloseTo(0.625, within(1e-12));
        assertThat(metric(errors, "root-mean-squared-error")).isCloseTo(0.75, within(1e-12));
        assertThat(metric(errors, "r2")).isCloseTo(1 - 2.25 / 21, within(1e-12));
    }

    @Test
    void concordanceAgreesWithAllPairs() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            int examples = 1 + random.nextInt(60);
            double[] times =
                    random.doubles(examples).map(t -> Math.floor(10 * t)).toArray();
            double[] scores =
                    random.doubles(examples).map(s -> Math.floor(8 * s)).toArray();
            boolean[] events = new boolean[examples];
            for (int i = 0; i < examples; i++) {
                events[i] = random.nextBoolean();
            }
            assertThat(Concordance.of(times, events, scores).sums())
                    .as("seed %d", seed)
                    .isEqualTo(allPairs(times, events, scores));
        }
    }

    @Test
    void sumsOfPartsAreTheSumsOfTheWhole() {
        Random random = new Random(5);
        ConfusionMatrix[] matrices = {new ConfusionMatrix(3), new ConfusionMatrix(3), new ConfusionMatrix(3)};
        RegressionErrors[] errors = {new RegressionErrors(), new RegressionErrors(), new RegressionErrors()};
        for (int i = 0; i < 200; i++) {
            int part = 1 + random.nextInt(2);
            int truth = random.nextInt(3);
            int predicted = random.nextInt(3);
            matrices[0].add(truth, predicted);
            matrices[part].add(truth, predicted);
            errors[0].add(truth, predicted);
            errors[part].add(truth, predicted);
        }
        assertThat(matrices[1].plus(matrices[2]).metrics()).isEqualTo(matrices[0].metrics());
        assertThat(errors[1].plus(errors[2]).sums()).isEqualTo(errors[0].sums());
        assertThat(new ConfusionMatrix(3, matrices[0].sums()).metrics()).isEqualTo(matrices[0].metrics());
    }

    @Test
    void noExamplesDefineNoMetric() {
        assertThat(new ConfusionMatrix(2).metrics().values()).allMatch(value -> Double.isNaN(value));
        assertThat(new ScoreHistogram(8).metrics().values()).allMatch(value -> Double.isNaN(value));
        assertThat(new RegressionErrors().metrics().values()).allMatch(value -> Double.isNaN(value));
    }

    @Test
    void valuesOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new ConfusionMatrix(1)).hasMessageContaining("classes must be >= 2");
        assertThatThrownBy(() -> new ConfusionMatrix(2).add(2, 0)).hasMessageContaining("the true class", "2");
        assertThatThrownBy(() -> new ScoreHistogram(8).add(true, 1.5)).hasMessageContaining("1.5");
        assertThatThrownBy(() -> new ConfusionMatrix(2).plus(new ConfusionMatrix(3)))
                .hasMessageContaining("4", "9");
    }

    private static double metric(Statistic statistic, String name) {
        return Objects.requireNonNull(statistic.metrics().get(name), name);
    }

    private static double auroc(boolean[] positive, double[] score) {
        double right = 0;
        double pairs = 0;
        for (int i = 0; i < score.length; i++) {
            for (int j = 0; j < score.length; j++) {
                if (positive[i] && !positive[j]) {
                    pairs++;
                    right += score[i] > score[j] ? 1 : score[i] == score[j] ? 0.5 : 0;
                }
            }
        }
        return right / pairs;
    }

    private static double averagePrecision(boolean[] positive, double[] score) {
        double sum = 0;
        double positives = 0;
        for (int i = 0; i < score.length; i++) {
            if (positive[i]) {
                double above = 0;
                double positivesAbove = 0;
                for (int j = 0; j < score.length; j++) {
                    above += score[j] >= score[i] ? 1 : 0;
                    positivesAbove += positive[j] && score[j] >= score[i] ? 1 : 0;
                }
                positives++;
                sum += positivesAbove / above;
            }
        }
        return sum / positives;
    }

    private static double[] allPairs(double[] times, boolean[] events, double[] scores) {
        double[] sums = new double[3];
        for (int i = 0; i < times.length; i++) {
            for (int j = 0; j < times.length; j++) {
                boolean outlived = times[j] > times[i] || (times[j] == times[i] && !events[j]);
                if (i != j && events[i] && outlived) {
                    sums[scores[i] > scores[j] ? 0 : scores[i] < scores[j] ? 1 : 2]++;
                }
            }
        }
        return sums;
    }
}

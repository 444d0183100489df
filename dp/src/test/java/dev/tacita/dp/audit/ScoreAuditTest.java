package dev.tacita.dp.audit;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tacita.core.number.SeedStream;
import dev.tacita.dp.accounting.AnalyticGaussian;
import dev.tacita.dp.mechanism.GaussianMechanism;
import dev.tacita.dp.mechanism.RandomizedResponse;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScoreAuditTest {
    private static final double FALSE_ALARM = 1e-6;

    private static List<Threshold> thresholds(double given, long seed) {
        return List.of(
                new Threshold.Given(given), new Threshold.BestOfHalf(SeedStream.of(seed)), new Threshold.BestOfRanks());
    }

    @Test
    void gaussianNoiseIsBoundedFromBelowAndNeverAboveTheTruth() {
        double delta = 1e-5;
        double noiseMultiplier = 0.5;
        double truth = AnalyticGaussian.epsilon(noiseMultiplier, delta);
        MembershipScores scores = gaussian(noiseMultiplier, 20_000);
        for (Threshold threshold : thresholds(1, 11)) {
            LowerBound exact = ScoreAudit.clopperPearson(scores, threshold, delta, FALSE_ALARM, ADD_OR_REMOVE_ONE);
            LowerBound shaped = ScoreAudit.gaussian(scores, threshold, delta, FALSE_ALARM, ADD_OR_REMOVE_ONE);

            assertThat(exact.epsilon()).as(threshold.toString()).isBetween(0.25 * truth, truth);
            assertThat(shaped.epsilon()).as(threshold.toString()).isBetween(0.75 * truth, truth);
            assertThat(exact.proven()).isTrue();
            assertThat(shaped.proven()).isFalse();
        }
    }

    @Test
    void aTenthOfTheNoiseIsFound() {
        MembershipScores scores = gaussian(0.2, 2_000);

        for (Threshold threshold : thresholds(0.5, 12)) {
            assertThat(ScoreAudit.clopperPearson(scores, threshold, 1e-5, FALSE_ALARM, ADD_OR_REMOVE_ONE)
                            .epsilon())
                    .as(threshold.toString())
                    .isGreaterThan(AnalyticGaussian.epsilon(2, 1e-5));
        }
    }

    @Test
    void randomizedResponseIsBoundedTightly() {
        RandomizedResponse answers = RandomizedResponse.of(1, 2);
        double[] members = new double[40_000];
        double[] others = new double[40_000];
        for (int i = 0; i < members.length; i++) {
            members[i] = answers.answer(1);
            others[i] = answers.answer(0);
        }

        assertThat(ScoreAudit.clopperPearson(
                                new MembershipScores(members, others),
                                new Threshold.Given(1),
                                0,
                                FALSE_ALARM,
                                ADD_OR_REMOVE_ONE)
                        .epsilon())
                .isBetween(0.9, 1.0);
    }

    @Test
    void everyChoiceOfThresholdKeepsItsFalseAlarm() {
        long seed = 13;
        Random random = new Random(seed);
        int[] above = new int[3];
        int repeats = 150;
        for (int repeat = 0; repeat < repeats; repeat++) {
            MembershipScores scores = new MembershipScores(
                    random.doubles(100).toArray(), random.doubles(100).toArray());
            int i = 0;
            for (Threshold threshold : thresholds(0.95, repeat)) {
                above[i++] += ScoreAudit.clopperPearson(scores, threshold, 0, 0.1, ADD_OR_REMOVE_ONE)
                                        .epsilon()
                                > 0
                        ? 1
                        : 0;
            }
        }

        for (int count : above) {
            assertThat(count)
                    .as("seed %d: of %d; more than 36 has probability 1e-5", seed, repeats)
                    .isLessThanOrEqualTo(36);
        }
    }

    @Test
    void halvesNeedTwoScoresOfEach() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScoreAudit.clopperPearson(
                        new MembershipScores(new double[] {1}, new double[] {0, 1}),
                        new Threshold.BestOfHalf(SeedStream.of(1)),
                        0,
                        0.05,
                        ADD_OR_REMOVE_ONE))
                .withMessageContaining(">= 2 scores of members");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Threshold.Given(Double.NaN))
                .withMessage("a threshold must be a number. Provided value: NaN");
    }

    private static MembershipScores gaussian(double noiseMultiplier, int trials) {
        GaussianMechanism mechanism = GaussianMechanism.of(noiseMultiplier, 1, 1);
        double[] members = new double[trials];
        double[] others = new double[trials];
        for (int i = 0; i < trials; i++) {
            members[i] = mechanism.release(1);
            others[i] = mechanism.release(0);
        }
        return new MembershipScores(members, others);
    }
}

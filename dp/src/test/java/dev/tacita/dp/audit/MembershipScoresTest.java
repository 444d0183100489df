package dev.tacita.dp.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class MembershipScoresTest {
    @Test
    void areasAndRatesAgreeWithCountingPairs() {
        long seed = 3;
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            double[] members = coarse(random, 1 + random.nextInt(40), 2);
            double[] others = coarse(random, 1 + random.nextInt(40), 0);
            double rate = random.nextInt(3) * 0.1;
            MembershipScores scores = new MembershipScores(members, others);
            double pairs = 0;
            for (double member : members) {
                for (double other : others) {
                    pairs += member > other ? 1 : member == other ? 0.5 : 0;
                }
            }
            double best = 0;
            double reached = 0;
            for (double threshold : new double[] {-9, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 99}) {
                double falsePositives =
                        Arrays.stream(others).filter(s -> s >= threshold).count() / (double) others.length;
                double truePositives =
                        Arrays.stream(members).filter(s -> s >= threshold).count() / (double) members.length;
                if (falsePositives <= rate && truePositives >= best) {
                    best = truePositives;
                    reached = Math.max(reached, falsePositives);
                }
            }
            String where = "seed " + seed + ", case " + i;
            Interval area = scores.areaUnderRoc(0.05);
            RateAt at = scores.truePositiveRateAt(rate, 0.05);

            assertThat(area.estimate()).as(where).isCloseTo(pairs / members.length / others.length, within(1e-12));
            assertThat(area.low()).as(where).isBetween(0.0, area.estimate());
            assertThat(area.high()).as(where).isBetween(area.estimate(), 1.0);
            assertThat(at.truePositives().estimate()).as(where).isEqualTo(best);
            assertThat(at.falsePositives().estimate()).as(where).isLessThanOrEqualTo(rate);
        }
    }

    @Test
    void intervalsOfTheAreaHoldTheTruthAndAreNotEmptyWhereAllPairsAgree() {
        Random random = new Random(4);
        double truth = StandardNormal.below(1 / Math.sqrt(2));
        int outside = 0;
        for (int i = 0; i < 400; i++) {
            double[] members = normal(random, 60, 1);
            double[] others = normal(random, 90, 0);
            Interval area = new MembershipScores(members, others).areaUnderRoc(0.1);
            outside += area.low() > truth || area.high() < truth ? 1 : 0;
        }
        Interval certain = new MembershipScores(new double[] {2, 3, 4}, new double[] {0, 1}).areaUnderRoc(0.05);

        assertThat(outside).as("of 400; more than 70 has probability 1e-5").isLessThan(70);
        assertThat(certain.estimate()).isOne();
        assertThat(certain.high()).isOne();
        assertThat(certain.low()).isCloseTo(1 - (1 - Math.sqrt(0.025)), within(1e-9));
    }

    @Test
    void infiniteScoresAreScoresAndNaNIsNot() {
        double infinite = Double.POSITIVE_INFINITY;
        MembershipScores scores = new MembershipScores(new double[] {infinite, 1}, new double[] {infinite, 0});

        assertThat(scores.areaUnderRoc(0.5).estimate()).isEqualTo((0.5 + 1 + 0 + 1) / 4);
        assertThat(scores.truePositiveRateAt(0, 0.5).truePositives().estimate()).isZero();
        assertThat(new MembershipScores(new double[] {-0.0}, new double[] {0.0})
                        .areaUnderRoc(0.5)
                        .estimate())
                .isEqualTo(0.5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MembershipScores.of(new double[] {1, Double.NaN}, new boolean[] {true, false}))
                .withMessage("scores of non-members must all be numbers. One that is NaN is at index 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MembershipScores.of(new double[] {1, 2}, new boolean[] {true, true}))
                .withMessage("the number of scores of non-members must be >= 1. Provided value: 0");
    }

    private static double[] normal(Random random, int count, double mean) {
        return DoubleStream.generate(random::nextGaussian)
                .limit(count)
                .map(z -> z + mean)
                .toArray();
    }

    private static double[] coarse(Random random, int count, int more) {
        double[] scores = new double[count];
        for (int i = 0; i < count; i++) {
            scores[i] = random.nextInt(5) + random.nextInt(1 + more);
        }
        return scores;
    }
}

package dev.tacita.dp.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BinomialLawTest {
    @Test
    void probabilitiesAgreeWithSumsOfFractions() {
        long seed = 1;
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            int trials = 1 + random.nextInt(60);
            int successes = random.nextInt(trials + 1);
            double rate = 0.01 + 0.98 * random.nextDouble();
            String where = "seed " + seed + ", case " + i;

            assertThat(BinomialLaw.atLeast(successes, trials, rate))
                    .as(where)
                    .isCloseTo(ExactBinomial.atLeast(successes, trials, rate), withinPercentage(1e-7));
            assertThat(BinomialLaw.exactly(successes, trials, rate))
                    .as(where)
                    .isCloseTo(ExactBinomial.mass(successes, trials, rate).doubleValue(), withinPercentage(1e-7));
        }
    }

    @Test
    void boundsOfARateAreWhereTheCountIsAsRareAsTheFalseAlarm() {
        long seed = 2;
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            int trials = 1 + random.nextInt(60);
            int successes = random.nextInt(trials + 1);
            double falseAlarm = Math.pow(10, -8 * random.nextDouble()) / 3;
            String where = "seed " + seed + ", case " + i;
            double low = BinomialLaw.rateAtLeast(successes, trials, falseAlarm);
            double high = BinomialLaw.rateAtMost(successes, trials, falseAlarm);

            if (successes == 0) {
                assertThat(low).as(where).isZero();
            } else {
                assertThat(ExactBinomial.atLeast(successes, trials, low))
                        .as(where)
                        .isCloseTo(falseAlarm, withinPercentage(1e-5));
            }
            if (successes == trials) {
                assertThat(high).as(where).isOne();
            } else {
                assertThat(1 - ExactBinomial.atLeast(successes + 1, trials, high))
                        .as(where)
                        .isCloseTo(falseAlarm, withinPercentage(1e-3));
            }
        }
    }

    @Test
    void quantilesInvertTheNormalDistribution() {
        for (double probability : new double[] {1e-300, 1e-12, 1e-5, 0.05, 0.5, 0.9, 0.99999}) {
            assertThat(StandardNormal.below(StandardNormal.quantile(probability)))
                    .isCloseTo(probability, withinPercentage(1e-9));
        }
        assertThat(StandardNormal.quantile(0)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(StandardNormal.quantile(1)).isEqualTo(Double.POSITIVE_INFINITY);
    }
}

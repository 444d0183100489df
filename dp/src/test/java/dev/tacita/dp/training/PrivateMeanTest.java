package dev.tacita.dp.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.Clipping;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Spent;
import dev.tacita.dp.mechanism.Seeded;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrivateMeanTest {
    @Test
    void theNoiseIsNormalAndDividedByTheExpectedSites() {
        int size = 200_000;
        var terms = new PrivateMean.Terms(size, 8, 1, 1.5);
        PrivateMean mean = PrivateMean.of(terms, new Clipping.Flat(0.3), new Spent());
        double[] released = mean.release(new double[size], 3, 0);
        float[] noise = new float[size];
        for (int i = 0; i < size; i++) {
            noise[i] = (float) released[i];
        }

        assertThat(mean.standardDeviation()).isCloseTo(1.5 * 0.3 / 8, within(1e-15));
        DpSgdTest.isNormal("mean", noise, 1.5 * 0.3 / 8);
    }

    @Test
    void aSumIsDividedByTheExpectedSitesHoweverManyAnswered() {
        var terms = new PrivateMean.Terms(2, 10, 1, 1e-6);
        PrivateMean mean = PrivateMean.of(terms, new Clipping.Flat(1), new Spent());
        double[] sum = {3, -1};

        assertThat(mean.release(sum, 4, 0)).containsExactly(new double[] {0.3, -0.1}, within(1e-5));
        assertThat(mean.release(sum, 40, 0)).containsExactly(new double[] {0.3, -0.1}, within(1e-5));
        assertThat(sum).containsExactly(3, -1);
    }

    @Test
    void everyReleaseIsEnteredAndARefusedOneIsNotMade() {
        Spent spent = new Spent();
        var terms = new PrivateMean.Terms(1, 10, 0.1, 2);
        PrivateMean mean = PrivateMean.of(terms, new Clipping.Flat(1), spent);
        mean.release(new double[1], 0, 0);
        mean.release(new double[1], 1, 1);

        assertThat(spent.event()).isEqualTo(new Event.PoissonSampled(0.1, new Event.Gaussian(2)).times(2));
        PrivateMean refused = PrivateMean.of(terms, new Clipping.Flat(1), event -> {
            throw new IllegalStateException("no budget");
        });
        assertThatThrownBy(() -> refused.release(new double[1], 1, 1)).hasMessage("no budget");
    }

    @Test
    void anAdaptiveNormFindsTheMedianOfTheNormsOfTwentySites() {
        Random random = new Random(12);
        double[] norms = random.doubles(20, 1, 9).sorted().toArray();
        var clipping = new Clipping.Quantile(0.1, 0.5, 0.2, 1, Clipping.Update.GEOMETRIC);
        PrivateMean mean = seeded(new PrivateMean.Terms(1, 20, 1, 1), clipping, 13);
        double average = 0;
        for (int round = 0; round < 300; round++) {
            int within = 0;
            double sum = 0;
            for (double norm : norms) {
                within += norm <= mean.norm() ? 1 : 0;
                sum += Math.min(norm, mean.norm());
            }
            mean.release(new double[] {sum}, 20, within);
            average += round >= 100 ? Math.log(mean.norm()) / 200 : 0;
        }

        assertThat(Math.exp(average)).isBetween(norms[8], norms[11]);
    }

    @Test
    void aRoundInWhichNobodyAnswersLeavesTheNormNearWhereItWas() {
        var clipping = new Clipping.Quantile(1, 0.5, 0.2, 1, Clipping.Update.GEOMETRIC);
        PrivateMean mean = seeded(new PrivateMean.Terms(1, 20, 1, 1), clipping, 14);
        mean.release(new double[1], 0, 0);

        assertThat(mean.norm()).isNotEqualTo(1).isBetween(0.95, 1.05);
    }

    @Test
    void badTermsAndSumsAreRefusedInOneSentence() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PrivateMean.Terms(1, 0, 1, 1))
                .withMessage("expected-sites must be >= 1 and finite. Provided value: 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PrivateMean.Terms(1, 1, 1.5, 1))
                .withMessage("rate must be > 0 and <= 1. Provided value: 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PrivateMean.Terms(1, 1, 1, -1))
                .withMessage("noise-multiplier must be > 0 and <= 10000.0. Provided value: -1.0");
        Spent spent = new Spent();
        PrivateMean mean = PrivateMean.of(new PrivateMean.Terms(2, 3, 1, 1), new Clipping.Flat(1), spent);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mean.release(new double[] {1, Double.NaN}, 1, 1))
                .withMessage("the values of a sum must all be finite. One that is not is at index 1");
        assertThatIllegalArgumentException().isThrownBy(() -> mean.release(new double[1], 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> mean.release(new double[2], 1, 2));
        assertThat(spent.count()).isZero();
    }

    static PrivateMean seeded(PrivateMean.Terms terms, Clipping.Quantile clipping, long seed) {
        return new PrivateMean(
                terms,
                new Spent(),
                clipping.initialNorm(),
                Optional.of(new QuantileNorm(clipping)),
                Seeded.gaussian(
                        QuantileNorm.sumMultiplier(terms.noiseMultiplier(), clipping),
                        NoisyGradient.MARGIN,
                        terms.parameters(),
                        seed),
                Seeded.gaussian(QuantileNorm.countMultiplier(clipping), QuantileNorm.COUNT_SENSITIVITY, 1, seed + 1));
    }
}

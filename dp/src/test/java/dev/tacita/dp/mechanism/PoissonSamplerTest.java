package dev.tacita.dp.mechanism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.hipparchus.distribution.discrete.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** B4 of the acceptance scenarios. */
class PoissonSamplerTest {
    @ParameterizedTest
    @CsvSource({"0.004, 500", "0.1, 300", "0.5, 64", "0.97, 100"})
    void sizesOfSamplesAreBinomial(double rate, int records) {
        PoissonSampler sampler = Seeded.sampler(rate, 51);
        BinomialDistribution binomial = new BinomialDistribution(records, rate);
        long[] observed = new long[records + 1];
        double[] probabilities = new double[records + 1];
        for (int size = 0; size <= records; size++) {
            probabilities[size] = binomial.probability(size);
        }
        int[] rows = new int[records];
        for (int i = 0; i < 20_000; i++) {
            observed[sampler.draw(rows)]++;
        }

        Fit.assertFits("rate " + rate, observed, probabilities);
    }

    @Test
    void eachRecordJoinsEachSampleOnItsOwn() {
        double rate = 0.25;
        int records = 40;
        PoissonSampler sampler = Seeded.sampler(rate, 52);
        long[] together = new long[4];
        long[] inARow = new long[4];
        int[] rows = new int[records];
        boolean[] before = new boolean[records];
        for (int step = 0; step < 20_000; step++) {
            int drawn = sampler.draw(rows);
            boolean[] member = new boolean[records];
            for (int i = 0; i < drawn; i++) {
                member[rows[i]] = true;
            }
            together[(member[0] ? 1 : 0) + (member[1] ? 2 : 0)]++;
            inARow[(before[7] ? 1 : 0) + (member[7] ? 2 : 0)]++;
            before = member;
        }
        double[] independent = {0.5625, 0.1875, 0.1875, 0.0625};

        Fit.assertFits("two records", together, independent);
        Fit.assertFits("two steps", inARow, independent);
    }

    @Test
    void givesIndexesInOrderAndEachOnce() {
        int[] rows = new int[1000];
        int drawn = PoissonSampler.of(0.3).draw(rows);

        assertThat(drawn).isCloseTo(300, within(100));
        for (int i = 1; i < drawn; i++) {
            assertThat(rows[i]).isGreaterThan(rows[i - 1]).isLessThan(1000);
        }
    }

    @Test
    void everyRecordIsInASampleOfRateOneAndNoneInOneOfTheSmallestRate() {
        int[] rows = new int[100];
        assertThat(PoissonSampler.of(1).draw(rows)).isEqualTo(100);
        assertThat(PoissonSampler.of(Double.MIN_VALUE).draw(rows)).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.0000001, Double.NaN})
    void refusesARateThatIsNoProbability(double rate) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PoissonSampler.of(rate))
                .withMessage("rate must be > 0 and <= 1. Provided value: " + rate);
    }
}

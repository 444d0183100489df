package dev.tacita.dp.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.hipparchus.distribution.continuous.ChiSquaredDistribution;

/** Pearson's chi-square test with a false alarm in less than one of 10^6 runs. */
final class Fit {
    private static final double FALSE_ALARM = 1e-6;
    private static final double LEAST_EXPECTED = 20;

    private Fit() {}

    /** Cells that expect few are put together; what the probabilities leave of 1 is a cell in which nothing lies. */
    static void assertFits(String what, long[] observed, double[] probabilities) {
        assertThat(pValue(observed, probabilities))
                .as("%s: p-value; observed %s", what, Arrays.toString(observed))
                .isGreaterThan(FALSE_ALARM);
    }

    static double pValue(long[] observed, double[] probabilities) {
        double total = Arrays.stream(observed).sum();
        double statistic = 0;
        double expectedFew = 0;
        double observedFew = 0;
        int cells = 0;
        for (int i = 0; i < observed.length; i++) {
            double expected = total * probabilities[i];
            if (expected < LEAST_EXPECTED) {
                expectedFew += expected;
                observedFew += observed[i];
            } else {
                statistic += (observed[i] - expected) * (observed[i] - expected) / expected;
                cells++;
            }
        }
        if (expectedFew >= 1 || observedFew > 0) {
            double expected = Math.max(expectedFew, 1);
            statistic += (observedFew - expectedFew) * (observedFew - expectedFew) / expected;
            cells++;
        }
        return 1 - new ChiSquaredDistribution(cells - 1).cumulativeProbability(statistic);
    }
}

package dev.tacita.secureagg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** Pearson's chi-square test against equal cells, with a false alarm in about one of 10^6 runs. */
final class Uniformity {
    private static final double NORMAL_QUANTILE = 4.75;

    private Uniformity() {}

    static void assertUniform(String what, long[] counts) {
        assertThat(isUniform(counts))
                .as("%s: %s", what, Arrays.toString(counts))
                .isTrue();
    }

    /** By Wilson and Hilferty: the cube root of a chi-square is nearly normal. */
    static boolean isUniform(long[] counts) {
        double expected = Arrays.stream(counts).sum() / (double) counts.length;
        double statistic = 0;
        for (long count : counts) {
            statistic += (count - expected) * (count - expected) / expected;
        }
        double freedom = counts.length - 1.0;
        double part = 2 / (9 * freedom);
        return (Math.cbrt(statistic / freedom) - (1 - part)) / Math.sqrt(part) < NORMAL_QUANTILE;
    }
}

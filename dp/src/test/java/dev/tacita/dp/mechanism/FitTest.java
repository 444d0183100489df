package dev.tacita.dp.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FitTest {
    @Test
    void tellsAFairCoinFromOneThatIsOffByTwoPercent() {
        double[] fair = {0.5, 0.5};

        assertThat(Fit.pValue(new long[] {50_100, 49_900}, fair)).isGreaterThan(0.1);
        assertThat(Fit.pValue(new long[] {51_000, 49_000}, fair)).isLessThan(1e-6);
    }
}

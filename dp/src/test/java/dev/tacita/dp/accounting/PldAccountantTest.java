package dev.tacita.dp.accounting;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static dev.tacita.dp.accounting.NeighbouringRelation.REPLACE_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PldAccountantTest {
    private static final PldAccountant PLD = new PldAccountant(ADD_OR_REMOVE_ONE);

    private static double epsilon(Event event, double delta) {
        return PLD.account(event).epsilon(delta).epsilon();
    }

    /**
     * Upper bounds of microsoft/prv_accountant as in the test of Opacus, made to be .01 too large; those of 1e5 steps and of large epsilon
     * are left out there.
     */
    @ParameterizedTest
    @CsvSource({
        "0.8, 0.001, 100, 0.2704034",
        "1.5, 0.001, 100, 0.0393694",
        "3, 0.001, 100, 0.0215201",
        "0.8, 0.05, 100, 6.7410519",
        "1.5, 0.05, 100, 1.9538531",
        "2, 0.05, 100, 1.2836374",
        "3, 0.05, 100, 0.7679338",
        "0.8, 0.2, 100, 24.3336642",
        "3, 0.2, 100, 3.3812205",
        "0.8, 0.001, 1000, 0.4777713",
        "2, 0.001, 1000, 0.0712188",
        "0.8, 0.05, 1000, 19.5258428",
        "3, 0.05, 1000, 2.5275743",
        "0.8, 0.001, 20000, 1.2960093",
        "1.5, 0.05, 20000, 38.3066179",
        "3, 0.05, 20000, 13.9611147",
        "0.8, 0.001, 50000, 2.0345148",
        "3, 0.05, 50000, 24.9420056",
        "0.8, 0.05, 20000, 140.6552",
        "0.8, 0.05, 50000, 291.3843",
        "0.8, 0.001, 100000, 2.9246"
    })
    void agreesWithThePrvAccountant(double noise, double rate, long steps, double published) {
        double middle = published - 0.01;
        assertThat(epsilon(Event.dpSgd(rate, noise, steps), 1e-6)).isBetween(middle * 0.995 - 4e-4, middle * 1.005);
    }

    /** Computed with the PLD accountant of dp-accounting 0.6.0. */
    @ParameterizedTest
    @CsvSource({
        "0.04, 1.5, 2250, 6.768787373891152",
        "0.01, 0.8, 1000, 3.1410183192645444",
        "0.001, 0.8, 100000, 2.575560086623456",
        "0.2, 3, 100, 2.976957961855358",
        "0.05, 0.8, 20000, 133.6769166158213"
    })
    void agreesWithDpAccounting(double rate, double noise, long steps, double checked) {
        assertThat(epsilon(Event.dpSgd(rate, noise, steps), 1e-5)).isCloseTo(checked, withinPercentage(0.2));
    }

    @Test
    void agreesOnHeterogeneousEventsWithDpAccounting() {
        Event event = Event.of(
                Event.dpSgd(0.005, 0.8, 100), new Event.Gaussian(8).times(200), new Event.Laplace(10).times(100));
        assertThat(epsilon(event, 1e-6)).isCloseTo(11.149200636212232, withinPercentage(0.2));
    }

    @Test
    void agreesWithTheTestsOfDpAccounting() {
        assertThat(PLD.account(new Event.Gaussian(Math.sqrt(3)).times(3))
                        .delta(1)
                        .delta())
                .isBetween(0.126936, 0.126936 + 1e-4);
        assertThat(PLD.account(Event.dpSgd(0.2, 0.5, 3)).delta(1).delta()).isCloseTo(0.15594, within(1e-3));
        Event laplace = Event.of(new Event.Laplace(1).times(3), new Event.Laplace(2).times(2));
        assertThat(epsilon(laplace, 1e-10)).isCloseTo(4, within(4e-3));
        Event sampled = new Event.PoissonSampled(0.2, new Event.Laplace(0.5)).times(3);
        assertThat(epsilon(sampled, 1e-10)).isCloseTo(2.46964, within(3e-3));
        Event guarantees = Event.of(new Event.EpsilonDelta(1, 0.1), new Event.EpsilonDelta(2, 0.2));
        assertThat(PLD.account(guarantees).delta(3).delta()).isCloseTo(0.28, within(1e-3));
    }

    @Test
    void liesBetweenTheExactGaussianAndRenyi() {
        RdpAccountant rdp = new RdpAccountant(ADD_OR_REMOVE_ONE);
        for (double noise : new double[] {0.03, 0.3, 1, 5, 40, 1e4}) {
            Event event = new Event.Gaussian(noise).times(7);
            PrivacyLoss loss = PLD.account(event);
            for (double delta : new double[] {1e-9, 1e-5, 1e-2}) {
                double exact = AnalyticGaussian.epsilon(noise / Math.sqrt(7), delta);
                assertThat(loss.epsilon(delta).epsilon())
                        .as("noise %s, delta %s", noise, delta)
                        .isBetween(exact * (1 - 1e-6), exact * (1 + 2e-3) + 1e-9)
                        .isLessThanOrEqualTo(rdp.account(event).epsilon(delta).epsilon() * (1 + 1e-3));
            }
        }
    }

    @Test
    void whatRevealsNothingCostsNothingAndWhatRevealsAllCostsAll() {
        assertThat(epsilon(new Event.Nothing(), 1e-6)).isZero();
        assertThat(epsilon(Event.dpSgd(0, 0, 10), 1e-6)).isZero();
        assertThat(epsilon(new Event.Gaussian(0), 1e-6)).isInfinite();
        assertThat(epsilon(Event.dpSgd(0.5, 0, 1), 1e-6)).isInfinite();
        assertThat(epsilon(new Event.EpsilonDelta(1, 0.1), 0.01)).isInfinite();
        assertThat(epsilon(Event.dpSgd(0.5, 1, 1), 1)).isZero();
    }

    @Test
    void anEventItCannotTakeIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> PLD.account(Event.of(new Event.Gaussian(1), new Event.ZeroConcentrated(1))))
                .isInstanceOf(UnsupportedEventException.class)
                .hasMessageContaining("event.events[1]: It takes Gaussian, Laplace, (epsilon, delta)");
        assertThatThrownBy(() -> new PldAccountant(REPLACE_ONE).account(Event.dpSgd(0.1, 1, 1)))
                .isInstanceOf(UnsupportedEventException.class)
                .hasMessageContaining("for neighbours that add or remove one only");
    }

    @Test
    void calibratedNoiseIsThatOfThePrvAccountantOfOpacus() {
        assertThat(Calibration.noiseMultiplier(PLD, noise -> Event.dpSgd(0.04, noise, 2250), 8, 1e-5))
                .isCloseTo(1.34765625, within(3e-3));
    }
}

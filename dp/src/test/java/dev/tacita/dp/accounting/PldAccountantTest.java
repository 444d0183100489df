package dev.tacita.dp.accounting;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static dev.tacita.dp.accounting.NeighbouringRelation.REPLACE_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PldAccountantTest {
    private static final PldAccountant PLD = new PldAccountant(ADD_OR_REMOVE_ONE);

    private static double epsilon(Event event, double delta) {
        return PLD.account(event).epsilon(delta).epsilon();
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
    void liesBetweenTheExactGaussianAndRenyi() {
        RdpAccountant rdp = new RdpAccountant(ADD_OR_REMOVE_ONE);
        for (double noise : new double[] {0.03, 0.3, 1, 5, 40, 1e4}) {
            Event event = new Event.Gaussian(noise).times(7);
            PldLoss loss = PLD.account(event);
            PrvLoss prv = new PrvAccountant(ADD_OR_REMOVE_ONE).account(event);
            for (double delta : new double[] {1e-9, 1e-5, 1e-2}) {
                double exact = AnalyticGaussian.epsilon(noise / Math.sqrt(7), delta);
                assertThat(loss.epsilon(delta).epsilon())
                        .as("noise %s, delta %s", noise, delta)
                        .isBetween(exact * (1 - 1e-6), exact * (1 + 2e-3) + 1e-9)
                        .isLessThanOrEqualTo(rdp.account(event).epsilon(delta).epsilon() * (1 + 1e-3));
                assertThat(loss.epsilonRange(delta).lower())
                        .as("noise %s, delta %s", noise, delta)
                        .isBetween(exact * (1 - 1e-2) - 1e-9, exact * (1 + 1e-9));
                assertThat(prv.epsilonRange(delta).lower()).isBetween(exact * 0.99 - 1e-6, exact);
                assertThat(prv.epsilonRange(delta).upper()).isBetween(exact, exact * 1.01 + 1e-6);
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
                .hasMessageContaining(
                        "event.events[1]: It takes mechanisms that are known by their worst pair of neighbours, not ZeroConcentrated");
        assertThatThrownBy(() -> new PldAccountant(REPLACE_ONE).account(Event.dpSgd(0.1, 1, 1)))
                .isInstanceOf(UnsupportedEventException.class)
                .hasMessageContaining("for neighbours that add or remove one or zero out one only");
    }
}

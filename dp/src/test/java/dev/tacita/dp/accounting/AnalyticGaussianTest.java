package dev.tacita.dp.accounting;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static dev.tacita.dp.accounting.NeighbouringRelation.REPLACE_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnalyticGaussianTest {
    @ParameterizedTest
    @CsvSource({
        "0.1, 1e-5, 30.749566",
        "0.5, 1e-5, 7.0318267",
        "1, 1e-5, 3.7306316",
        "1.0986122886681098, 1e-5, 3.4246624",
        "2, 1e-5, 1.9938124",
        "8, 1e-5, 0.6002291",
        "1, 1e-6, 4.2246789"
    })
    void noiseIsThatOfBalleAndWang(double epsilon, double delta, double noise) {
        double found = AnalyticGaussian.noiseMultiplier(epsilon, delta);
        assertThat(found).isCloseTo(noise, within(1e-6));
        assertThat(AnalyticGaussian.delta(found, epsilon)).isLessThanOrEqualTo(delta);
        assertThat(AnalyticGaussian.epsilon(found, delta)).isCloseTo(epsilon, within(1e-9));
    }

    @Test
    void threeGaussiansAreOneOfMuOne() {
        Event event = new Event.Gaussian(Math.sqrt(3)).times(3);
        Guarantee found = new GdpAccountant(REPLACE_ONE).account(event).delta(1);
        assertThat(found.delta()).isCloseTo(0.126936, within(1e-6));
        assertThat(found.bound()).isTrue();
    }

    @Test
    void theCentralLimitAgreesWithOpacusAndSaysThatItIsNoBound() {
        Guarantee found = new GdpAccountant(ADD_OR_REMOVE_ONE)
                .account(Event.dpSgd(0.04, 1.5, 2250))
                .epsilon(1e-5);
        assertThat(found.epsilon()).isCloseTo(6.6015671, within(1e-6));
        assertThat(found.bound()).isFalse();
        assertThat(found.method()).startsWith("central limit, mu 1.41938");
    }

    @Test
    void renyiNeverGoesBelowTheExactGaussian() {
        RdpAccountant rdp = new RdpAccountant(ADD_OR_REMOVE_ONE);
        for (double noise : new double[] {0.2, 0.7, 1, 3, 10, 80}) {
            for (double delta : new double[] {1e-10, 1e-6, 1e-3, 0.1}) {
                assertThat(rdp.account(new Event.Gaussian(noise)).epsilon(delta).epsilon())
                        .as("noise %s, delta %s", noise, delta)
                        .isGreaterThanOrEqualTo(AnalyticGaussian.epsilon(noise, delta));
            }
        }
    }

    @Test
    void concentratedPrivacyIsRenyiOfDenseOrders() {
        Event event = Event.of(new Event.Gaussian(2).times(3), new Event.ZeroConcentrated(0.1));
        Guarantee found = new ZcdpAccountant(REPLACE_ONE).account(event).epsilon(1e-6);
        double rho = 3.0 / 8 + 0.1;
        double exact = AnalyticGaussian.epsilon(1 / Math.sqrt(2 * rho), 1e-6);
        assertThat(found.epsilon()).isBetween(exact, rho + 2 * Math.sqrt(rho * Math.log(1e6)));
        assertThat(found.accountant()).isEqualTo("zCDP");
        assertThat(found.epsilon())
                .isLessThanOrEqualTo(new RdpAccountant(REPLACE_ONE)
                                .account(event)
                                .epsilon(1e-6)
                                .epsilon()
                        + 1e-4);
        assertThatThrownBy(() -> new ZcdpAccountant(ADD_OR_REMOVE_ONE).account(Event.dpSgd(0.1, 1, 1)))
                .isInstanceOf(UnsupportedEventException.class);
    }

    @Test
    void theExtremesAreExact() {
        assertThat(AnalyticGaussian.delta(0, 3)).isEqualTo(1);
        assertThat(AnalyticGaussian.delta(1e5, 1e5)).isZero();
        assertThat(AnalyticGaussian.epsilon(1, 0)).isInfinite();
        assertThat(AnalyticGaussian.epsilon(1, 1)).isZero();
        assertThatThrownBy(() -> AnalyticGaussian.noiseMultiplier(0, 1e-5)).hasMessageContaining("above 0; it is 0.0");
        assertThatThrownBy(() -> AnalyticGaussian.noiseMultiplier(1, 1))
                .hasMessageContaining("both excluded; it is 1.0");
    }
}

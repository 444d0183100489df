package dev.tacita.dp.accounting;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    private static final RdpAccountant RDP = new RdpAccountant(ADD_OR_REMOVE_ONE);

    @Test
    void a5NoiseMeetsTheTargetAndNeverExceedsIt() {
        long seed = 4;
        Random random = new Random(seed);
        for (int i = 0; i < 12; i++) {
            double target = 0.3 + 10 * random.nextDouble();
            double rate = Math.pow(10, -1 - 3 * random.nextDouble());
            long steps = 1L + random.nextInt(5000);
            double delta = Math.pow(10, -4 - 2 * random.nextDouble());
            double noise = Calibration.noiseMultiplier(RDP, z -> Event.dpSgd(rate, z, steps), target, delta);
            double epsilon =
                    RDP.account(Event.dpSgd(rate, noise, steps)).epsilon(delta).epsilon();
            assertThat(epsilon).as("seed %d, case %d", seed, i).isBetween(target * (1 - 1e-3), target);
        }
    }

    @Test
    void stepsAreTheMostThatKeepToTheBudget() {
        long steps = Calibration.steps(RDP, count -> Event.dpSgd(0.01, 1.1, count), 2, 1e-5)
                .orElseThrow();
        assertThat(RDP.account(Event.dpSgd(0.01, 1.1, steps)).epsilon(1e-5).epsilon())
                .isLessThanOrEqualTo(2);
        assertThat(RDP.account(Event.dpSgd(0.01, 1.1, steps + 1)).epsilon(1e-5).epsilon())
                .isGreaterThan(2);
        assertThat(Calibration.steps(RDP, count -> new Event.Gaussian(0.1).times(count), 2, 1e-5))
                .hasValue(0);
        assertThat(Calibration.steps(RDP, count -> new Event.Nothing(), 2, 1e-5))
                .isEmpty();
    }

    @Test
    void aBudgetThatNoNoiseReachesIsRefused() {
        assertThatThrownBy(() -> Calibration.noiseMultiplier(RDP, noise -> new Event.NonPrivate(), 1, 1e-5))
                .hasMessageContaining("No noise multiplier up to 1000000.0 reaches epsilon 1.0");
        assertThatThrownBy(() -> Calibration.noiseMultiplier(RDP, Event.Gaussian::new, 0, 1e-5))
                .hasMessageContaining("target epsilon must be a finite number above 0; it is 0.0");
        assertThatThrownBy(() -> Calibration.noiseMultiplier(RDP, Event.Gaussian::new, Double.NaN, 1e-5))
                .hasMessageContaining("it is NaN");
    }
}

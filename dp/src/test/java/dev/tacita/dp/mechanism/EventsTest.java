package dev.tacita.dp.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.NeighbouringRelation;
import org.junit.jupiter.api.Test;

class EventsTest {
    @Test
    void everyMechanismSaysWhatItReveals() {
        assertThat(GaussianMechanism.of(1.5, 3, 7).event()).isEqualTo(new Event.Gaussian(1.5));
        assertThat(DiscreteGaussianMechanism.of(4, 2).event()).isEqualTo(new Event.ZeroConcentrated(0.125));
        assertThat(LaplaceMechanism.of(0.5, 3, 7).event()).isEqualTo(new Event.EpsilonDelta(0.5, 0));
        assertThat(DiscreteLaplaceMechanism.of(0.5, 3).event()).isEqualTo(new Event.DiscreteLaplace(0.5, 3));
        assertThat(ExponentialMechanism.of(0.5, 3).event()).isEqualTo(new Event.ExponentialChoice(0.5));
        assertThat(PermuteAndFlip.of(0.5, 3).event()).isEqualTo(new Event.PermuteAndFlipChoice(0.5));
        assertThat(ReportNoisyMax.of(0.5, 3).event()).isEqualTo(new Event.EpsilonDelta(0.5, 0));
        assertThat(AboveThreshold.of(0.5, 3, 0, 2).event()).isEqualTo(new Event.EpsilonDelta(0.5, 0));
        assertThat(RandomizedResponse.of(0.5, 4).event()).isEqualTo(Event.RandomizedResponse.of(0.5, 4));
        assertThat(BoundedMean.of(0.5, 0, 1, NeighbouringRelation.REPLACE_ONE).event())
                .isEqualTo(new Event.EpsilonDelta(0.5, 0));
        assertThat(NoisyHistogram.of(0.5, 2, NeighbouringRelation.ADD_OR_REMOVE_ONE)
                        .event())
                .isEqualTo(new Event.DiscreteLaplace(0.5, 2));
        assertThat(NoisyHistogram.of(0.5, 2, NeighbouringRelation.REPLACE_ONE).event())
                .isEqualTo(new Event.DiscreteLaplace(0.5, 4));
    }
}

package dev.tacita.core.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.model.Models;
import dev.tacita.core.number.FixedPoint;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunPlanTest {
    private static RunPlan plan(int rounds, double fraction, int quorum, int sites, long millis, int retries) {
        return new RunPlan(
                "name",
                "dataset",
                Models.logisticRegression(3, 1),
                new Loss.BinaryCrossEntropyWithLogits(),
                new FedSgd(1),
                rounds,
                fraction,
                quorum,
                sites,
                Duration.ofMillis(millis),
                retries,
                new ProtectionSpec.Plain(),
                new PrivacySpec.None(),
                FixedPoint.STANDARD,
                1);
    }

    @Test
    void theSmallestPlanIsAccepted() {
        assertThat(plan(1, Double.MIN_VALUE, 1, 1, 1000, 0).rounds()).isEqualTo(1);
        assertThat(plan(1, 1, 3, 3, 1000, 0).sites()).isEqualTo(3);
    }

    @Test
    void valuesOutOfRangeAreRefusedByName() {
        assertThatThrownBy(() -> plan(0, 1, 1, 1, 1000, 0)).hasMessageContaining("rounds must be >= 1");
        for (double fraction : new double[] {0, -0.1, 1.01, Double.NaN}) {
            assertThatThrownBy(() -> plan(1, fraction, 1, 1, 1000, 0))
                    .hasMessageContaining("cohort-fraction must be > 0 and <= 1");
        }
        assertThatThrownBy(() -> plan(1, 1, 0, 1, 1000, 0)).hasMessageContaining("quorum must be >= 1");
        assertThatThrownBy(() -> plan(1, 1, 3, 2, 1000, 0)).hasMessageContaining("sites must be >= 3");
        assertThatThrownBy(() -> plan(1, 1, 1, 1, 999, 0)).hasMessageContaining("deadline must be >= 1 s");
        assertThatThrownBy(() -> plan(1, 1, 1, 1, 1000, -1)).hasMessageContaining("retries must be >= 0");
    }
}

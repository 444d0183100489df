package dev.tacita.dp.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.FedSgd;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.PrivacyTarget;
import dev.tacita.core.learning.PrivacyTarget.Accounting;
import dev.tacita.core.learning.PrivacyTarget.Noise;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.NeighbouringRelation;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PlannedPrivacyTest {
    private static final ModelSpec MODEL = ModelSpec.sequential(Shape.of(40), List.of(Layer.Dense.of(50)));

    @Test
    void aTargetIsReachedOverAllRoundsAndNeverExceeded() {
        for (Accounting accounting : Accounting.values()) {
            for (int rows : accounting == Accounting.RDP ? new int[] {1, 10, 30, 500} : new int[] {500}) {
                PlannedPrivacy planned = planned(
                        new PrivacySpec.Examples(
                                new Clipping.Flat(1), new PrivacyTarget(new Noise.Epsilon(1), 1e-3, accounting)),
                        fedAvg(new LocalWork.Extent.Epochs(2), OptionalInt.of(10)),
                        rows);
                assertThat(planned.guarantee().epsilon())
                        .as("%s, %s rows", accounting, rows)
                        .isCloseTo(1, within(1e-3))
                        .isLessThanOrEqualTo(1);
                assertThat(planned.step())
                        .isEqualTo(new Event.PoissonSampled(
                                Math.min(1, 10.0 / rows), new Event.Gaussian(planned.noiseMultiplier())));
                assertThat(planned.stepsOfRound()).isEqualTo(Math.max(2, 2 * rows / 10));
                assertThat(planned.relation()).isEqualTo(NeighbouringRelation.ADD_OR_REMOVE_ONE);
            }
        }
    }

    @Test
    void aGradientOfAllRowsIsOneStepOnAll() {
        PlannedPrivacy planned = planned(
                new PrivacySpec.Examples(new Clipping.Flat(1), target(new Noise.Multiplier(3))), new FedSgd(1), 77);
        assertThat(planned.step()).isEqualTo(new Event.PoissonSampled(1, new Event.Gaussian(3)));
        assertThat(planned.steps()).isEqualTo(5);
    }

    @Test
    void updatesOfASiteLieTwiceTheClippingNormApart() {
        for (PrivacySpec privacy : List.of(
                new PrivacySpec.Site(0.5, target(new Noise.Multiplier(8))),
                new PrivacySpec.Federation(0.5, target(new Noise.Multiplier(8))))) {
            PlannedPrivacy planned = planned(privacy, fedAvg(new LocalWork.Extent.Steps(9), OptionalInt.empty()), 3);
            assertThat(planned.step()).isEqualTo(new Event.Gaussian(4));
            assertThat(planned.steps()).as("rounds").isEqualTo(5);
            assertThat(planned.relation()).isEqualTo(NeighbouringRelation.REPLACE_ONE);
        }
        assertThat(PlannedPrivacy.of(plan(new PrivacySpec.None(), new FedSgd(1)), 3))
                .isEmpty();
    }

    @Test
    void noiseThatNoMechanismAddsIsRefused() {
        assertThatThrownBy(() -> planned(
                        new PrivacySpec.Site(1, target(new Noise.Multiplier(10_001))),
                        fedAvg(new LocalWork.Extent.Steps(1), OptionalInt.empty()),
                        3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("plan fewer rounds, or a larger epsilon");
    }

    @Test
    void theNoiseOfSumsHasTheDeviationThatWasPlannedAndLeavesFrozenParametersAtZero() {
        ModelSpec model = new ModelSpec(
                MODEL.inputs(),
                List.of(
                        new Node("kept", Layer.Dense.of(50), List.of("input")).asFrozen(),
                        new Node("moved", Layer.Dense.of(400), List.of("kept"))),
                "moved");
        var spec = new PrivacySpec.Federation(0.5, target(new Noise.Multiplier(8)));
        RunPlan plan = plan(spec, new FedSgd(1));
        SumNoise noise =
                SumNoise.ofFederation(spec, PlannedPrivacy.of(plan, 1).orElseThrow(), model, FixedPoint.STANDARD);
        double[] values = new double[model.layout().size()];
        Arrays.fill(values, 1);
        noise.addTo(values);
        int frozen = 40 * 50 + 50;
        assertThat(Arrays.stream(values, 0, frozen)).containsOnly(0.0);
        double[] moved = Arrays.copyOfRange(values, frozen, values.length);
        double mean = Arrays.stream(moved).average().orElseThrow();
        double deviation = Math.sqrt(Arrays.stream(moved)
                .map(value -> (value - 1) * (value - 1))
                .average()
                .orElseThrow());
        // 20400 values of deviation 8 * 0.5: seven standard errors.
        assertThat(mean).isCloseTo(1, within(7 * 4 / Math.sqrt(moved.length)));
        assertThat(deviation).isCloseTo(4, within(7 * 4 / Math.sqrt(2 * moved.length)));
    }

    private static PrivacyTarget target(Noise noise) {
        return new PrivacyTarget(noise, 1e-3, Accounting.RDP);
    }

    private static PlannedPrivacy planned(PrivacySpec privacy, FederatedAlgorithm algorithm, int rows) {
        return PlannedPrivacy.of(plan(privacy, algorithm), rows).orElseThrow();
    }

    private static FederatedAlgorithm fedAvg(LocalWork.Extent extent, OptionalInt batch) {
        return new FedAvg(new LocalWork.Train(new OptimizerSpec.Sgd(0.1, 0, false, 0), extent, batch), 1);
    }

    private static RunPlan plan(PrivacySpec privacy, FederatedAlgorithm algorithm) {
        return new RunPlan(
                "name",
                "dataset",
                MODEL,
                new Loss.MeanSquaredError(),
                algorithm,
                5,
                1,
                1,
                1,
                Duration.ofSeconds(1),
                0,
                new ProtectionSpec.Plain(),
                privacy,
                FixedPoint.STANDARD,
                1);
    }
}

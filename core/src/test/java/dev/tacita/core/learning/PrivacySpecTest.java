package dev.tacita.core.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.PrivacyTarget.Accounting;
import dev.tacita.core.learning.PrivacyTarget.Noise;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.FixedPoint;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PrivacySpecTest {
    private static final PrivacyTarget TARGET = new PrivacyTarget(new Noise.Multiplier(1), 1e-5, Accounting.RDP);

    @Test
    void whatIsOutOfRangeIsRefusedByName() {
        for (double delta : new double[] {0, 1, -1, 2, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new PrivacyTarget(new Noise.Epsilon(1), delta, Accounting.RDP))
                    .hasMessage("delta must be > 0 and < 1; take less than one over the number of training rows."
                            + " Provided value: " + delta);
        }
        for (double value : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new Noise.Epsilon(value)).hasMessageStartingWith("epsilon must be > 0 and finite");
            assertThatThrownBy(() -> new Noise.Multiplier(value))
                    .hasMessageStartingWith("noise-multiplier must be > 0 and finite");
            assertThatThrownBy(() -> new PrivacySpec.Site(value, TARGET)).hasMessageStartingWith("clip must be > 0");
            assertThatThrownBy(() -> new PrivacySpec.Federation(value, TARGET))
                    .hasMessageStartingWith("clip must be > 0");
        }
    }

    @Test
    void aModelThatMixesExamplesIsRefusedWithWhatToTakeInItsPlace() {
        ModelSpec model = ModelSpec.sequential(
                Shape.of(1, 4, 4),
                List.of(new Normalization.BatchNorm(0.1, 1e-5), new Layer.Flatten(), Layer.Dense.of(1)));
        for (PrivacySpec privacy : List.of(
                new PrivacySpec.Examples(new Clipping.Flat(1), TARGET),
                new PrivacySpec.Site(1, TARGET),
                new PrivacySpec.Federation(1, TARGET))) {
            assertThatThrownBy(() -> plan(model, new Loss.BinaryCrossEntropyWithLogits(), privacy))
                    .isInstanceOf(ProblemsException.class)
                    .hasMessageContaining("Use group-norm in its place.");
        }
        assertThat(plan(model, new Loss.BinaryCrossEntropyWithLogits(), new PrivacySpec.None())
                        .privacy()
                        .level())
                .isEqualTo(PrivacyLevel.NONE);
    }

    @Test
    void aLossThatMixesExamplesIsRefusedWhereSingleExamplesAreHidden() {
        ModelSpec model = ModelSpec.sequential(Shape.of(3), List.of(Layer.Dense.of(1)));
        Loss cox = new Loss.CoxPartialLikelihood();
        assertThatThrownBy(() -> plan(model, cox, new PrivacySpec.Examples(new Clipping.Flat(1), TARGET)))
                .hasMessageContaining("need a loss that is a sum over examples");
        assertThat(plan(model, cox, new PrivacySpec.Site(1, TARGET)).privacy().level())
                .isEqualTo(PrivacyLevel.SITE);
    }

    @Test
    void onlyWhereSingleExamplesAreHiddenDoTheyWeigh() {
        assertThat(new PrivacySpec.None().weight(7)).isEqualTo(7);
        assertThat(new PrivacySpec.Examples(new Clipping.Flat(1), TARGET).weight(7))
                .isEqualTo(7);
        assertThat(new PrivacySpec.Site(1, TARGET).weight(7)).isEqualTo(1);
        assertThat(new PrivacySpec.Federation(1, TARGET).weight(7)).isEqualTo(1);
    }

    private static RunPlan plan(ModelSpec model, Loss loss, PrivacySpec privacy) {
        return new RunPlan(
                "name",
                "dataset",
                model,
                loss,
                new FedAvg(
                        new LocalWork.Train(
                                new OptimizerSpec.Sgd(0.1, 0, false, 0),
                                new LocalWork.Extent.Epochs(1),
                                OptionalInt.empty()),
                        1),
                1,
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

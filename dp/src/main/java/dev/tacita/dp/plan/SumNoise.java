package dev.tacita.dp.plan;

import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.ParameterLayout.Slot;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.dp.mechanism.GaussianMechanism;
import java.util.Arrays;
import java.util.List;

/**
 * Noise on what sites have clipped: on one site's update, or on the sum of many. Guarantee: a result reveals no more of any one
 * site than {@link PlannedPrivacy#step} says, for neighbours that replace all rows of one site. Parameters that are not trained
 * become zero, whatever was sent for them, so that they reveal nothing.
 */
public final class SumNoise {
    /** Clipping computes in double and rounds to float: an update may be longer than its norm by so much. */
    static final double ROUNDING = 1 + 0x1p-20;

    private final List<Slot> trained;
    private final GaussianMechanism mechanism;

    private SumNoise(ModelSpec model, double clip, double noiseMultiplier, double step) {
        trained = model.layout().slots().stream().filter(Slot::trained).toList();
        int dimension = trained.stream().mapToInt(Slot::length).sum();
        double sensitivity = 2 * clip * ROUNDING + Math.sqrt(dimension) * step;
        mechanism = GaussianMechanism.of(noiseMultiplier / 2, sensitivity, dimension);
    }

    /** For the update of one site, which adds the noise itself. */
    public static SumNoise ofSite(PrivacySpec.Site site, PlannedPrivacy planned, ModelSpec model) {
        return new SumNoise(model, site.clip(), planned.noiseMultiplier(), 0);
    }

    /** For the sum of the updates of several sites, each rounded to these fixed-point numbers. */
    public static SumNoise ofFederation(
            PrivacySpec.Federation federation, PlannedPrivacy planned, ModelSpec model, FixedPoint encoding) {
        return new SumNoise(model, federation.clip(), planned.noiseMultiplier(), 1 / encoding.scale());
    }

    /** Replaces the values of the whole parameter vector by noisy ones. */
    public void addTo(float[] values) {
        float[] moving = new float[mechanism.dimension()];
        int place = 0;
        for (Slot slot : trained) {
            System.arraycopy(values, slot.offset(), moving, place, slot.length());
            place += slot.length();
        }
        mechanism.addTo(moving);
        Arrays.fill(values, 0);
        place = 0;
        for (Slot slot : trained) {
            System.arraycopy(moving, place, values, slot.offset(), slot.length());
            place += slot.length();
        }
    }

    /** As {@link #addTo(float[])}, in double precision. */
    public void addTo(double[] values) {
        double[] moving = new double[mechanism.dimension()];
        int place = 0;
        for (Slot slot : trained) {
            System.arraycopy(values, slot.offset(), moving, place, slot.length());
            place += slot.length();
        }
        mechanism.addTo(moving);
        Arrays.fill(values, 0);
        place = 0;
        for (Slot slot : trained) {
            System.arraycopy(moving, place, values, slot.offset(), slot.length());
            place += slot.length();
        }
    }
}

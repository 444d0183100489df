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
 * site than {@link PlannedPrivacy#step} says, for neighbours that replace all rows of one site. Values without noise, such as those of
 * parameters that are not trained, become zero, whatever was sent for them, so that they reveal nothing.
 */
public final class SumNoise {
    /** Clipping computes in double and rounds to float: an update may be longer than its norm by so much. */
    static final double ROUNDING = 1 + 0x1p-20;

    private final List<Values> noisy;
    private final GaussianMechanism mechanism;

    /**
     * Values of a contribution that get noise.
     *
     * @param offset of the first, at least 0
     * @param length how many, at least 1
     */
    public record Values(int offset, int length) {
        public Values {
            if (offset < 0 || length < 1) {
                throw new IllegalArgumentException(
                        "offset must be >= 0 and length >= 1. Provided values: " + offset + ", " + length);
            }
        }

        /** The parameters of a model that are trained. */
        public static List<Values> trained(ModelSpec model) {
            return model.layout().slots().stream()
                    .filter(Slot::trained)
                    .map(slot -> new Values(slot.offset(), slot.length()))
                    .toList();
        }
    }

    private SumNoise(List<Values> noisy, double clip, double noiseMultiplier, double step) {
        this.noisy = List.copyOf(noisy);
        int dimension = noisy.stream().mapToInt(Values::length).sum();
        double sensitivity = 2 * clip * ROUNDING + Math.sqrt(dimension) * step;
        mechanism = GaussianMechanism.of(noiseMultiplier / 2, sensitivity, dimension);
    }

    /** For the update of one site, which adds the noise itself. */
    public static SumNoise ofSite(PrivacySpec.Site site, PlannedPrivacy planned, ModelSpec model) {
        return ofSite(site, planned, Values.trained(model));
    }

    /** For the contribution of one site, all of it clipped as one vector, which has more than an update or less. */
    public static SumNoise ofSite(PrivacySpec.Site site, PlannedPrivacy planned, List<Values> noisy) {
        return new SumNoise(noisy, site.clip(), planned.noiseMultiplier(), 0);
    }

    /** For the sum of the updates of several sites, each rounded to these fixed-point numbers. */
    public static SumNoise ofFederation(
            PrivacySpec.Federation federation, PlannedPrivacy planned, ModelSpec model, FixedPoint encoding) {
        return ofFederation(federation, planned, Values.trained(model), encoding);
    }

    /** For the sum of contributions that have more than an update or less, each clipped as one vector and then rounded. */
    public static SumNoise ofFederation(
            PrivacySpec.Federation federation, PlannedPrivacy planned, List<Values> noisy, FixedPoint encoding) {
        return new SumNoise(noisy, federation.clip(), planned.noiseMultiplier(), 1 / encoding.scale());
    }

    /** Replaces the values of the whole contribution by noisy ones. */
    public void addTo(float[] values) {
        float[] moving = new float[mechanism.dimension()];
        int place = 0;
        for (Values slot : noisy) {
            System.arraycopy(values, slot.offset(), moving, place, slot.length());
            place += slot.length();
        }
        mechanism.addTo(moving);
        Arrays.fill(values, 0);
        place = 0;
        for (Values slot : noisy) {
            System.arraycopy(moving, place, values, slot.offset(), slot.length());
            place += slot.length();
        }
    }

    /** As {@link #addTo(float[])}, in double precision. */
    public void addTo(double[] values) {
        double[] moving = new double[mechanism.dimension()];
        int place = 0;
        for (Values slot : noisy) {
            System.arraycopy(values, slot.offset(), moving, place, slot.length());
            place += slot.length();
        }
        mechanism.addTo(moving);
        Arrays.fill(values, 0);
        place = 0;
        for (Values slot : noisy) {
            System.arraycopy(moving, place, values, slot.offset(), slot.length());
            place += slot.length();
        }
    }
}

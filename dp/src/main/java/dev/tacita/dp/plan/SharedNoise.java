package dev.tacita.dp.plan;

import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.ParameterLayout.Slot;
import dev.tacita.core.number.Quantization;
import dev.tacita.dp.accounting.Spending;
import dev.tacita.dp.training.NoiseShare;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A site's share of the noise of a run with {@code privacy: federation} under secure aggregation: there nobody has the sum
 * before it has noise, so the sites add it. Guarantee: a sum of at least the quorum, of which no more than the plan's {@code
 * corrupted} sites keep their share back or tell it, reveals no more of any one site than {@link PlannedPrivacy#step} says, to the
 * aggregator too; for neighbours that replace all rows of one site. Parameters that are not trained become zero and get no noise.
 */
public final class SharedNoise {
    /** A normal number is beyond it once in 10^23 draws. */
    private static final double DEVIATIONS_OF_ROOM = 10;

    private final List<Slot> trained;
    private final int parameters;
    private final NoiseShare share;
    private final NoiseShare.Terms terms;

    private SharedNoise(RunPlan plan, NoiseShare.Terms terms, Spending spending) {
        this.trained = trained(plan);
        this.parameters = plan.model().layout().size();
        this.terms = terms;
        this.share = NoiseShare.of(terms, spending);
    }

    /** For such runs; empty for others. What is spent is entered before noise is drawn. */
    public static Optional<SharedNoise> of(RunPlan plan, PlannedPrivacy planned, Spending spending) {
        return plan.privacy() instanceof PrivacySpec.Federation federation
                        && plan.protection() instanceof SecureAggregation protection
                ? Optional.of(
                        new SharedNoise(plan, terms(plan, federation, protection, planned.noiseMultiplier()), spending))
                : Optional.empty();
    }

    /** Whether the sites of a run add its noise in shares. */
    public static boolean isOf(RunPlan plan) {
        return plan.privacy() instanceof PrivacySpec.Federation && plan.protection() instanceof SecureAggregation;
    }

    static NoiseShare.Terms terms(
            RunPlan plan, PrivacySpec.Federation federation, SecureAggregation protection, double noiseMultiplier) {
        int dimension = trained(plan).stream().mapToInt(Slot::length).sum();
        return new NoiseShare.Terms(
                dimension,
                PlannedPrivacy.SITES_APART * federation.clip(),
                noiseMultiplier / PlannedPrivacy.SITES_APART,
                plan.quorum(),
                protection.corrupted(),
                protection.quantization().step());
    }

    /** A site's numbers must hold its clipped update and its share of the noise. */
    static void checkRoom(
            RunPlan plan, PrivacySpec.Federation federation, SecureAggregation protection, double noiseMultiplier) {
        Quantization quantization = protection.quantization();
        double longest = federation.clip() * SumNoise.ROUNDING;
        if (longest > quantization.limit()) {
            throw new IllegalArgumentException(
                    "protection.largest-value must be above federation.clip: else whether a site can take part would depend on its"
                            + " rows, which no noise hides. Provided values: " + quantization.limit() + ", "
                            + federation.clip());
        }
        double noise = DEVIATIONS_OF_ROOM
                * terms(plan, federation, protection, noiseMultiplier).sigma();
        double needed = longest + (noise + 1) * quantization.step();
        double held = quantization.largest() * quantization.step();
        if (needed > held) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "protection.largest-value x largest-weight must be >= %.4g, to leave room for the noise that a site adds to"
                            + " its update. Provided value: %.4g",
                    needed,
                    held));
        }
    }

    private static List<Slot> trained(RunPlan plan) {
        return plan.model().layout().slots().stream().filter(Slot::trained).toList();
    }

    /** The values of an update whose parameters that are not trained are zero. */
    public static float[] trainedOnly(RunPlan plan, float[] update) {
        float[] values = new float[update.length];
        for (Slot slot : trained(plan)) {
            System.arraycopy(update, slot.offset(), values, slot.offset(), slot.length());
        }
        return values;
    }

    /** Fresh noise for each parameter, in steps of the ring; it must be used once. */
    public long[] draw() {
        long[] moving = new long[terms.parameters()];
        share.addTo(moving);
        long[] noise = new long[parameters];
        int place = 0;
        for (Slot slot : trained) {
            System.arraycopy(moving, place, noise, slot.offset(), slot.length());
            place += slot.length();
        }
        return noise;
    }
}

package dev.tacita.secureagg;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.RunPlan;
import java.util.List;

/**
 * The terms of a run's round, which each site and the aggregator work out for themselves from the plan: what one of them has
 * changed gives other terms, and keys that fit nobody else's.
 */
public final class PlannedTerms {
    /**
     * The vector of the update: the weight, then weight x value of each parameter, and of what the algorithm adds to them. Not
     * there in an evaluation.
     */
    public static final String UPDATE = "update";

    private PlannedTerms() {}

    /**
     * The terms.
     *
     * @param protection the plan's
     * @param model names all that the round starts from
     * @param cohort in ascending order
     * @param training whether updates are summed; metrics are in any case
     * @throws dev.tacita.core.ProblemsException if they cannot be safe, or a sum could wrap; with every reason
     */
    public static RoundTerms of(
            RunPlan plan,
            SecureAggregation protection,
            RunId run,
            int round,
            int attempt,
            Octets model,
            List<SiteId> cohort,
            boolean training,
            Octets aggregatorKey) {
        VectorSpec update = new VectorSpec(
                UPDATE,
                1 + plan.algorithm().contributionSize(plan.model().layout().size()),
                modulus(protection),
                protection.quantization().bits());
        return new RoundTerms(
                run,
                round,
                attempt,
                model,
                cohort,
                Sharing.Complete.of(cohort.size(), protection.corrupted(), protection.adversary()),
                plan.quorum(),
                training ? List.of(update, SummedMetrics.SPEC) : List.of(SummedMetrics.SPEC),
                aggregatorKey);
    }

    /** The ring in which the plan's updates are added. */
    public static Modulus modulus(SecureAggregation protection) {
        return protection.modulusBits() == Integer.SIZE ? Modulus.TWO_32 : Modulus.TWO_64;
    }
}

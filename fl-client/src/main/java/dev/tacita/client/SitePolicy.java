package dev.tacita.client;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a site takes part in. No run can loosen it, and what it does not name it refuses. There are no defaults: a
 * policy is complete or does not exist.
 *
 * @param algorithms names of the algorithms allowed, such as {@code fedavg}
 * @param layers names of the layers a model may have, such as {@code dense}
 * @param leastProtection the weakest protection under which a contribution may leave
 * @param privacy how much noise is asked for; a budget for each of the datasets, if any is
 * @param smallestCohort how many sites must answer a round at least, so that one site's part is not the whole; at
 *     least 1
 * @param datasets names of the datasets that may be trained on
 * @param largestRounds how many rounds a run may have; empty means any number
 * @param shareMetrics whether loss and accuracy on the site's own examples may leave
 * @param classBalance whether class counts may leave, and of how few examples metrics may
 * @param keepPersonalModels whether a model of the site's own stays in its work folder when its run is over; without effect
 *     where no {@linkplain #PERSONAL algorithm that makes one} is allowed
 */
public record SitePolicy(
        Set<String> algorithms,
        Set<String> layers,
        ProtectionDemand leastProtection,
        PrivacyDemand privacy,
        int smallestCohort,
        Set<String> datasets,
        OptionalInt largestRounds,
        boolean shareMetrics,
        ClassBalance classBalance,
        boolean keepPersonalModels) {
    /** Names of the algorithms that give a site a model of its own. */
    static final Set<String> PERSONAL = Set.of("fedbn", "fedper", "ditto");

    public SitePolicy {
        algorithms = Set.copyOf(algorithms);
        layers = Set.copyOf(layers);
        datasets = Set.copyOf(datasets);
        requireNonNull(leastProtection, "leastProtection is null");
        requireNonNull(privacy, "privacy is null");
        requireNonNull(largestRounds, "largestRounds is null");
        requireNonNull(classBalance, "classBalance is null");
        if (privacy instanceof PrivacyDemand.Required required
                && !required.ofDatasets().keySet().equals(datasets)) {
            throw new IllegalArgumentException("of-datasets must name each dataset of the policy, and no other: "
                    + words(datasets) + ". Provided value: "
                    + words(required.ofDatasets().keySet()));
        }
        if (smallestCohort < 1) {
            throw new IllegalArgumentException("smallest-cohort must be >= 1. Provided value: " + smallestCohort);
        }
        if (largestRounds.isPresent() && largestRounds.getAsInt() < 1) {
            throw new IllegalArgumentException(
                    "largest-rounds must be >= 1. Provided value: " + largestRounds.getAsInt());
        }
    }

    /** Builds a policy; every field must be set. */
    public static SitePolicyBuilder builder() {
        return new SitePolicyBuilder();
    }

    /**
     * Every reason against taking part in this plan, each with the rule and the plan's value; empty if there is none. What
     * depends on a site's data, {@link PrivacyDemand#judge} looks at.
     */
    public List<String> judge(RunPlan plan) {
        List<String> reasons = new ArrayList<>();
        if (!datasets.contains(plan.dataset())) {
            reasons.add("datasets: the policy allows " + words(datasets) + "; the plan uses '" + plan.dataset() + "'");
        }
        if (!algorithms.contains(plan.algorithm().name())) {
            reasons.add("algorithms: the policy allows " + words(algorithms) + "; the plan uses '"
                    + plan.algorithm().name() + "'");
        }
        for (Node node : plan.model().nodes()) {
            String layer = node.layer().name();
            if (!layers.contains(layer)) {
                reasons.add(
                        "layers: the policy allows " + words(layers) + "; node '" + node.id() + "' is '" + layer + "'");
            }
        }
        reasons.addAll(leastProtection.judge(plan));
        if (plan.quorum() < smallestCohort) {
            reasons.add("smallest-cohort: the policy asks for at least " + smallestCohort
                    + " sites in each sum; the plan's quorum is " + plan.quorum());
        }
        if (largestRounds.isPresent() && plan.roundsInAll() > largestRounds.getAsInt()) {
            reasons.add("largest-rounds: the policy allows at most " + largestRounds.getAsInt()
                    + " rounds; the plan has " + plan.roundsInAll()
                    + (plan.part().isPresent() ? ", counted over all rounds of the run that it is a part of" : ""));
        }
        return List.copyOf(reasons);
    }

    /** Whether metrics of a set of so many of the site's examples may leave. */
    boolean sharesMetricsOf(int examples) {
        return shareMetrics && examples > 0 && !classBalance.isTooFew(examples);
    }

    private static String words(Collection<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", new TreeSet<>(names));
    }
}

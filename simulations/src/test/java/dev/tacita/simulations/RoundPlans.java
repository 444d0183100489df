package dev.tacita.simulations;

import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.ModelSpec;

/** Plans that differ from others in a part. */
final class RoundPlans {
    private RoundPlans() {}

    static RunPlan with(ModelSpec model, RunPlan plan, FederatedAlgorithm algorithm) {
        return new RunPlan(
                plan.name(),
                plan.dataset(),
                model,
                plan.loss(),
                algorithm,
                plan.rounds(),
                plan.cohortFraction(),
                plan.quorum(),
                plan.sites(),
                plan.deadline(),
                plan.retries(),
                plan.protection(),
                plan.privacy(),
                plan.encoding(),
                plan.seed());
    }

    static RunPlan withQuorum(RunPlan plan, int quorum, int sites) {
        return new RunPlan(
                plan.name(),
                plan.dataset(),
                plan.model(),
                plan.loss(),
                plan.algorithm(),
                plan.rounds(),
                plan.cohortFraction(),
                quorum,
                sites,
                plan.deadline(),
                plan.retries(),
                plan.protection(),
                plan.privacy(),
                plan.encoding(),
                plan.seed());
    }
}

package dev.tacita.client;

import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.Regions;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import java.util.HashSet;
import java.util.Optional;

/**
 * Holds a round to the plan that was accepted: the policy judged the plan, and a round that asks for more than the plan
 * says would get past it.
 */
final class RoundJudge {
    private final SitePolicy policy;

    RoundJudge(SitePolicy policy) {
        this.policy = policy;
    }

    /** Why the round is not answered; empty if it is. */
    Optional<String> judge(RunPlan plan, RoundOpened asked) {
        int round = asked.place().round();
        if (asked.purpose() == Purpose.TRAIN && !plan.trains(round)) {
            return Optional.of(
                    "the plan has " + plan.trainingRounds() + " rounds of training. Provided value: " + round);
        }
        if (asked.purpose() == Purpose.EVALUATE && (plan.trains(round) || round != plan.lastRound())) {
            return Optional.of(
                    "the plan evaluates after its " + plan.trainingRounds() + " rounds. Provided value: " + round);
        }
        Optional<String> begins = plan.part().map(Regions.PartOf::model);
        if (round == 1
                && begins.isPresent()
                && !begins.get().equals(asked.model().toString())) {
            return Optional.of("the plan begins from model " + begins.get() + ". Provided value: " + asked.model());
        }
        int sites = new HashSet<>(asked.cohort()).size();
        // In a sum of buffered contributions are sites that earlier rounds asked.
        boolean buffered = plan.algorithm() instanceof FedBuff && asked.purpose() == Purpose.TRAIN;
        int least = buffered ? asked.quorum() : Math.min(sites, asked.quorum());
        if (least < policy.smallestCohort()) {
            return Optional.of("smallest-cohort: the policy asks for at least " + policy.smallestCohort()
                    + " sites in each sum; the round asks " + sites + " sites and has a quorum of " + asked.quorum());
        }
        boolean shares = asked.purpose() == Purpose.TRAIN
                && plan.algorithm().sharedSize(plan.model().layout().size()) > 0;
        if (shares != asked.shared().isPresent()) {
            return Optional.of("the plan's algorithm " + (shares ? "sends something" : "sends nothing")
                    + " beside the parameters. Provided value: "
                    + asked.shared().map(Object::toString).orElse("nothing"));
        }
        return Optional.empty();
    }
}

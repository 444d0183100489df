package dev.tacita.client;

import dev.tacita.core.learning.RunPlan;
import dev.tacita.dp.plan.PlannedPrivacy;
import dev.tacita.wire.Hash;
import java.util.List;
import java.util.Optional;

/** Whether a site takes part in a run. */
sealed interface Judgement {
    /**
     * It does.
     *
     * @param parameters how many the model has
     * @param text SHA-256 of the plan's text
     * @param planned what the plan's privacy comes to here; empty if it adds no noise
     */
    record Accepted(RunPlan plan, int parameters, Hash text, Optional<PlannedPrivacy> planned) implements Judgement {}

    /** It does not, for every one of these reasons. */
    record Refused(List<String> reasons) implements Judgement {}
}

package dev.tacita.client;

import dev.tacita.core.learning.RunPlan;
import java.util.List;

/** Whether a site takes part in a run. */
sealed interface Judgement {
    /** It does; the model has this many parameters. */
    record Accepted(RunPlan plan, int parameters) implements Judgement {}

    /** It does not, for every one of these reasons. */
    record Refused(List<String> reasons) implements Judgement {}
}

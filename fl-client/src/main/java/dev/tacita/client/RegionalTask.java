package dev.tacita.client;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.RunId;
import dev.tacita.core.learning.RunPlan;

/**
 * What a round asks of a region.
 *
 * @param run of the regions
 * @param plan of that run
 * @param round of that run, counted from 1; one after the plan's last is the evaluation
 * @param parameters of the model to begin with; shared, not to be changed
 */
public record RegionalTask(RunId run, RunPlan plan, int round, float[] parameters) {
    public RegionalTask {
        requireNonNull(run, "run is null");
        requireNonNull(plan, "plan is null");
        requireNonNull(parameters, "parameters is null");
    }

    /** Whether the region trains; else it measures the model. */
    public boolean trains() {
        return plan.trains(round);
    }
}

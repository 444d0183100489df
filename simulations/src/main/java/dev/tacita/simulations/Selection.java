package dev.tacita.simulations;

import dev.tacita.core.Problem;
import dev.tacita.core.learning.CohortDraw;
import dev.tacita.core.learning.RunPlan;
import java.util.List;

/** Which sites a round asks. The same plan, sites and models give the same cohorts. */
public interface Selection {
    /** How many sites a round asks. */
    default int cohortSize(RunPlan plan, int sites) {
        return CohortDraw.size(plan.cohortFraction(), plan.quorum(), sites);
    }

    /** What keeps it from choosing so many of so many sites; empty if nothing does. */
    default List<Problem> problemsWith(int cohort, int sites) {
        return List.of();
    }

    /** Whether it asks sites how large their losses are, which no noise hides. */
    default boolean asksLosses() {
        return false;
    }

    /** For the rounds of one run. */
    CohortChooser begin(RunPlan plan, Population population);
}

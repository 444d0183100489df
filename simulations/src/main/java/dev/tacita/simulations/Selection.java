package dev.tacita.simulations;

import dev.tacita.core.learning.CohortDraw;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.number.SeedStream;

/** Which sites a round asks. */
public enum Selection {
    /** A random part of them, as live: the plan's cohort fraction. */
    UNIFORM {
        @Override
        int[] cohort(RunPlan plan, int round, int attempt, int sites) {
            int size = CohortDraw.size(plan.cohortFraction(), plan.quorum(), sites);
            return CohortDraw.draw(plan.seed(), round, attempt, sites, size);
        }
    },
    /**
     * One after the other, each once in a cycle, in an order drawn for each cycle (cyclic weight transfer: Chang et al. 2018).
     */
    CYCLIC {
        @Override
        int[] cohort(RunPlan plan, int round, int attempt, int sites) {
            int cycle = (round - 1) / sites;
            int[] order = Dealing.shuffled(
                    sites,
                    SeedStream.of(plan.seed())
                            .derive("cohort")
                            .derive("cycle")
                            .derive(cycle)
                            .random());
            return new int[] {order[(round - 1) % sites]};
        }
    };

    /** The sites of a round, by index, ascending. */
    abstract int[] cohort(RunPlan plan, int round, int attempt, int sites);
}

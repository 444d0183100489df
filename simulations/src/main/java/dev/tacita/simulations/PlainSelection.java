package dev.tacita.simulations;

import dev.tacita.core.learning.CohortDraw;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.number.SeedStream;

/** Selections that need to know nothing of the sites. */
public enum PlainSelection implements Selection {
    /** A random part of the sites, as live: the plan's cohort fraction. */
    UNIFORM {
        @Override
        public CohortChooser begin(RunPlan plan, Population population) {
            int sites = population.size();
            return (round, reports) -> CohortDraw.draw(plan.seed(), round, 1, sites, cohortSize(plan, sites));
        }
    },
    /**
     * One after the other, each once in a cycle, in an order drawn for each cycle (cyclic weight transfer: Chang et al. 2018).
     */
    CYCLIC {
        @Override
        public int cohortSize(RunPlan plan, int sites) {
            return 1;
        }

        @Override
        public CohortChooser begin(RunPlan plan, Population population) {
            int sites = population.size();
            return (round, reports) -> {
                int cycle = (round - 1) / sites;
                int[] order = Dealing.shuffled(
                        sites,
                        SeedStream.of(plan.seed())
                                .derive("cohort")
                                .derive("cycle")
                                .derive(cycle)
                                .random());
                return new int[] {order[(round - 1) % sites]};
            };
        }
    }
}

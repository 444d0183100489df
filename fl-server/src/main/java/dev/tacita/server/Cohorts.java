package dev.tacita.server;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.random.RandomGenerator;

/** Draws who is asked. The same plan, round, attempt and sites give the same cohort. */
final class Cohorts {
    private Cohorts() {}

    /**
     * round(C * n) of the sites, but not fewer than the quorum where there are that many, sorted.
     *
     * @param eligible at least one
     */
    static List<SiteId> sample(RunPlan plan, int round, int attempt, SortedSet<SiteId> eligible) {
        int n = eligible.size();
        int wanted = (int) Math.round(plan.cohortFraction() * n);
        int size = Math.min(n, Math.max(wanted, Math.max(1, plan.quorum())));
        List<SiteId> sites = new ArrayList<>(eligible);
        RandomGenerator random = SeedStream.of(plan.seed())
                .derive("cohort")
                .derive(round)
                .derive(attempt)
                .random();
        for (int i = 0; i < size; i++) {
            Collections.swap(sites, i, i + random.nextInt(n - i));
        }
        return sites.subList(0, size).stream().sorted().toList();
    }
}

package dev.tacita.region;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.RunId;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.core.learning.Regions.PartOf;
import dev.tacita.core.learning.RunPlan;
import java.time.Duration;

/**
 * How a region does its rounds in its own federation. What is trained, how and how often is said by the plan of the regions.
 *
 * @param sites how many must be present before the first of its rounds, at least the quorum
 * @param quorum how many must answer each of them, at least 1
 * @param cohortFraction the fraction of the sites present that each asks, above 0, at most 1
 * @param deadline how long each waits for its cohort, and how long the region waits for its sites; at least a second
 * @param retries how often one below its quorum is tried again before the region's part has failed, at least 0
 * @param protection what hides the contributions of its sites from it
 */
public record RegionSettings(
        int sites, int quorum, double cohortFraction, Duration deadline, int retries, ProtectionSpec protection) {
    public RegionSettings {
        requireNonNull(deadline, "deadline is null");
        requireNonNull(protection, "protection is null");
        if (quorum < 1) {
            throw new IllegalArgumentException("quorum must be >= 1. Provided value: " + quorum);
        }
        if (sites < quorum) {
            throw new IllegalArgumentException(
                    "sites must be at least the quorum of " + quorum + ". Provided value: " + sites);
        }
        if (!(cohortFraction > 0 && cohortFraction <= 1)) {
            throw new IllegalArgumentException(
                    "cohort-fraction must be > 0 and <= 1. Provided value: " + cohortFraction);
        }
        if (deadline.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("deadline must be >= 1s. Provided value: " + deadline);
        }
        if (retries < 0) {
            throw new IllegalArgumentException("retries must be >= 0. Provided value: " + retries);
        }
    }

    /**
     * The plan that the region's sites read: that of the regions, with these settings, as the region's part in one round.
     *
     * @param run of the regions
     * @param plan of that run
     * @param round of that run; one after the plan's last is the evaluation
     * @param model SHA-256 of the parameters to begin with, in hexadecimal digits
     * @throws dev.tacita.core.ProblemsException if there is no such plan; with every reason
     */
    RunPlan part(RunId run, RunPlan plan, int round, String model) {
        Hierarchical algorithm = (Hierarchical) plan.algorithm();
        return new RunPlan(
                run + " round " + round,
                plan.dataset(),
                plan.model(),
                plan.loss(),
                algorithm.with(new PartOf(run, round, plan.rounds(), model)),
                algorithm.edgeRounds(),
                cohortFraction,
                quorum,
                sites,
                deadline,
                retries,
                protection,
                plan.privacy(),
                plan.encoding(),
                plan.seed());
    }
}

package dev.tacita.simulations;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.aggregation.Aggregation;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.ProtectionSpec;
import java.util.OptionalInt;

/**
 * One of the ways of training that a study compares.
 *
 * @param algorithm what a round asks and what becomes of the answers
 * @param selection which sites a round asks
 * @param cohortFraction the fraction of the sites that a round asks, above 0, at most 1
 * @param rule what becomes of a round's updates
 * @param rounds how many, at least 1
 * @param protection what hides contributions
 * @param quorum how many contributions a round must have, at least 1; under secure aggregation the smallest sum that is learnt
 * @param privacy whose data noise hides
 * @param noiseCohortSize how many sites a round is to have asked as far as noise goes; see {@link Simulation}
 */
public record StudyRun(
        FederatedAlgorithm algorithm,
        Selection selection,
        double cohortFraction,
        Aggregation rule,
        int rounds,
        ProtectionSpec protection,
        int quorum,
        PrivacySpec privacy,
        OptionalInt noiseCohortSize) {
    public StudyRun {
        requireNonNull(algorithm, "algorithm is null");
        requireNonNull(selection, "selection is null");
        requireNonNull(rule, "rule is null");
        requireNonNull(protection, "protection is null");
        requireNonNull(privacy, "privacy is null");
        requireNonNull(noiseCohortSize, "noiseCohortSize is null");
        if (!(cohortFraction > 0 && cohortFraction <= 1)) {
            throw new IllegalArgumentException(
                    "cohort-fraction must be > 0 and <= 1. Provided value: " + cohortFraction);
        }
        if (quorum < 1) {
            throw new IllegalArgumentException("quorum must be >= 1. Provided value: " + quorum);
        }
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds must be >= 1. Provided value: " + rounds);
        }
    }

    /** Which models are measured: {@code common}, the aggregator's, or {@code personal}, each site's own. */
    public String measured() {
        return algorithm.isPersonal() ? "personal" : "common";
    }
}

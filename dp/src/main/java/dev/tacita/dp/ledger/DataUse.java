package dev.tacita.dp.ledger;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.RunId;
import dev.tacita.dp.accounting.NeighbouringRelation;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * For what a data set is looked at: steps are spent for a use.
 *
 * @param dataset whose records; 1 to 200 printable characters
 * @param run of which run, if of one
 * @param round in which round of it, if in one; 0 or more
 * @param purpose such as {@code dp-sgd}; 1 to 200 printable characters
 * @param relation the neighbours for which the noise multipliers of its events were found
 */
public record DataUse(
        String dataset, Optional<RunId> run, OptionalInt round, String purpose, NeighbouringRelation relation) {
    public DataUse {
        Words.check("The data set of a use", dataset);
        requireNonNull(run, "run is null");
        requireNonNull(round, "round is null");
        Words.check("The purpose of a use", purpose);
        requireNonNull(relation, "relation is null");
        if (round.isPresent() && round.getAsInt() < 0) {
            throw new IllegalArgumentException("The round of a use must be 0 or more; it is " + round.getAsInt() + ".");
        }
    }

    /** A use outside of any run, such as a count that a site publishes. */
    public static DataUse outsideRuns(String dataset, String purpose, NeighbouringRelation relation) {
        return new DataUse(dataset, Optional.empty(), OptionalInt.empty(), purpose, relation);
    }

    /** A use in a round of a run. */
    public static DataUse inRound(RunId run, int round, String dataset, String purpose, NeighbouringRelation relation) {
        return new DataUse(dataset, Optional.of(run), OptionalInt.of(round), purpose, relation);
    }
}

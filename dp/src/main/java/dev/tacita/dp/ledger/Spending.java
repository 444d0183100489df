package dev.tacita.dp.ledger;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.RunId;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.NeighbouringRelation;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Steps that are about to reveal something of a data set.
 *
 * @param dataset whose records they look at; 1 to 200 printable characters
 * @param run of which run, if of one
 * @param round in which round of it, if in one; 0 or more
 * @param purpose what for, such as {@code dp-sgd}; 1 to 200 printable characters
 * @param relation the neighbours for which the event's noise multipliers were found
 * @param event what one step reveals
 * @param steps 1 or more
 */
public record Spending(
        String dataset,
        Optional<RunId> run,
        OptionalInt round,
        String purpose,
        NeighbouringRelation relation,
        Event event,
        long steps) {
    public Spending {
        Words.check("The data set of a spending", dataset);
        requireNonNull(run, "run is null");
        requireNonNull(round, "round is null");
        Words.check("The purpose of a spending", purpose);
        requireNonNull(relation, "relation is null");
        requireNonNull(event, "event is null");
        if (round.isPresent() && round.getAsInt() < 0) {
            throw new IllegalArgumentException(
                    "The round of a spending must be 0 or more; it is " + round.getAsInt() + ".");
        }
        if (steps < 1) {
            throw new IllegalArgumentException("The steps of a spending must be 1 or more; they are " + steps + ".");
        }
    }

    /** Steps outside of any run, such as of a count that a site publishes. */
    public static Spending outsideRuns(
            String dataset, String purpose, NeighbouringRelation relation, Event event, long steps) {
        return new Spending(dataset, Optional.empty(), OptionalInt.empty(), purpose, relation, event, steps);
    }

    /** Steps of a round of a run. */
    public static Spending inRound(
            RunId run,
            int round,
            String dataset,
            String purpose,
            NeighbouringRelation relation,
            Event event,
            long steps) {
        return new Spending(dataset, Optional.of(run), OptionalInt.of(round), purpose, relation, event, steps);
    }

    /** The same with another number of steps. */
    public Spending steps(long number) {
        return new Spending(dataset, run, round, purpose, relation, event, number);
    }
}

package dev.tacita.dp.ledger;

import static java.util.Objects.requireNonNull;

import dev.tacita.dp.accounting.Event;
import java.time.Instant;

/** A line of a ledger. */
public sealed interface LedgerEntry {
    /** The number of the line, from 2: the first names the ledger. */
    long number();

    /** When it was written, by the clock of the machine. */
    Instant time();

    /**
     * The budget of a data set was declared.
     *
     * @param dataset whose
     * @param budget for ever
     */
    record Declared(long number, Instant time, String dataset, PrivacyBudget budget) implements LedgerEntry {
        public Declared {
            Words.check("The data set of a budget", dataset);
            requireNonNull(budget, "budget is null");
        }
    }

    /**
     * Steps that count as revealed from here on, whether or not their noise was used.
     *
     * @param use for what
     * @param event what one step reveals
     * @param steps 1 or more
     */
    record Spent(long number, Instant time, DataUse use, Event event, long steps) implements LedgerEntry {
        public Spent {
            requireNonNull(use, "use is null");
            requireNonNull(event, "event is null");
            if (steps < 1) {
                throw new IllegalArgumentException("The steps to spend must be 1 or more; they are " + steps + ".");
            }
        }
    }

    /**
     * Steps of an earlier entry that were not run, and no longer count.
     *
     * @param entry the number of that entry
     * @param steps how many of its steps; 1 or more
     */
    record Unused(long number, Instant time, long entry, long steps) implements LedgerEntry {}
}

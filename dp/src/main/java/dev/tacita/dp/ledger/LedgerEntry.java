package dev.tacita.dp.ledger;

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
    record Declared(long number, Instant time, String dataset, PrivacyBudget budget) implements LedgerEntry {}

    /**
     * Steps counted as revealed from here on, whether or not their noise was used.
     *
     * @param spending the steps
     */
    record Spent(long number, Instant time, Spending spending) implements LedgerEntry {}

    /**
     * Steps of an earlier entry that were not run, and no longer count.
     *
     * @param entry the number of that entry
     * @param steps how many of its steps
     */
    record Unused(long number, Instant time, long entry, long steps) implements LedgerEntry {}
}

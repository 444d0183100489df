package dev.tacita.dp.ledger;

/** Steps that count as revealed already, to be run one by one. */
public final class Reservation implements AutoCloseable {
    private final PrivacyLedger ledger;
    private final long entry;
    private long left;

    Reservation(PrivacyLedger ledger, long entry, long steps) {
        this.ledger = ledger;
        this.entry = entry;
        this.left = steps;
    }

    /** Steps that can still be run. */
    public synchronized long left() {
        return left;
    }

    /**
     * Takes one step. Call it before the noise of the step is drawn.
     *
     * @throws IllegalStateException if none is left
     */
    public synchronized void use() {
        if (left == 0) {
            throw new IllegalStateException("No step of this reservation is left.");
        }
        left--;
    }

    /**
     * Gives the steps that were not run back to the budget. After that none is left.
     *
     * @throws LedgerWriteException if that could not be written; they then count as revealed
     */
    @Override
    public synchronized void close() {
        long unused = left;
        left = 0;
        if (unused > 0) {
            ledger.giveBack(entry, unused);
        }
    }
}

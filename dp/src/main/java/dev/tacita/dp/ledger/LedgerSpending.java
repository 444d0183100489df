package dev.tacita.dp.ledger;

import static java.util.Objects.requireNonNull;

import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Spending;
import java.util.Optional;

/**
 * Enters events in a ledger for one use, in blocks: equal events one after the other cost one entry and one accounting a block.
 *
 * <p>Guarantee: that of {@link PrivacyLedger#spend}, for each event. If the process ends before this is closed, the rest of its
 * last block is lost to the budget. Of the last block that the budget allows only a part is taken, so that no step which fits is
 * refused.
 */
public final class LedgerSpending implements Spending, AutoCloseable {
    private final PrivacyLedger ledger;
    private final DataUse use;
    private final long block;
    private Optional<Event> event = Optional.empty();
    private Optional<Reservation> reservation = Optional.empty();

    /**
     * Spending from a ledger, which stays open longer than this.
     *
     * @param ledger where it is entered
     * @param use what for
     * @param block how many steps are taken at a time, 1 or more: the most that a crash wastes
     */
    public LedgerSpending(PrivacyLedger ledger, DataUse use, long block) {
        this.ledger = requireNonNull(ledger, "ledger is null");
        this.use = requireNonNull(use, "use is null");
        if (block < 1) {
            throw new IllegalArgumentException("A block of steps must have 1 or more; it has " + block + ".");
        }
        this.block = block;
    }

    /** {@inheritDoc} The exceptions are those of {@link PrivacyLedger#spend}. */
    @Override
    public synchronized void spend(Event step) {
        Optional<Reservation> left =
                reservation.filter(current -> current.left() > 0 && event.equals(Optional.of(step)));
        if (left.isPresent()) {
            left.get().use();
            return;
        }
        close();
        Reservation next = reserve(step);
        next.use();
        reservation = Optional.of(next);
        event = Optional.of(step);
    }

    /** Gives the steps of the last block that were not taken back to the budget. */
    @Override
    public synchronized void close() {
        Optional<Reservation> current = reservation;
        reservation = Optional.empty();
        current.ifPresent(Reservation::close);
    }

    private Reservation reserve(Event step) {
        try {
            return ledger.reserve(use, step, block);
        } catch (BudgetExceededException e) {
            return ledger.reserve(use, step, Math.max(1, e.fittingSteps()));
        }
    }
}

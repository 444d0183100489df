package dev.tacita.dp.ledger;

import static dev.tacita.dp.accounting.NeighbouringRelation.ADD_OR_REMOVE_ONE;

import dev.tacita.core.RunId;
import dev.tacita.dp.accounting.Event;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * A process that spends steps from a ledger until its budget is spent, and releases each: it writes a byte to another file after the
 * step was spent, as a training would add noise then.
 */
final class SpendingProcess {
    static final Event STEP = new Event.PoissonSampled(0.05, new Event.Gaussian(1));
    static final PrivacyBudget BUDGET = new PrivacyBudget(4, 1e-5, ADD_OR_REMOVE_ONE, BudgetAccountant.RDP);
    static final int SPENT = 3;
    static final int HELD = 4;

    private SpendingProcess() {}

    /** Ends with {@link #SPENT}, or {@link #HELD} if another holds the ledger. Arguments: ledger, releases, steps a block. */
    public static void main(String[] arguments) throws IOException {
        long block = Long.parseLong(arguments[2]);
        try (PrivacyLedger ledger = PrivacyLedger.open(Path.of(arguments[0]), "site west");
                RandomAccessFile releases = new RandomAccessFile(arguments[1], "rw")) {
            ledger.declare("heart", BUDGET);
            releases.seek(releases.length());
            DataUse use = DataUse.inRound(new RunId("heart-1"), 1, "heart", "dp-sgd", ADD_OR_REMOVE_ONE);
            try (LedgerSpending spending = new LedgerSpending(ledger, use, block)) {
                while (true) {
                    spending.spend(STEP);
                    releases.write(1);
                }
            }
        } catch (BudgetExceededException e) {
            System.exit(SPENT);
        } catch (LedgerException e) {
            System.exit(HELD);
        }
    }
}

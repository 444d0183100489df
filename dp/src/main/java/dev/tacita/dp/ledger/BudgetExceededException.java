package dev.tacita.dp.ledger;

import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Guarantee;

/** Thrown if and only if steps would exceed the budget of their data set; nothing was spent, and nothing may be revealed. */
public final class BudgetExceededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient PrivacyBudget budget;
    private final transient Guarantee spent;
    private final transient Event event;
    private final long asked;
    private final long fitting;

    BudgetExceededException(DatasetAccount account, Event event, long asked, double reached, long fitting) {
        this(account, account.spent(), event, asked, reached, fitting);
    }

    private BudgetExceededException(
            DatasetAccount account, Guarantee spent, Event event, long asked, double reached, long fitting) {
        super("The budget of '" + account.dataset() + "' is " + account.budget() + ", of which epsilon "
                + spent.epsilon() + " is spent; " + asked + (asked == 1 ? " step" : " steps") + " of "
                + EventText.write(event) + " would make it " + reached + ". The most that would still fit: " + fitting
                + ".");
        this.budget = account.budget();
        this.spent = spent;
        this.event = event;
        this.asked = asked;
        this.fitting = fitting;
    }

    /** The budget that would be exceeded. */
    public PrivacyBudget budget() {
        return budget;
    }

    /** What is spent of it so far. */
    public Guarantee spent() {
        return spent;
    }

    /** What one step would reveal. */
    public Event event() {
        return event;
    }

    /** How many steps were asked for. */
    public long askedSteps() {
        return asked;
    }

    /** The largest number of such steps that would still fit, less than was asked for; 0 if none. */
    public long fittingSteps() {
        return fitting;
    }
}

package dev.tacita.dp.ledger;

import dev.tacita.dp.accounting.Guarantee;

/** Thrown if and only if steps would exceed the budget of their data set; nothing was spent, and nothing may be revealed. */
public final class BudgetExceededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient PrivacyBudget budget;
    private final transient Guarantee spent;
    private final transient Spending asked;
    private final long fitting;

    BudgetExceededException(PrivacyBudget budget, Guarantee spent, Spending asked, double reached, long fitting) {
        super("The budget of '" + asked.dataset() + "' is " + budget + ", of which epsilon " + spent.epsilon()
                + " is spent; " + asked.steps() + (asked.steps() == 1 ? " step" : " steps") + " of "
                + EventText.write(asked.event()) + " would make it " + reached + ". The most that would still fit: "
                + fitting + ".");
        this.budget = budget;
        this.spent = spent;
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

    /** What was asked for. */
    public Spending asked() {
        return asked;
    }

    /** The largest number of such steps that would still fit, less than was asked for; 0 if none. */
    public long fittingSteps() {
        return fitting;
    }
}

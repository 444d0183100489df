package dev.tacita.dp.ledger;

import static java.util.Objects.requireNonNull;

import dev.tacita.dp.accounting.NeighbouringRelation;

/**
 * What may be revealed of a data set in all, ever.
 *
 * @param epsilon above 0, finite
 * @param delta 0 or more and below 1: clearly less than 1 / the number of records, or 0 for pure epsilon
 * @param relation the neighbours that it holds apart
 * @param accountant who judges
 */
public record PrivacyBudget(double epsilon, double delta, NeighbouringRelation relation, BudgetAccountant accountant) {
    public PrivacyBudget {
        if (!(epsilon > 0) || epsilon == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "The epsilon of a budget must be a finite number above 0; it is " + epsilon + ".");
        }
        if (!(delta >= 0 && delta < 1)) {
            throw new IllegalArgumentException(
                    "The delta of a budget must be 0 or more and below 1; it is " + delta + ".");
        }
        requireNonNull(relation, "relation is null");
        requireNonNull(accountant, "accountant is null");
    }

    @Override
    public String toString() {
        return "epsilon " + epsilon + " at delta " + delta + " (" + relation + ", " + accountant + ")";
    }
}

package dev.tacita.dp.ledger;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the entries of a ledger come to, one after the other. */
final class LedgerState {
    private final Map<String, DatasetAccount> accounts = new LinkedHashMap<>();
    private final Map<Long, Spending> spendings = new HashMap<>();

    Map<String, DatasetAccount> accounts() {
        return Collections.unmodifiableMap(accounts);
    }

    /**
     * The account of a data set that has a budget.
     *
     * @throws IllegalArgumentException if it has none
     */
    DatasetAccount account(String dataset) {
        return Optional.ofNullable(accounts.get(dataset))
                .orElseThrow(() -> new IllegalArgumentException(
                        "No budget was declared for the data set '" + dataset + "'; nothing can be spent of it."));
    }

    /** The account as it is after these steps, if they may be counted. */
    DatasetAccount after(Spending spending) {
        DatasetAccount account = account(spending.dataset());
        if (spending.relation() != account.budget().relation()) {
            throw new IllegalArgumentException("The budget of '" + spending.dataset() + "' is for neighbours that "
                    + account.budget().relation() + "; the event was stated for neighbours that "
                    + spending.relation() + ".");
        }
        return account.plus(spending.event(), spending.steps());
    }

    /** @throws IllegalArgumentException if the entry cannot follow those before it; then nothing is changed */
    void apply(LedgerEntry entry) {
        if (entry instanceof LedgerEntry.Declared declared) {
            if (accounts.containsKey(declared.dataset())) {
                throw new IllegalArgumentException("The data set '" + declared.dataset() + "' has a budget already.");
            }
            accounts.put(declared.dataset(), DatasetAccount.declared(declared.dataset(), declared.budget()));
        } else if (entry instanceof LedgerEntry.Spent spent) {
            accounts.put(spent.spending().dataset(), after(spent.spending()));
            spendings.put(spent.number(), spent.spending());
        } else if (entry instanceof LedgerEntry.Unused unused) {
            apply(unused);
        }
    }

    private void apply(LedgerEntry.Unused unused) {
        Spending spending = Optional.ofNullable(spendings.get(unused.entry()))
                .orElseThrow(() -> new IllegalArgumentException(
                        "Entry " + unused.entry() + " has no steps that could be unused."));
        long left = spending.steps() - unused.steps();
        if (unused.steps() < 1 || left < 0) {
            throw new IllegalArgumentException("Of entry " + unused.entry() + ", from 1 to " + spending.steps()
                    + " steps can be unused, not " + unused.steps() + ".");
        }
        spendings.remove(unused.entry());
        DatasetAccount account = account(spending.dataset());
        accounts.put(spending.dataset(), account.plus(spending.event(), -unused.steps()));
    }
}

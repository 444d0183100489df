package dev.tacita.dp.ledger;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the entries of a ledger come to, one after the other. */
final class LedgerState {
    private final Map<String, DatasetAccount> accounts = new LinkedHashMap<>();
    private final Map<Long, LedgerEntry.Spent> spent = new HashMap<>();

    Map<String, DatasetAccount> accounts() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(accounts));
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

    /**
     * The account that such a use is spent from.
     *
     * @throws IllegalArgumentException if there is none, or it is for other neighbours
     */
    DatasetAccount account(DataUse use) {
        DatasetAccount account = account(use.dataset());
        if (use.relation() != account.budget().relation()) {
            throw new IllegalArgumentException("The budget of '" + use.dataset() + "' is for neighbours that "
                    + account.budget().relation() + "; the event was stated for neighbours that " + use.relation()
                    + ".");
        }
        return account;
    }

    /** @throws IllegalArgumentException if the entry cannot follow those before it; then nothing is changed */
    void apply(LedgerEntry entry) {
        if (entry instanceof LedgerEntry.Declared declared) {
            if (accounts.containsKey(declared.dataset())) {
                throw new IllegalArgumentException("The data set '" + declared.dataset() + "' has a budget already.");
            }
            accounts.put(declared.dataset(), DatasetAccount.declared(declared.dataset(), declared.budget()));
        } else if (entry instanceof LedgerEntry.Spent now) {
            accounts.put(now.use().dataset(), account(now.use()).plus(now.event(), now.steps()));
            spent.put(now.number(), now);
        } else if (entry instanceof LedgerEntry.Unused unused) {
            giveBack(unused);
        }
    }

    private void giveBack(LedgerEntry.Unused unused) {
        LedgerEntry.Spent before = Optional.ofNullable(spent.get(unused.entry()))
                .orElseThrow(() -> new IllegalArgumentException(
                        "Entry " + unused.entry() + " has no steps that could be unused."));
        if (unused.steps() < 1 || unused.steps() > before.steps()) {
            throw new IllegalArgumentException("Of entry " + unused.entry() + ", from 1 to " + before.steps()
                    + " steps can be unused, not " + unused.steps() + ".");
        }
        spent.remove(unused.entry());
        String dataset = before.use().dataset();
        accounts.put(dataset, account(dataset).plus(before.event(), -unused.steps()));
    }
}

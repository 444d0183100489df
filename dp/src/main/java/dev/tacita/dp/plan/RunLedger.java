package dev.tacita.dp.plan;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.RunId;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Guarantee;
import dev.tacita.dp.ledger.DataUse;
import dev.tacita.dp.ledger.DatasetAccount;
import dev.tacita.dp.ledger.LedgerContents;
import dev.tacita.dp.ledger.LedgerEntry;
import dev.tacita.dp.ledger.PrivacyBudget;
import dev.tacita.dp.ledger.PrivacyLedger;
import dev.tacita.dp.ledger.Reservation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A privacy ledger in which the rounds of runs are entered. For several threads. */
public final class RunLedger implements AutoCloseable {
    private final Path file;
    private final PrivacyLedger ledger;

    private RunLedger(Path file, PrivacyLedger ledger) {
        this.file = file;
        this.ledger = ledger;
    }

    /**
     * Takes a ledger, begun if there never was one, and declares budgets.
     *
     * @param owner whose it is, such as {@code site west}; the same each time
     * @param budgets of each dataset, for ever
     * @throws dev.tacita.core.ProblemsException if the ledger cannot be used, or a budget was declared otherwise before
     */
    public static RunLedger open(Path file, String owner, Map<String, PrivacyBudget> budgets) {
        PrivacyLedger ledger = PrivacyLedger.open(file, owner);
        boolean declared = false;
        try {
            budgets.forEach(ledger::declare);
            declared = true;
        } finally {
            if (!declared) {
                ledger.close();
            }
        }
        return new RunLedger(file, ledger);
    }

    /**
     * Why the dataset's budget does not allow what is left of a run; empty if it does. Steps that the run has entered before count as
     * done.
     */
    public Optional<String> judge(RunId run, RunPlan plan, PlannedPrivacy planned) {
        Optional<DatasetAccount> found = Optional.ofNullable(ledger.accounts().get(plan.dataset()));
        if (found.isEmpty()) {
            return Optional.of("there is no budget for dataset '" + plan.dataset() + "'");
        }
        DatasetAccount account = found.get();
        long entered = steps(run).values().stream().mapToLong(Long::longValue).sum();
        long left = Math.max(0, planned.steps() - entered);
        Guarantee reached = account.with(planned.step(), left);
        return reached.epsilon() <= account.budget().epsilon()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "the budget of '%s' is epsilon %s at delta %s, of which %.4g is spent; the run would make it %.4g",
                        plan.dataset(),
                        account.budget().epsilon(),
                        account.budget().delta(),
                        account.spent().epsilon(),
                        reached.epsilon()));
    }

    /**
     * Enters the steps of a round, before any of their noise is drawn.
     *
     * @throws dev.tacita.dp.ledger.BudgetExceededException if the dataset's budget does not allow them
     * @throws dev.tacita.dp.ledger.LedgerWriteException if it is not sure that they are on the disk
     */
    public Reservation reserve(RunId run, int round, RunPlan plan, PlannedPrivacy planned) {
        return ledger.reserve(
                DataUse.inRound(
                        run,
                        round,
                        plan.dataset(),
                        plan.privacy().level().name().toLowerCase(Locale.ROOT),
                        ledger.account(plan.dataset()).budget().relation()),
                planned.step(),
                planned.stepsOfRound());
    }

    /**
     * What the entries of a run come to, by the plan's accountant at its delta; empty if there are none. Rounds that were repeated
     * with new noise are among them.
     */
    public OptionalDouble spentBy(RunId run, PlannedPrivacy planned) {
        requireNonNull(planned, "planned is null");
        List<Event> events = new ArrayList<>();
        steps(run).forEach((event, steps) -> events.add(event.times(steps)));
        return events.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(planned.of(new Event.Composed(events)).epsilon());
    }

    private Map<Event, Long> steps(RunId run) {
        Map<Event, Long> steps = new LinkedHashMap<>();
        Map<Long, Event> entered = new LinkedHashMap<>();
        for (LedgerEntry entry : LedgerContents.read(file).entries()) {
            if (entry instanceof LedgerEntry.Spent spent && spent.use().run().equals(Optional.of(run))) {
                entered.put(spent.number(), spent.event());
                steps.merge(spent.event(), spent.steps(), Math::addExact);
            } else if (entry instanceof LedgerEntry.Unused unused) {
                Optional.ofNullable(entered.get(unused.entry()))
                        .ifPresent(event -> steps.merge(event, -unused.steps(), Math::addExact));
            }
        }
        steps.values().removeIf(count -> count == 0);
        return steps;
    }

    @Override
    public void close() {
        ledger.close();
    }
}

package dev.tacita.dp.ledger;

import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Guarantee;
import dev.tacita.dp.accounting.UnsupportedEventException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a ledger holds of one data set: its budget, and all that counts as revealed. It does not change. */
public final class DatasetAccount {
    private static final long MOST_STEPS = 1L << 30;

    private final String dataset;
    private final PrivacyBudget budget;
    private final Map<Event, Long> steps;

    private DatasetAccount(String dataset, PrivacyBudget budget, Map<Event, Long> steps) {
        this.dataset = dataset;
        this.budget = budget;
        this.steps = Collections.unmodifiableMap(steps);
    }

    static DatasetAccount declared(String dataset, PrivacyBudget budget) {
        return new DatasetAccount(dataset, budget, Map.of());
    }

    DatasetAccount plus(Event event, long more) {
        Map<Event, Long> all = new LinkedHashMap<>(steps);
        all.merge(event, more, Math::addExact);
        all.values().removeIf(count -> count == 0);
        return new DatasetAccount(dataset, budget, all);
    }

    /** Whose records these are. */
    public String dataset() {
        return dataset;
    }

    /** What may be revealed of it in all. */
    public PrivacyBudget budget() {
        return budget;
    }

    /** How often each event counts, in the order in which each came first. */
    public Map<Event, Long> steps() {
        return steps;
    }

    /** How often this event counts; 0 or more. */
    public long steps(Event event) {
        return steps.getOrDefault(event, 0L);
    }

    /** All that counts as revealed. */
    public Event revealed() {
        List<Event> events = new ArrayList<>();
        steps.forEach((event, count) -> events.add(event.times(count)));
        return new Event.Composed(events);
    }

    /** What that comes to at the delta of the budget, found by its accountant from the entries. */
    public Guarantee spent() {
        return with(new Event.Nothing(), 1);
    }

    /**
     * What it would come to with so many steps more.
     *
     * @throws UnsupportedEventException if the accountant of the budget cannot take the event
     * @throws IllegalArgumentException if the accountant has only an approximation for it, which may be too small
     */
    public Guarantee with(Event event, long more) {
        Guarantee guarantee = budget.accountant()
                .under(budget.relation())
                .account(Event.of(revealed(), event.times(more)))
                .epsilon(budget.delta());
        if (!guarantee.bound()) {
            throw new IllegalArgumentException("A budget needs an upper bound; the " + guarantee.accountant()
                    + " accountant has only an approximation (" + guarantee.method() + ") for " + EventText.write(event)
                    + ".");
        }
        return guarantee;
    }

    /** Whether the budget allows so many steps more; the exceptions of {@link #with}. */
    public boolean allows(Event event, long more) {
        return with(event, more).epsilon() <= budget.epsilon();
    }

    /** The most steps that the budget still allows, at most a billion; the exceptions of {@link #with}. */
    public long fits(Event event) {
        long enough = 0;
        long tooMany = 1;
        while (allows(event, tooMany)) {
            enough = tooMany;
            if (enough >= MOST_STEPS) {
                return enough;
            }
            tooMany *= 2;
        }
        return between(event, enough, tooMany);
    }

    /** The most steps that are allowed, given that so many are allowed, or 0, and that so many are too many. */
    long between(Event event, long allowed, long refused) {
        long enough = allowed;
        long tooMany = refused;
        while (tooMany - enough > 1) {
            long middle = (enough + tooMany) >>> 1;
            if (allows(event, middle)) {
                enough = middle;
            } else {
                tooMany = middle;
            }
        }
        return enough;
    }
}

package dev.tacita.dp.accounting;

import java.util.ArrayList;
import java.util.List;

/**
 * Events in memory, gone with the process: for studies and for programs that keep no ledger. It refuses nothing. Threads may
 * share one.
 */
public final class Spent implements Spending {
    private final List<Event> runs = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();

    @Override
    public synchronized void spend(Event event) {
        int last = runs.size() - 1;
        if (last >= 0 && runs.get(last).equals(event)) {
            times.set(last, times.get(last) + 1);
        } else {
            runs.add(event);
            times.add(1L);
        }
    }

    /** All of them together, equal ones in a row as one repeated event. */
    public synchronized Event event() {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            events.add(times.get(i) == 1 ? runs.get(i) : runs.get(i).times(times.get(i)));
        }
        return events.size() == 1 ? events.get(0) : new Event.Composed(events);
    }

    /** How many there were. */
    public synchronized long count() {
        return times.stream().mapToLong(Long::longValue).sum();
    }
}

package dev.tacita.server;

import dev.tacita.core.SiteId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** How long an open round, or a stage of it, waits for its sites. For one thread. */
final class Patience {
    private final Clock clock;
    private final Contact contact;
    private final Collector collector;

    Patience(Clock clock, Contact contact, Collector collector) {
        this.clock = clock;
        this.contact = contact;
        this.collector = collector;
    }

    /** Whether nobody is waited for any more. */
    boolean isOver(Closing closing) throws InterruptedException {
        if (closing.hasAll()) {
            return true;
        }
        contact.checkNowAndThen();
        if (isLate()) {
            // It may be the log that was late.
            contact.check();
        }
        boolean late = isLate();
        if (!late && closing.canGoOn()) {
            return false;
        }
        // Who is gone, or out of time, may have answered before: what the log holds by now counts.
        collector.drain();
        return late || closing.hasAll() || !closing.canGoOn();
    }

    /** Who is not waited for any more, though the round goes on. */
    List<SiteId> overdue(Closing closing) throws InterruptedException {
        if (overdueNow(closing).isEmpty()) {
            return List.of();
        }
        contact.check();
        if (!overdueNow(closing).isEmpty()) {
            // What the log holds by now was in time.
            collector.drain();
        }
        return overdueNow(closing);
    }

    private List<SiteId> overdueNow(Closing closing) {
        Instant now = clock.instant();
        Instant patient = contact.since().plus(collector.sum().patience());
        return now.isBefore(patient) ? List.of() : closing.overdue(now);
    }

    /** The deadline is over, and one since the log was out of reach, or begun again. */
    private boolean isLate() {
        Instant now = clock.instant();
        Instant patient = contact.since().plus(collector.sum().patience());
        return !now.isBefore(collector.sum().deadline()) && !now.isBefore(patient);
    }
}

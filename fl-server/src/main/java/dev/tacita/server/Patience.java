package dev.tacita.server;

import java.time.Clock;
import java.time.Instant;

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
        if (closing.allAnswered()) {
            return true;
        }
        contact.checkNowAndThen();
        if (isLate()) {
            // It may be the log that was late.
            contact.check();
        }
        boolean late = isLate();
        if (!late && !closing.pending().isEmpty()) {
            return false;
        }
        // Who is gone, or out of time, may have answered before: what the log holds by now counts.
        collector.drain();
        return late || closing.pending().isEmpty();
    }

    /** The deadline is over, and one since the log was out of reach, or begun again. */
    private boolean isLate() {
        Instant now = clock.instant();
        Instant patient = contact.since().plus(collector.sum().patience());
        return !now.isBefore(collector.sum().deadline()) && !now.isBefore(patient);
    }
}

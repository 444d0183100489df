package dev.tacita.server;

import dev.tacita.wire.Channel;
import dev.tacita.wire.Transport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Since when the aggregator has had the log within its reach. A reader waits an outage out and says nothing of it; a
 * question to the log, and a commit, do not return before it is over, or fail. For one thread.
 */
final class Contact {
    private static final Logger LOG = LoggerFactory.getLogger(Contact.class);
    /** What is shorter may be a slow disk. */
    private static final long SHORTEST_OUTAGE_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long OFTEN_NANOS = Duration.ofSeconds(1).toNanos();

    private final Transport transport;
    private final Clock clock;
    private Instant since;
    private long answered = System.nanoTime();
    private OptionalLong unanswered = OptionalLong.empty();

    Contact(Transport transport, Clock clock) {
        this.transport = transport;
        this.clock = clock;
        this.since = clock.instant();
    }

    /** The end of the last outage; the start, if there was none. */
    Instant since() {
        return since;
    }

    /** Begins now. */
    void begin() {
        since = clock.instant();
    }

    /** Asks the log, unless it has answered within the last second. */
    void checkNowAndThen() {
        if (unanswered.isPresent() || System.nanoTime() - answered >= OFTEN_NANOS) {
            check();
        }
    }

    /** Asks the log; returns when it has answered. */
    void check() {
        asks();
        transport.end(Channel.CONTRIBUTIONS);
        answers();
    }

    /** The log is about to be asked. */
    void asks() {
        if (unanswered.isEmpty()) {
            unanswered = OptionalLong.of(System.nanoTime());
        }
    }

    /** The log has answered. */
    void answers() {
        answered = System.nanoTime();
        long silent = answered - unanswered.orElse(answered);
        unanswered = OptionalLong.empty();
        if (silent >= SHORTEST_OUTAGE_NANOS) {
            since = clock.instant();
            LOG.warn(
                    "the log was out of reach for {} s; an open round gets one more deadline",
                    Duration.ofNanos(silent).toSeconds());
        }
    }
}

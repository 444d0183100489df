package dev.tacita.server;

import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.RefusedMessageException.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts each message that was refused, and writes an audit line of it: at most ten in ten seconds for each reason. */
final class Refusals {
    private static final Logger AUDIT = LoggerFactory.getLogger("dev.tacita.audit");
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final int LINES = 10;

    private final AggregatorMetrics metrics;
    private final Clock clock;
    private final Map<Reason, Window> windows = new EnumMap<>(Reason.class);

    private record Window(Instant from, int count) {}

    Refusals(AggregatorMetrics metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    /** A message at a place in a log. */
    void add(Channel channel, Entry entry, RefusedMessageException refusal) {
        add(channel + " " + entry.partition() + "/" + entry.offset(), refusal);
    }

    /** A message of somebody. */
    void add(String from, RefusedMessageException refusal) {
        metrics.refused(refusal.reason().name());
        Instant now = clock.instant();
        Window window = windows.get(refusal.reason());
        if (window == null || !now.isBefore(window.from().plus(WINDOW))) {
            if (window != null && window.count() > LINES) {
                AUDIT.warn("refused {} {} more messages", window.count() - LINES, refusal.reason());
            }
            window = new Window(now, 0);
        }
        if (window.count() < LINES) {
            AUDIT.warn(
                    "refused {} from {}: {}",
                    refusal.reason(),
                    from,
                    Printable.of(String.valueOf(refusal.getMessage())));
        }
        windows.put(refusal.reason(), new Window(window.from(), window.count() + 1));
    }
}

package dev.tacita.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.Position;
import dev.tacita.wire.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads as much as a test expects, and fails if it does not come. */
public final class Reading {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Reading() {}

    /** The next entries, at least {@code count} of them. */
    public static List<Entry> next(LogReader reader, int count) throws InterruptedException {
        List<Entry> entries = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (entries.size() < count && System.nanoTime() < deadline) {
            entries.addAll(reader.poll(Duration.ofMillis(200)));
        }
        assertThat(entries)
                .as("entries read within %s, of at least %s", PATIENCE, count)
                .hasSizeGreaterThanOrEqualTo(count);
        return entries;
    }

    /** Every entry between two places. */
    public static List<Entry> between(Transport transport, Channel channel, Position from, Position to)
            throws InterruptedException {
        List<Entry> entries = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (LogReader reader = transport.read(channel, from)) {
            while (!reader.position().hasReached(to)) {
                assertThat(System.nanoTime())
                        .as("reached %s within %s", to, PATIENCE)
                        .isLessThan(deadline);
                entries.addAll(reader.poll(Duration.ofMillis(200)));
            }
        }
        return entries.stream().filter(entry -> !to.isBeforeOrAt(entry)).toList();
    }

    /** Every entry that is kept and committed now. */
    public static List<Entry> all(Transport transport, Channel channel) throws InterruptedException {
        return between(transport, channel, transport.beginning(channel), transport.end(channel));
    }
}

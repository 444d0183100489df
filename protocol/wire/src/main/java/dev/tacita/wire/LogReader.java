package dev.tacita.wire;

import java.time.Duration;
import java.util.List;

/** Reads one channel; for one thread. */
public interface LogReader extends AutoCloseable {
    /**
     * The next entries; empty if none came in time. Broken connections are waited out.
     *
     * @throws TransportException if reading can never succeed: refused credentials, or a place that is no longer kept
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    List<Entry> poll(Duration timeout) throws InterruptedException;

    /** The place after the last entry that {@link #poll} returned. */
    Position position();

    @Override
    void close();
}

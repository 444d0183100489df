package dev.tacita.wire;

import java.util.List;

/**
 * A federation's four append-only logs, wherever they are kept.
 *
 * <p>Guarantees: an append that returned is durable and is read by every reader, once in each pass, in order within a
 * key; an append that failed may still be there, so readers count by (run, round, site, attempt); entries of one
 * {@link AggregatorLog#commit} are seen together or never. All methods but those of a single {@link LogReader} may be
 * called from several threads. A broken connection is mended by itself for as long as it takes.
 */
public interface Transport extends AutoCloseable {
    /**
     * Appends in order and returns when all are durable. For sites.
     *
     * @throws TransportException if they could not be written; those before the failure may be there
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    void append(Channel channel, List<Frame> frames) throws InterruptedException;

    /**
     * Takes the one right to write as the aggregator; whoever held it before is fenced off.
     *
     * @throws TransportException if the log cannot be reached in time
     */
    AggregatorLog aggregatorLog();

    /** Reads a channel from a place on; sees only what was committed. */
    LogReader read(Channel channel, Position from);

    /** The place before the first entry that is still kept. */
    Position beginning(Channel channel);

    /** The place after the last committed entry at this moment. */
    Position end(Channel channel);

    @Override
    void close();
}

package dev.tacita.wire;

import java.util.List;

/** The right to write as the aggregator. */
public interface AggregatorLog extends AutoCloseable {
    /**
     * A frame and its channel.
     *
     * @param channel where to
     * @param frame what
     */
    record Write(Channel channel, Frame frame) {}

    /**
     * Appends all or none, across channels, in order, and returns when durable.
     *
     * @throws FencedException if another aggregator has taken the right
     * @throws TransportException if nothing was written
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    void commit(List<Write> writes) throws InterruptedException;

    @Override
    void close();
}

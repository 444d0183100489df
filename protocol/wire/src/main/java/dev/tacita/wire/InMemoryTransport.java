package dev.tacita.wire;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A federation's logs in this JVM's memory: for simulations and tests. Nothing outlives the process. */
public final class InMemoryTransport implements Transport {
    private final InMemoryLog log;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * New, empty logs.
     *
     * @param contributionPartitions in how many parts contributions are kept, at least 1; the other channels have one
     */
    public InMemoryTransport(int contributionPartitions) {
        if (contributionPartitions < 1) {
            throw new IllegalArgumentException(
                    "contributionPartitions must be >= 1. Provided value: " + contributionPartitions);
        }
        log = new InMemoryLog(contributionPartitions);
    }

    private InMemoryTransport(InMemoryLog log) {
        this.log = log;
    }

    /** Another way to the same logs, which is closed on its own. */
    public InMemoryTransport connect() {
        return new InMemoryTransport(log);
    }

    @Override
    public void append(Channel channel, List<Frame> frames) throws InterruptedException {
        List<AggregatorLog.Write> writes = new ArrayList<>(frames.size());
        for (Frame frame : frames) {
            writes.add(new AggregatorLog.Write(channel, checkSize(frame)));
        }
        checkReady();
        log.append(writes);
    }

    @Override
    public AggregatorLog aggregatorLog() {
        checkOpen();
        return new Writer(log.nextEpoch());
    }

    @Override
    public LogReader read(Channel channel, Position from) {
        checkOpen();
        if (from.offsets().size() != log.beginning(channel).offsets().size()) {
            throw new IllegalArgumentException("a position in " + channel + " must have "
                    + log.beginning(channel).offsets().size() + " offsets. Provided value: " + from);
        }
        return new Reader(channel, from);
    }

    @Override
    public Position beginning(Channel channel) {
        checkOpen();
        return log.beginning(channel);
    }

    @Override
    public Position end(Channel channel) {
        checkOpen();
        return log.end(channel);
    }

    @Override
    public void close() {
        closed.set(true);
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new TransportException("the transport is closed");
        }
    }

    private void checkReady() throws InterruptedException {
        checkOpen();
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while writing");
        }
    }

    private static Frame checkSize(Frame frame) {
        int size = frame.bytes().remaining();
        if (size > MessageCodec.MAX_MESSAGE_BYTES) {
            throw new TransportException(
                    "a frame must be <= " + MessageCodec.MAX_MESSAGE_BYTES + " bytes. Provided value: " + size);
        }
        return frame;
    }

    private final class Writer implements AggregatorLog {
        private final long epoch;

        Writer(long epoch) {
            this.epoch = epoch;
        }

        @Override
        public void commit(List<Write> writes) throws InterruptedException {
            List<Write> made = new ArrayList<>(writes);
            made.forEach(write -> checkSize(write.frame()));
            checkReady();
            log.append(made, epoch);
        }

        @Override
        public void close() {}
    }

    private final class Reader implements LogReader {
        private final Channel channel;
        private Position position;

        Reader(Channel channel, Position from) {
            this.channel = channel;
            this.position = from;
        }

        @Override
        public List<Entry> poll(Duration timeout) throws InterruptedException {
            checkReady();
            List<Entry> entries = log.poll(channel, position, timeout);
            for (Entry entry : entries) {
                position = position.after(entry);
            }
            return entries;
        }

        @Override
        public Position position() {
            return position;
        }

        @Override
        public void close() {}
    }
}

package dev.tacita.wire;

import dev.tacita.wire.AggregatorLog.Write;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The four logs in this JVM's memory, shared by the transports over them. */
final class InMemoryLog {
    private static final int MOST_ENTRIES_AT_ONCE = 64;

    private final Map<Channel, List<List<Entry>>> partitions = new EnumMap<>(Channel.class);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private long epoch;

    InMemoryLog(int contributionPartitions) {
        for (Channel channel : Channel.values()) {
            int count = channel == Channel.CONTRIBUTIONS ? contributionPartitions : 1;
            List<List<Entry>> logs = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                logs.add(new ArrayList<>());
            }
            partitions.put(channel, logs);
        }
    }

    void append(List<Write> writes) {
        lock.lock();
        try {
            writes.forEach(this::add);
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void append(List<Write> writes, long writer) {
        lock.lock();
        try {
            if (writer != epoch) {
                throw new FencedException("another aggregator has taken over: writer " + writer + " of " + epoch);
            }
            append(writes);
        } finally {
            lock.unlock();
        }
    }

    long nextEpoch() {
        lock.lock();
        try {
            return ++epoch;
        } finally {
            lock.unlock();
        }
    }

    Position beginning(Channel channel) {
        return new Position(Collections.nCopies(logs(channel).size(), 0L));
    }

    Position end(Channel channel) {
        lock.lock();
        try {
            return new Position(
                    logs(channel).stream().map(entries -> (long) entries.size()).toList());
        } finally {
            lock.unlock();
        }
    }

    List<Entry> poll(Channel channel, Position from, Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            List<Entry> found = next(channel, from);
            while (found.isEmpty() && left > 0) {
                left = grown.awaitNanos(left);
                found = next(channel, from);
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    private List<Entry> next(Channel channel, Position from) {
        List<Entry> found = new ArrayList<>();
        List<List<Entry>> logs = logs(channel);
        for (int partition = 0; partition < logs.size(); partition++) {
            List<Entry> entries = logs.get(partition);
            int start = (int) Math.min(from.offsets().get(partition), entries.size());
            int end = Math.min(entries.size(), start + MOST_ENTRIES_AT_ONCE);
            found.addAll(entries.subList(start, end));
        }
        return found;
    }

    private void add(Write write) {
        List<List<Entry>> logs = logs(write.channel());
        int partition = Math.floorMod(write.frame().key().hashCode(), logs.size());
        List<Entry> entries = logs.get(partition);
        entries.add(new Entry(partition, entries.size(), Instant.now().truncatedTo(ChronoUnit.MILLIS), write.frame()));
    }

    private List<List<Entry>> logs(Channel channel) {
        List<List<Entry>> logs = partitions.get(channel);
        if (logs == null) {
            throw new IllegalStateException("no log for " + channel);
        }
        return logs;
    }
}

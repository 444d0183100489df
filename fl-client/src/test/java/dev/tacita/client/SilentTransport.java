package dev.tacita.client;

import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Frame;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.Position;
import dev.tacita.wire.Transport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Says no more than so many entries of the log of rounds until it is told to go on. Of one partition. */
final class SilentTransport implements Transport {
    volatile boolean goesOn;

    private final Transport transport;
    private final int most;

    SilentTransport(Transport transport, int most) {
        this.transport = transport;
        this.most = most;
    }

    @Override
    public LogReader read(Channel channel, Position from) {
        return channel == Channel.ROUNDS
                ? new Silent(transport.read(channel, from), from)
                : transport.read(channel, from);
    }

    private final class Silent implements LogReader {
        private final LogReader reader;
        private final Deque<Entry> held = new ArrayDeque<>();
        private Position position;
        private int said;

        Silent(LogReader reader, Position from) {
            this.reader = reader;
            this.position = from;
        }

        @Override
        public List<Entry> poll(Duration timeout) throws InterruptedException {
            if (held.isEmpty()) {
                held.addAll(reader.poll(timeout));
            }
            if (held.isEmpty() || (said >= most && !goesOn)) {
                Thread.sleep(timeout.toMillis());
                return List.of();
            }
            Entry next = held.remove();
            position = position.after(next);
            said++;
            return List.of(next);
        }

        @Override
        public Position position() {
            return position;
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    @Override
    public void append(Channel channel, List<Frame> frames) throws InterruptedException {
        transport.append(channel, frames);
    }

    @Override
    public AggregatorLog aggregatorLog() {
        return transport.aggregatorLog();
    }

    @Override
    public Position beginning(Channel channel) {
        return transport.beginning(channel);
    }

    @Override
    public Position end(Channel channel) {
        return transport.end(channel);
    }

    @Override
    public void close() {}
}

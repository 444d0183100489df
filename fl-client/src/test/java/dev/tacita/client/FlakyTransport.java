package dev.tacita.client;

import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Frame;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.Position;
import dev.tacita.wire.Transport;
import dev.tacita.wire.TransportException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Fails every call while it is broken. */
final class FlakyTransport implements Transport {
    final AtomicInteger failures = new AtomicInteger();
    volatile boolean broken;

    private final Transport transport;

    FlakyTransport(Transport transport) {
        this.transport = transport;
    }

    @Override
    public void append(Channel channel, List<Frame> frames) throws InterruptedException {
        check();
        transport.append(channel, frames);
    }

    @Override
    public AggregatorLog aggregatorLog() {
        check();
        return transport.aggregatorLog();
    }

    @Override
    public LogReader read(Channel channel, Position from) {
        check();
        LogReader reader = transport.read(channel, from);
        return new LogReader() {
            @Override
            public List<Entry> poll(Duration timeout) throws InterruptedException {
                check();
                return reader.poll(timeout);
            }

            @Override
            public Position position() {
                return reader.position();
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }

    @Override
    public Position beginning(Channel channel) {
        check();
        return transport.beginning(channel);
    }

    @Override
    public Position end(Channel channel) {
        check();
        return transport.end(channel);
    }

    @Override
    public void close() {}

    private void check() {
        if (broken) {
            failures.incrementAndGet();
            throw new TransportException("the broker is not there");
        }
    }
}

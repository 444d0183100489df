package dev.tacita.server;

import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Frame;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.Position;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.Transport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A transport that kills the aggregator's thread at one moment, and does nothing else. */
final class CrashingTransport implements Transport {
    /** Kills the thread: nothing that is caught and lived on with. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** What happens at the moment of the crash. */
    enum Moment {
        BEFORE_COMMIT,
        AFTER_COMMIT,
        BEFORE_A_ROUND_IS_CLOSED,
        AFTER_CONTRIBUTIONS
    }

    private final Transport inner;
    private final Moment moment;
    private final AtomicInteger left;

    CrashingTransport(Transport inner, Moment moment, int number) {
        this.inner = inner;
        this.moment = moment;
        this.left = new AtomicInteger(number);
    }

    private void at(Moment now) {
        if (now == moment && left.decrementAndGet() == 0) {
            throw new Crash();
        }
    }

    private static boolean closesARound(AggregatorLog.Write write) {
        try {
            return MessageCodec.decode(write.frame().bytes()) instanceof RoundClosed;
        } catch (RefusedMessageException e) {
            throw new AssertionError("the aggregator writes what it can read", e);
        }
    }

    @Override
    public void append(Channel channel, List<Frame> frames) throws InterruptedException {
        inner.append(channel, frames);
    }

    @Override
    public AggregatorLog aggregatorLog() {
        AggregatorLog log = inner.aggregatorLog();
        return new AggregatorLog() {
            @Override
            public void commit(List<Write> writes) throws InterruptedException {
                at(Moment.BEFORE_COMMIT);
                if (writes.stream().anyMatch(CrashingTransport::closesARound)) {
                    at(Moment.BEFORE_A_ROUND_IS_CLOSED);
                }
                log.commit(writes);
                at(Moment.AFTER_COMMIT);
            }

            @Override
            public void close() {
                log.close();
            }
        };
    }

    @Override
    public LogReader read(Channel channel, Position from) {
        LogReader reader = inner.read(channel, from);
        return new LogReader() {
            private boolean some;

            @Override
            public List<Entry> poll(Duration timeout) throws InterruptedException {
                if (channel == Channel.CONTRIBUTIONS && some) {
                    at(Moment.AFTER_CONTRIBUTIONS);
                }
                List<Entry> entries = reader.poll(timeout);
                some = !entries.isEmpty();
                return entries;
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
        return inner.beginning(channel);
    }

    @Override
    public Position end(Channel channel) {
        return inner.end(channel);
    }

    @Override
    public void close() {}
}

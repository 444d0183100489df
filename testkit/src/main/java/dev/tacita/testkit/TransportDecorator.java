package dev.tacita.testkit;

import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Frame;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.Position;
import dev.tacita.wire.Transport;
import java.time.Duration;
import java.util.List;

/** A transport that does something to what is read from one channel, and is otherwise the one beneath. */
abstract class TransportDecorator implements Transport {
    private final Transport beneath;
    private final Channel channel;

    TransportDecorator(Transport beneath, Channel channel) {
        this.beneath = beneath;
        this.channel = channel;
    }

    /** What a reader sees instead of these entries. */
    abstract List<Entry> change(List<Entry> entries);

    @Override
    public void append(Channel to, List<Frame> frames) throws InterruptedException {
        beneath.append(to, frames);
    }

    @Override
    public AggregatorLog aggregatorLog() {
        return beneath.aggregatorLog();
    }

    @Override
    public LogReader read(Channel from, Position position) {
        LogReader reader = beneath.read(from, position);
        return from == channel ? new ChangingReader(reader) : reader;
    }

    @Override
    public Position beginning(Channel of) {
        return beneath.beginning(of);
    }

    @Override
    public Position end(Channel of) {
        return beneath.end(of);
    }

    @Override
    public void close() {
        beneath.close();
    }

    private final class ChangingReader implements LogReader {
        private final LogReader reader;

        ChangingReader(LogReader reader) {
            this.reader = reader;
        }

        @Override
        public List<Entry> poll(Duration timeout) throws InterruptedException {
            return change(reader.poll(timeout));
        }

        @Override
        public Position position() {
            return reader.position();
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}

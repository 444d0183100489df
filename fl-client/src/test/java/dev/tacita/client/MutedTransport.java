package dev.tacita.client;

import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Frame;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.Position;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.SiteMessage.StageAnswer;
import dev.tacita.wire.Transport;
import java.util.List;
import java.util.function.Predicate;

/** Of a site whose chosen answers never arrive. */
final class MutedTransport implements Transport {
    private final Transport transport;
    private final Predicate<StageAnswer> muted;

    MutedTransport(Transport transport, Predicate<StageAnswer> muted) {
        this.transport = transport;
        this.muted = muted;
    }

    @Override
    public void append(Channel channel, List<Frame> frames) throws InterruptedException {
        try {
            if (MessageCodec.decode(frames.get(0).bytes()) instanceof StageAnswer answer && muted.test(answer)) {
                return;
            }
        } catch (RefusedMessageException e) {
            throw new AssertionError("a site sends what can be read", e);
        }
        transport.append(channel, frames);
    }

    @Override
    public AggregatorLog aggregatorLog() {
        return transport.aggregatorLog();
    }

    @Override
    public LogReader read(Channel channel, Position from) {
        return transport.read(channel, from);
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

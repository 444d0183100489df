package dev.tacita.server;

import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.AggregatorLog.Write;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.FencedException;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.Message;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.Position;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.Transport;
import dev.tacita.wire.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the aggregator decided. A decision is written first and then takes effect, by the same fold that reads it back
 * after a restart. For one thread.
 */
final class Journal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final Duration SLICE = Duration.ofMillis(100);
    private static final Duration BACK_OFF = Duration.ofSeconds(1);

    private final Transport transport;
    private final Contact contact;
    private final AggregatorLog log;
    private final Effect decided;

    /** What a message brings about once it is durable. */
    interface Effect {
        void of(AggregatorMessage message) throws InterruptedException;
    }

    /**
     * Takes the one right to write.
     *
     * @param decided is told each message, in order, once it is durable
     */
    Journal(Transport transport, Contact contact, Effect decided) {
        this.transport = transport;
        this.contact = contact;
        this.log = transport.aggregatorLog();
        this.decided = decided;
    }

    /** Takes in all that was decided before. */
    void replay() throws InterruptedException {
        Position end = transport.end(Channel.ROUNDS);
        try (LogReader reader = transport.read(Channel.ROUNDS, transport.beginning(Channel.ROUNDS))) {
            while (!reader.position().hasReached(end)) {
                for (Entry entry : reader.poll(SLICE)) {
                    decided.of(read(entry));
                }
            }
        }
    }

    /** Writes all or none, waiting for the log as long as it takes, and lets the messages take effect. */
    void commit(List<Write> models, List<? extends AggregatorMessage> messages) throws InterruptedException {
        List<Write> writes = new ArrayList<>(models);
        for (AggregatorMessage message : messages) {
            writes.add(new Write(Channel.ROUNDS, MessageCodec.encode(message)));
        }
        boolean written = false;
        contact.asks();
        while (!written) {
            try {
                log.commit(writes);
                written = true;
            } catch (FencedException e) {
                throw e;
            } catch (TransportException e) {
                LOG.warn("the log took nothing, trying again: {}", e.getMessage());
                Thread.sleep(BACK_OFF.toMillis());
            }
        }
        contact.answers();
        for (AggregatorMessage message : messages) {
            decided.of(message);
        }
    }

    private static AggregatorMessage read(Entry entry) {
        try {
            Message message = MessageCodec.decode(entry.frame().bytes());
            if (message instanceof AggregatorMessage decision) {
                return decision;
            }
        } catch (RefusedMessageException e) {
            throw new TransportException(
                    "the journal must hold only what aggregators wrote, but entry " + entry.offset()
                            + " cannot be read: " + e.getMessage(),
                    e);
        }
        throw new TransportException(
                "the journal must hold only what aggregators wrote, but entry " + entry.offset() + " is of a site");
    }

    @Override
    public void close() {
        log.close();
    }
}

package dev.tacita.kafka;

import dev.tacita.core.FederationId;
import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.FencedException;
import dev.tacita.wire.TransportException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * Each commit is a transaction; the transactional id, one for each federation, is the fence. After an interrupt, or an
 * error that cannot be undone, a commit may be there or not, and the log must be taken anew.
 */
final class KafkaAggregatorLog implements AggregatorLog {
    private final FederationId federation;
    private final Producer<byte[], byte[]> producer;
    private final Failures failures;
    private final Offsets offsets;
    private boolean ended;
    private boolean fenced;

    private KafkaAggregatorLog(
            FederationId federation, Producer<byte[], byte[]> producer, Failures failures, Offsets offsets) {
        this.federation = federation;
        this.producer = producer;
        this.failures = failures;
        this.offsets = offsets;
    }

    static KafkaAggregatorLog take(
            FederationId federation,
            ClientProperties properties,
            KafkaTransportSettings settings,
            Failures failures,
            Offsets offsets) {
        String id = "tacita-" + federation + "-aggregator";
        Producer<byte[], byte[]> producer =
                Clients.producer(properties.aggregator(id, settings.transactionTimeout()), failures);
        try {
            fenceOthers(producer, settings.connectTimeout());
        } catch (ExecutionException | TimeoutException failed) {
            producer.close(Duration.ZERO);
            throw failures.of("cannot take the right to write as the aggregator", failed);
        } catch (InterruptedException interrupted) {
            producer.close(Duration.ZERO);
            Thread.currentThread().interrupt();
            throw new TransportException("interrupted while taking the right to write as the aggregator", interrupted);
        }
        return new KafkaAggregatorLog(federation, producer, failures, offsets);
    }

    /** The producer's own limit must not end a commit that waits an outage out, so this has another. */
    private static void fenceOthers(Producer<byte[], byte[]> producer, Duration timeout)
            throws ExecutionException, TimeoutException, InterruptedException {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> fenced = thread.submit(producer::initTransactions);
            fenced.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            thread.shutdownNow();
        }
    }

    @Override
    public synchronized void commit(List<Write> writes) throws InterruptedException {
        checkNotEnded();
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before a commit");
        }
        try {
            offsets.awaitCommitted(commitTransaction(writes));
        } catch (InterruptException interrupted) {
            end();
            Thread.interrupted();
            throw (InterruptedException) new InterruptedException("interrupted in a commit").initCause(interrupted);
        }
    }

    /** Gives the offset of the last entry in each partition. */
    private Map<TopicPartition, Long> commitTransaction(List<Write> writes) throws InterruptedException {
        Map<String, Future<RecordMetadata>> last = new HashMap<>();
        try {
            producer.beginTransaction();
            for (Write write : writes) {
                String topic = TopicNames.of(federation, write.channel());
                last.put(topic + " " + write.frame().key(), producer.send(Records.of(topic, write.frame())));
            }
            producer.commitTransaction();
        } catch (InterruptException interrupted) {
            throw interrupted;
        } catch (KafkaException | IllegalStateException | TransportException failed) {
            throw undone(failed);
        }
        Map<TopicPartition, Long> written = new HashMap<>();
        for (Future<RecordMetadata> each : last.values()) {
            RecordMetadata place = done(each);
            written.merge(new TopicPartition(place.topic(), place.partition()), place.offset(), Math::max);
        }
        return written;
    }

    private TransportException undone(RuntimeException failed) {
        if (!isFenced(failed)) {
            try {
                producer.abortTransaction();
                return failed instanceof TransportException known ? known : failures.of("cannot commit", failed);
            } catch (KafkaException | IllegalStateException again) {
                if (!isFenced(again)) {
                    end();
                    return failures.of("cannot commit", failed);
                }
            }
        }
        end();
        fenced = true;
        return fencedOff();
    }

    private FencedException fencedOff() {
        return new FencedException("another aggregator of " + federation + " has taken over, or a commit took longer"
                + " than the transaction timeout; this one must end");
    }

    private void checkNotEnded() {
        if (fenced) {
            throw fencedOff();
        }
        if (ended) {
            throw new TransportException("the right to write as the aggregator of " + federation + " was given up");
        }
    }

    private RecordMetadata done(Future<RecordMetadata> sent) throws InterruptedException {
        try {
            return sent.get();
        } catch (ExecutionException failed) {
            throw failures.of("cannot commit", failed);
        }
    }

    private static boolean isFenced(Throwable failed) {
        return failed instanceof ProducerFencedException
                || failed instanceof InvalidProducerEpochException
                || (failed.getCause() != null && isFenced(failed.getCause()));
    }

    private void end() {
        ended = true;
        producer.close(Duration.ZERO);
    }

    @Override
    public synchronized void close() {
        ended = true;
        producer.close(Duration.ofSeconds(1));
    }
}

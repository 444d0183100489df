package dev.tacita.kafka;

import dev.tacita.wire.Entry;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** Reads what is committed, partition by partition, without a consumer group: a reader keeps its own place. */
final class KafkaLogReader implements LogReader {
    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final Failures failures;

    KafkaLogReader(String topic, Position from, ClientProperties properties, Failures failures) {
        this.topic = topic;
        this.failures = failures;
        consumer = Clients.consumer(properties.consumer(), failures);
        for (int i = 0; i < from.offsets().size(); i++) {
            partitions.add(new TopicPartition(topic, i));
        }
        consumer.assign(partitions);
        for (int i = 0; i < partitions.size(); i++) {
            consumer.seek(partitions.get(i), from.offsets().get(i));
        }
    }

    @Override
    public List<Entry> poll(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        List<Entry> entries = new ArrayList<>();
        try {
            Duration left = timeout;
            do {
                for (ConsumerRecord<byte[], byte[]> read : consumer.poll(left)) {
                    entries.add(Records.entry(read));
                }
                left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            } while (entries.isEmpty() && !left.isZero());
        } catch (InterruptException interrupted) {
            Thread.interrupted();
            throw (InterruptedException)
                    new InterruptedException("cannot read " + topic + ": interrupted").initCause(interrupted);
        } catch (KafkaException failed) {
            throw failures.of("cannot read " + topic, failed);
        }
        return entries;
    }

    @Override
    public Position position() {
        return uninterrupted(
                () -> new Position(partitions.stream().map(consumer::position).toList()));
    }

    @Override
    public void close() {
        uninterrupted(() -> {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
            return true;
        });
    }

    /** Keeps an interrupt for the next call that can be interrupted: Kafka's client would throw at any of its own. */
    private <T> T uninterrupted(Supplier<T> call) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return call.get();
                } catch (InterruptException again) {
                    interrupted = true;
                    Thread.interrupted();
                }
            }
        } catch (KafkaException failed) {
            throw failures.of("cannot read " + topic, failed);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

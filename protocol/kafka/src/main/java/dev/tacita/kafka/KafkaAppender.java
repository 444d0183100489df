package dev.tacita.kafka;

import dev.tacita.wire.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Writes outside transactions, each frame once: for sites. */
final class KafkaAppender implements AutoCloseable {
    private final Producer<byte[], byte[]> producer;
    private final Failures failures;

    KafkaAppender(ClientProperties properties, Failures failures) {
        this.producer = Clients.producer(properties.producer(), failures);
        this.failures = failures;
    }

    void append(String topic, List<Frame> frames) throws InterruptedException {
        String doing = "cannot write to " + topic;
        if (Thread.interrupted()) {
            throw new InterruptedException(doing + ": interrupted");
        }
        try {
            List<Future<RecordMetadata>> sent = new ArrayList<>(frames.size());
            for (Frame frame : frames) {
                sent.add(producer.send(Records.of(topic, frame)));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        } catch (InterruptException interrupted) {
            Thread.interrupted();
            throw (InterruptedException) new InterruptedException(doing + ": interrupted").initCause(interrupted);
        } catch (ExecutionException | KafkaException | IllegalStateException failed) {
            throw failures.of(doing, failed);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }
}

package dev.tacita.kafka;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/** Makes Kafka's clients; properties that they refuse are an error without secrets. */
final class Clients {
    private Clients() {}

    static Admin admin(ClientProperties properties, Failures failures) {
        return make(() -> Admin.create(properties.admin()), failures);
    }

    static Producer<byte[], byte[]> producer(Map<String, Object> properties, Failures failures) {
        return make(() -> new KafkaProducer<>(properties), failures);
    }

    static Consumer<byte[], byte[]> consumer(Map<String, Object> properties, Failures failures) {
        return make(() -> new KafkaConsumer<>(properties), failures);
    }

    private static <T> T make(Supplier<T> client, Failures failures) {
        try {
            return client.get();
        } catch (KafkaException refused) {
            throw failures.of("cannot use the kafka properties", refused);
        }
    }
}

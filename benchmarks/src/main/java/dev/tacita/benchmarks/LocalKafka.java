package dev.tacita.benchmarks;

import dev.tacita.core.FederationId;
import dev.tacita.kafka.KafkaTopics;
import dev.tacita.kafka.KafkaTransport;
import dev.tacita.kafka.KafkaTransportSettings;
import dev.tacita.kafka.TopicSettings;
import dev.tacita.kafkalocal.LocalBroker;
import dev.tacita.kafkalocal.LocalBrokerSettings;
import java.nio.file.Path;
import java.util.Map;

/** A real broker in this process, with a federation's topics. */
record LocalKafka(LocalBroker broker, FederationId federation) implements AutoCloseable {
    static LocalKafka start(Path folder, FederationId federation) {
        LocalBroker broker = LocalBroker.start(LocalBrokerSettings.inTheClear(folder.resolve("broker"), 0));
        LocalKafka kafka = new LocalKafka(broker, federation);
        try (KafkaTopics topics =
                KafkaTopics.of(federation, kafka.properties(), KafkaTransportSettings.STANDARD.connectTimeout())) {
            topics.create(TopicSettings.ONE_BROKER);
        }
        return kafka;
    }

    KafkaTransport transport() {
        return KafkaTransport.connect(federation, properties(), KafkaTransportSettings.STANDARD);
    }

    private Map<String, String> properties() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    @Override
    public void close() {
        broker.close();
    }
}

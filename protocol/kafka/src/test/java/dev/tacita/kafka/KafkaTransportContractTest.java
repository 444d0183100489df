package dev.tacita.kafka;

import dev.tacita.core.FederationId;
import dev.tacita.kafkalocal.LocalBroker;
import dev.tacita.kafkalocal.LocalBrokerSettings;
import dev.tacita.testkit.TransportContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaTransportContractTest extends TransportContract {
    private final LocalBroker broker;
    private int federations;

    KafkaTransportContractTest(@TempDir Path directory) {
        broker = LocalBroker.start(LocalBrokerSettings.inTheClear(directory, 0));
    }

    @AfterAll
    void stopBroker() {
        broker.close();
    }

    @Override
    protected Connections emptyFederation() {
        FederationId federation = new FederationId("contract-" + federations++);
        Map<String, String> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (KafkaTopics topics = KafkaTopics.of(federation, kafka, Duration.ofSeconds(30))) {
            topics.create(TopicSettings.ONE_BROKER);
        }
        return () -> KafkaTransport.connect(federation, kafka, KafkaTransportSettings.STANDARD);
    }
}

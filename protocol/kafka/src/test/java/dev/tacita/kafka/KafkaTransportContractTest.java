package dev.tacita.kafka;

import dev.tacita.core.FederationId;
import dev.tacita.kafkalocal.LocalBroker;
import dev.tacita.kafkalocal.LocalBrokerSettings;
import dev.tacita.testkit.TransportContract;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Frame;
import dev.tacita.wire.Transport;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
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

    /** With more than one request in flight, about one topic in forty kept a site waiting for ever. */
    @Test
    void aTopicThatWasMadeThisMomentTakesTheFirstEntries() throws Exception {
        List<Frame> frames = IntStream.range(0, 5)
                .mapToObj(i -> new Frame("site-a", Map.of(), ByteBuffer.allocate(900_000 + i)))
                .toList();
        for (int i = 0; i < 60; i++) {
            try (Transport transport = emptyFederation().connect()) {
                transport.append(Channel.CONTRIBUTIONS, frames);
            }
        }
    }
}

package dev.tacita.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tacita.core.FederationId;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.kafkalocal.LocalBroker;
import dev.tacita.kafkalocal.LocalBrokerSettings;
import dev.tacita.wire.Channel;
import dev.tacita.wire.TransportException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaTopicsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LocalBroker broker;
    private final Map<String, String> kafka;

    KafkaTopicsTest(@TempDir Path directory) {
        broker = LocalBroker.start(LocalBrokerSettings.inTheClear(directory, 0));
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    @AfterAll
    void stopBroker() {
        broker.close();
    }

    @Test
    void topicsMadeTwiceAreStillRight() {
        try (KafkaTopics topics = KafkaTopics.of(new FederationId("twice"), kafka, PATIENCE)) {
            topics.create(TopicSettings.ONE_BROKER);
            topics.create(TopicSettings.ONE_BROKER);
            assertThat(topics.problems()).isEmpty();
        }
    }

    @Test
    void aJournalThatForgetsIsNamedWithTheRemedy() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic("tacita.wrong.rounds", 3, (short) 1)
                                    .configs(Map.of(
                                            "retention.ms", "604800000",
                                            "cleanup.policy", "compact",
                                            "max.message.bytes", "1000")),
                            new NewTopic("tacita.wrong.models", 1, (short) 1)
                                    .configs(Map.of("message.timestamp.type", "LogAppendTime"))))
                    .all()
                    .get();
        }
        try (KafkaTopics topics = KafkaTopics.of(new FederationId("wrong"), kafka, PATIENCE)) {
            topics.create(TopicSettings.ONE_BROKER);
            List<Problem> problems = topics.problems();
            assertThat(problems).extracting(Problem::place).containsOnly("topic tacita.wrong.rounds");
            assertThat(problems)
                    .extracting(Problem::toString)
                    .anySatisfy(text -> assertThat(text)
                            .contains("retention.ms must be -1", "604800000", "--add-config retention.ms=-1"))
                    .anySatisfy(text -> assertThat(text).contains("must have 1 partition", "3"))
                    .anySatisfy(text -> assertThat(text).contains("cleanup.policy must be delete", "compact"))
                    .anySatisfy(text -> assertThat(text).contains("max.message.bytes must be 1048576", "1000"))
                    .hasSize(5);
        }
    }

    @Test
    void aFederationWithoutTopicsIsNamed() {
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() ->
                        KafkaTransport.connect(new FederationId("nowhere"), kafka, KafkaTransportSettings.STANDARD))
                .withMessageContaining("federation nowhere")
                .withMessageContaining("Start the aggregator, which makes the topics");
    }

    @Test
    void aBrokerThatIsNotThereIsNamedInTime() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        KafkaTransportSettings impatient = new KafkaTransportSettings(Duration.ofSeconds(2), Duration.ofMinutes(1));
        long start = System.nanoTime();
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> KafkaTransport.connect(
                        new FederationId("nowhere"), Map.of("bootstrap.servers", "127.0.0.1:" + port), impatient))
                .withMessageContaining("bootstrap.servers=127.0.0.1:" + port)
                .withMessageContaining("no broker answers");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void aHostThatIsNoHostIsNamed() {
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> KafkaTransport.connect(
                        new FederationId("nowhere"),
                        Map.of("bootstrap.servers", "no host"),
                        KafkaTransportSettings.STANDARD))
                .withMessageContaining("no host");
    }

    @Test
    void propertiesThatContradictTheGuaranteesAreAllNamed() {
        assertThatExceptionOfType(ProblemsException.class)
                .isThrownBy(() -> KafkaTransport.connect(
                        new FederationId("any"),
                        Map.of(
                                "isolation.level", "read_uncommitted",
                                "acks", "1",
                                "enable.idempotence", "false",
                                "transactional.id", "mine",
                                "group.id", "mine"),
                        KafkaTransportSettings.STANDARD))
                .satisfies(refused -> assertThat(refused.problems())
                        .extracting(Problem::place)
                        .containsExactly(
                                "bootstrap.servers",
                                "acks",
                                "enable.idempotence",
                                "group.id",
                                "isolation.level",
                                "transactional.id"));
    }

    @Test
    void propertiesThatAgreeWithTheGuaranteesPass() {
        FederationId federation = new FederationId("agreeing");
        Map<String, String> agreeing = Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "isolation.level", "read_committed",
                "acks", "-1",
                "compression.type", "zstd",
                "client.id", "site-a");
        try (KafkaTopics topics = KafkaTopics.of(federation, agreeing, PATIENCE)) {
            topics.create(TopicSettings.ONE_BROKER);
        }
        try (KafkaTransport transport = KafkaTransport.connect(federation, agreeing, KafkaTransportSettings.STANDARD)) {
            assertThat(transport.end(Channel.ROUNDS)).isEqualTo(transport.beginning(Channel.ROUNDS));
        }
    }
}

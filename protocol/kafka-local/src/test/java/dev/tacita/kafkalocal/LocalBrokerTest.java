package dev.tacita.kafkalocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LocalBrokerTest {
    private final Path directory;

    LocalBrokerTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void whatWasWrittenIsThereAfterARestartOnTheSamePort() throws Exception {
        int port;
        try (LocalBroker broker = LocalBroker.start(LocalBrokerSettings.inTheClear(directory, 0))) {
            port = broker.port();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                        .all()
                        .get();
            }
            write(broker);
        }
        try (LocalBroker broker = LocalBroker.start(LocalBrokerSettings.inTheClear(directory, port))) {
            assertThat(broker.port()).isEqualTo(port);
            assertThat(read(broker)).isEqualTo("message");
        }
    }

    @Test
    void startsAndStopsQuicklyAndFreesItsPort() throws IOException {
        long start = System.nanoTime();
        LocalBroker broker = LocalBroker.start(LocalBrokerSettings.inTheClear(directory, 0));
        broker.close();
        broker.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        try (ServerSocket socket = new ServerSocket(broker.port(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.isBound()).isTrue();
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            LocalBrokerSettings settings = LocalBrokerSettings.inTheClear(directory, taken.getLocalPort());
            assertThatExceptionOfType(LocalBrokerException.class)
                    .isThrownBy(() -> LocalBroker.start(settings))
                    .withMessageContaining("must be free")
                    .withMessageContaining(Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void aDirectoryThatIsAFileIsNamed() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatExceptionOfType(LocalBrokerException.class)
                .isThrownBy(() -> LocalBroker.start(LocalBrokerSettings.inTheClear(file, 0)))
                .withMessageContaining(file.toString());
    }

    @Test
    void settingsCheckTheirRangesAndHideTheirSecrets() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LocalBrokerSettings.inTheClear(directory, 65_536))
                .withMessageContaining("65536");
        BrokerSecurity security = new BrokerSecurity("chain", "key-secret", "trusted", Map.of("anna", "pw-secret"));
        assertThat(new LocalBrokerSettings(directory, 0, Optional.of(security)).toString())
                .contains("anna")
                .doesNotContain("secret");
    }

    private static void write(LocalBroker broker) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("kept", "message".getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
    }

    private static String read(LocalBroker broker) {
        TopicPartition partition = new TopicPartition("kept", 0);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var records = consumer.poll(Duration.ofSeconds(20)).records(partition);
            assertThat(records).hasSize(1);
            return new String(records.get(0).value(), StandardCharsets.UTF_8);
        }
    }
}

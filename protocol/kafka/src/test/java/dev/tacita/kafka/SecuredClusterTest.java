package dev.tacita.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tacita.core.FederationId;
import dev.tacita.kafkalocal.LocalBroker;
import dev.tacita.kafkalocal.LocalBrokerSettings;
import dev.tacita.testkit.Reading;
import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Frame;
import dev.tacita.wire.TransportException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredClusterTest {
    private static final FederationId FEDERATION = new FederationId("secured");
    private static final String PASSWORD = "a \"good\" pass\\word";
    private static final KafkaTransportSettings SETTINGS =
            new KafkaTransportSettings(Duration.ofMinutes(1), Duration.ofMinutes(1));

    private final TestAuthority authority;
    private final LocalBroker broker;

    SecuredClusterTest(@TempDir Path directory) throws Exception {
        authority = new TestAuthority();
        broker = LocalBroker.start(
                LocalBrokerSettings.secured(directory, 0, authority.broker(Map.of("anna", PASSWORD))));
        try (KafkaTopics topics = KafkaTopics.of(FEDERATION, kafka(PASSWORD), Duration.ofSeconds(20))) {
            topics.create(TopicSettings.ONE_BROKER);
        }
    }

    @AfterAll
    void stopBroker() {
        broker.close();
    }

    @Test
    void aFederationRunsOverTlsWithPasswords() throws Exception {
        List<Frame> frames = List.of(new Frame("key", Map.of(), ByteBuffer.wrap(new byte[] {1, 2, 3})));
        try (KafkaTransport transport = KafkaTransport.connect(FEDERATION, kafka(PASSWORD), SETTINGS)) {
            transport.append(Channel.SITES, frames);
            try (AggregatorLog log = transport.aggregatorLog()) {
                log.commit(List.of(new AggregatorLog.Write(Channel.ROUNDS, frames.get(0))));
            }
            assertThat(Reading.all(transport, Channel.SITES))
                    .extracting(Entry::frame)
                    .isEqualTo(frames);
            assertThat(Reading.all(transport, Channel.ROUNDS))
                    .extracting(Entry::frame)
                    .isEqualTo(frames);
        }
    }

    @Test
    void aWrongPasswordIsAnErrorAtOnceThatDoesNotTellIt() throws IOException {
        Map<String, String> kafka = kafka("wrong-password");
        long start = System.nanoTime();
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> KafkaTransport.connect(FEDERATION, kafka, SETTINGS))
                .withMessageContaining("refuses the credentials")
                .withMessageContaining("sasl.jaas.config")
                .satisfies(refused -> assertThat(trace(refused)).doesNotContain("wrong-password"));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("well before its patience ends")
                .isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void aBrokerThatIsNotTrustedIsAnErrorThatNamesTheTruststore() throws Exception {
        Map<String, String> kafka = kafka(PASSWORD);
        kafka.put("ssl.truststore.certificates", new TestAuthority().certificate());
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> KafkaTransport.connect(FEDERATION, kafka, SETTINGS))
                .withMessageContaining("no trusted TLS connection")
                .withMessageContaining("ssl.truststore");
    }

    @Test
    void aBadLoginLineIsAnErrorThatDoesNotTellThePassword() throws IOException {
        Map<String, String> kafka = kafka(PASSWORD);
        kafka.put("sasl.jaas.config", "PlainLoginModule required username=anna password=hush-hush");
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> KafkaTransport.connect(FEDERATION, kafka, SETTINGS))
                .satisfies(refused -> assertThat(trace(refused)).doesNotContain("hush-hush"));
    }

    @Test
    void aClientInTheClearIsToldWhatToCheck() {
        KafkaTransportSettings impatient = new KafkaTransportSettings(Duration.ofSeconds(3), Duration.ofMinutes(1));
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> KafkaTransport.connect(
                        FEDERATION, Map.of("bootstrap.servers", broker.bootstrapServers()), impatient))
                .withMessageContaining("security.protocol");
    }

    private Map<String, String> kafka(String password) throws IOException {
        Map<String, String> kafka = new HashMap<>();
        kafka.put("bootstrap.servers", broker.bootstrapServers());
        kafka.put("security.protocol", "SASL_SSL");
        kafka.put("ssl.truststore.type", "PEM");
        kafka.put("ssl.truststore.certificates", authority.certificate());
        kafka.put("sasl.mechanism", "PLAIN");
        kafka.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"anna\" password=\""
                        + password.replace("\\", "\\\\").replace("\"", "\\\"") + "\";");
        return kafka;
    }

    private static String trace(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}

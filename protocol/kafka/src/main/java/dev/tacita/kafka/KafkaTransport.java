package dev.tacita.kafka;

import dev.tacita.core.FederationId;
import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Frame;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.Position;
import dev.tacita.wire.Transport;
import dev.tacita.wire.TransportException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;

/** A federation's logs on a Kafka cluster, one topic for each channel; see {@link KafkaTopics}. */
public final class KafkaTransport implements Transport {
    private final FederationId federation;
    private final ClientProperties properties;
    private final KafkaTransportSettings settings;
    private final Failures failures;
    private final Waiting waiting;
    private final Admin admin;
    private final Offsets offsets;
    private final Map<Channel, Integer> partitions = new EnumMap<>(Channel.class);
    private Optional<KafkaAppender> appender = Optional.empty();
    private boolean closed;

    private KafkaTransport(
            FederationId federation, ClientProperties properties, KafkaTransportSettings settings, Failures failures) {
        this.federation = federation;
        this.properties = properties;
        this.settings = settings;
        this.failures = failures;
        waiting = new Waiting(failures);
        admin = Clients.admin(properties, failures);
        offsets = new Offsets(admin, waiting);
    }

    /**
     * Connects to a federation whose topics are there, and returns once the cluster has answered.
     *
     * @param kafka Kafka's own client properties, such as {@code bootstrap.servers}, {@code security.protocol},
     *     {@code compression.type}; all pass through but those that the guarantees of {@link Transport} rest on
     * @throws dev.tacita.core.ProblemsException if properties are missing or contradict the guarantees
     * @throws TransportException if no broker answers in time, the credentials are refused, or a topic is not there
     */
    public static KafkaTransport connect(
            FederationId federation, Map<String, String> kafka, KafkaTransportSettings settings) {
        ClientProperties properties = new ClientProperties(kafka);
        KafkaTransport transport = new KafkaTransport(federation, properties, settings, new Failures(properties));
        try {
            transport.readPartitions();
        } catch (TransportException failed) {
            transport.close();
            throw failed;
        }
        return transport;
    }

    private void readPartitions() {
        Map<String, TopicDescription> topics = waiting.once(
                "cannot connect to federation " + federation,
                KafkaTopics.describe(admin, federation, settings.connectTimeout()));
        for (Channel channel : Channel.values()) {
            TopicDescription topic = topics.get(TopicNames.of(federation, channel));
            partitions.put(channel, topic == null ? 1 : topic.partitions().size());
        }
    }

    @Override
    public void append(Channel channel, List<Frame> frames) throws InterruptedException {
        appender().append(topic(channel), frames);
    }

    @Override
    public AggregatorLog aggregatorLog() {
        checkOpen();
        return KafkaAggregatorLog.take(federation, properties, settings, failures, offsets);
    }

    @Override
    public LogReader read(Channel channel, Position from) {
        checkOpen();
        int expected = partitions(channel);
        if (from.offsets().size() != expected) {
            throw new IllegalArgumentException(
                    "a position in " + channel + " must have " + expected + " offsets. Provided value: " + from);
        }
        return new KafkaLogReader(topic(channel), from, properties, failures);
    }

    @Override
    public Position beginning(Channel channel) {
        return position(channel, OffsetSpec.earliest());
    }

    @Override
    public Position end(Channel channel) {
        return position(channel, OffsetSpec.latest());
    }

    /** Names the federation and the cluster, and no secret. */
    @Override
    public String toString() {
        return "KafkaTransport[federation=" + federation + ", bootstrap.servers=" + properties.bootstrapServers() + "]";
    }

    @Override
    public synchronized void close() {
        closed = true;
        appender.ifPresent(KafkaAppender::close);
        admin.close(Duration.ofSeconds(1));
    }

    private Position position(Channel channel, OffsetSpec spec) {
        checkOpen();
        return offsets.find(topic(channel), partitions(channel), spec);
    }

    private synchronized KafkaAppender appender() {
        checkOpen();
        KafkaAppender open = appender.orElseGet(() -> new KafkaAppender(properties, failures));
        appender = Optional.of(open);
        return open;
    }

    private synchronized void checkOpen() {
        if (closed) {
            throw new TransportException("the transport is closed");
        }
    }

    private String topic(Channel channel) {
        return TopicNames.of(federation, channel);
    }

    private int partitions(Channel channel) {
        return partitions.getOrDefault(channel, 1);
    }
}

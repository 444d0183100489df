package dev.tacita.kafka;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;

import dev.tacita.core.FederationId;
import dev.tacita.core.Problem;
import dev.tacita.wire.Channel;
import dev.tacita.wire.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics of a federation: {@code tacita.<federation>.rounds}, {@code models}, {@code contributions}, {@code sites}. */
public final class KafkaTopics implements AutoCloseable {
    private static final String FOR_EVER = "-1";
    private static final int LARGEST_RECORD = 1_048_576;

    private final FederationId federation;
    private final Admin admin;
    private final Waiting waiting;
    private final int timeout;

    private KafkaTopics(FederationId federation, Admin admin, Waiting waiting, int timeout) {
        this.federation = federation;
        this.admin = admin;
        this.waiting = waiting;
        this.timeout = timeout;
    }

    /**
     * Of a federation on a cluster. Nothing is sent yet.
     *
     * @param kafka client properties, such as {@code bootstrap.servers}
     * @param timeout for each answer of the cluster
     * @throws dev.tacita.core.ProblemsException if the properties cannot be
     * @throws TransportException if no client can be made from them
     */
    public static KafkaTopics of(FederationId federation, Map<String, String> kafka, Duration timeout) {
        ClientProperties properties = new ClientProperties(kafka);
        Failures failures = new Failures(properties);
        Admin admin = Clients.admin(properties, failures);
        return new KafkaTopics(federation, admin, new Waiting(failures), Math.toIntExact(timeout.toMillis()));
    }

    /**
     * Makes the topics that are not there, and returns when they can be used; leaves those that are as they are.
     *
     * @throws TransportException if the cluster does not answer in time, or will not
     */
    public void create(TopicSettings settings) {
        List<NewTopic> topics = new ArrayList<>();
        for (Channel channel : Channel.values()) {
            topics.add(topic(channel, settings));
        }
        var answers = admin.createTopics(topics, new CreateTopicsOptions().timeoutMs(timeout))
                .values();
        answers.forEach((name, answer) -> {
            try {
                waiting.once("cannot create the topic " + name, answer);
            } catch (TransportException failed) {
                if (!isCausedBy(failed, TopicExistsException.class)) {
                    throw failed;
                }
            }
        });
        awaitLeaders();
    }

    /** A topic is made a moment before every broker knows of it. */
    private void awaitLeaders() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeout);
        while (!haveLeaders()) {
            if (System.nanoTime() > deadline) {
                throw new TransportException("the topics of " + federation + " must have leaders within " + timeout
                        + " ms of their making. Check the cluster's brokers");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private boolean haveLeaders() {
        try {
            return waiting
                    .once("cannot describe the topics", describe(admin, federation, Duration.ofMillis(timeout)))
                    .values()
                    .stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition -> partition.leader() != null);
        } catch (TransportException failed) {
            if (isCausedBy(failed, UnknownTopicOrPartitionException.class)) {
                return false;
            }
            throw failed;
        }
    }

    /**
     * What is wrong with the topics, with the remedy; empty if nothing is. Needs the right to describe their
     * configuration, which sites need not have.
     *
     * @throws TransportException if the cluster does not answer, or a topic is not there
     */
    public List<Problem> problems() {
        Map<String, TopicDescription> descriptions =
                waiting.once("cannot describe the topics", describe(admin, federation, Duration.ofMillis(timeout)));
        Map<ConfigResource, Config> configs = waiting.once(
                "cannot describe the topics",
                admin.describeConfigs(
                                TopicNames.all(federation).stream()
                                        .map(KafkaTopics::resource)
                                        .toList(),
                                new DescribeConfigsOptions().timeoutMs(timeout))
                        .all());
        List<Problem> problems = new ArrayList<>();
        for (Channel channel : Channel.values()) {
            String name = TopicNames.of(federation, channel);
            TopicDescription description = descriptions.get(name);
            Config config = configs.get(resource(name));
            if (description != null && config != null) {
                problems.addAll(new TopicCheck(channel, name, description, config).problems());
            }
        }
        return problems;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }

    private NewTopic topic(Channel channel, TopicSettings settings) {
        Map<String, String> configs = new HashMap<>();
        configs.put(CLEANUP_POLICY_CONFIG, "delete");
        configs.put(RETENTION_BYTES_CONFIG, FOR_EVER);
        configs.put(
                RETENTION_MS_CONFIG,
                channel == Channel.ROUNDS
                        ? FOR_EVER
                        : Long.toString(settings.retention().toMillis()));
        configs.put(MAX_MESSAGE_BYTES_CONFIG, Integer.toString(LARGEST_RECORD));
        configs.put(MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
        if (settings.replicationFactor() >= 3) {
            configs.put(MIN_IN_SYNC_REPLICAS_CONFIG, "2");
        }
        int partitions = channel == Channel.CONTRIBUTIONS ? settings.contributionPartitions() : 1;
        return new NewTopic(TopicNames.of(federation, channel), partitions, (short) settings.replicationFactor())
                .configs(configs);
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static boolean isCausedBy(TransportException failed, Class<? extends Throwable> type) {
        return failed.getCause() instanceof ExecutionException cause && type.isInstance(cause.getCause());
    }

    static int largestRecord() {
        return LARGEST_RECORD;
    }

    static KafkaFuture<Map<String, TopicDescription>> describe(Admin admin, FederationId federation, Duration timeout) {
        return admin.describeTopics(
                        TopicNames.all(federation),
                        new DescribeTopicsOptions().timeoutMs(Math.toIntExact(timeout.toMillis())))
                .allTopicNames();
    }
}

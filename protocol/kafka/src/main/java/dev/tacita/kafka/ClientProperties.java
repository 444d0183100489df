package dev.tacita.kafka;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A user's Kafka client properties, and what this transport's guarantees add to them. A user may set any property
 * except those that the guarantees rest on. Never printed: they carry secrets.
 */
final class ClientProperties {
    private static final String FOR_EVER = Integer.toString(Integer.MAX_VALUE);

    private static final Map<String, Set<String>> MUST_BE = Map.of(
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, Set.of("read_committed"),
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, Set.of("false"),
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, Set.of("none"),
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, Set.of("true"),
            ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, Set.of("1"),
            ProducerConfig.ACKS_CONFIG, Set.of("all", "-1"));

    private static final Map<String, String> MUST_NOT_BE_SET = Map.of(
            ConsumerConfig.GROUP_ID_CONFIG, "every reader reads the whole topic",
            ProducerConfig.TRANSACTIONAL_ID_CONFIG, "it is made from the federation's name",
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "it is a setting of the transport",
            ProducerConfig.PARTITIONER_CLASS_CONFIG, "entries of one key must stay in one partition",
            ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG, "entries of one key must stay in one partition",
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, "messages are bytes",
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, "messages are bytes",
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, "messages are bytes",
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, "messages are bytes");

    private final Map<String, String> given;

    /** @throws ProblemsException with everything in them that cannot be */
    ClientProperties(Map<String, String> given) {
        this.given = Map.copyOf(given);
        List<Problem> problems = problems(new TreeMap<>(given));
        if (!problems.isEmpty()) {
            throw new ProblemsException("kafka", problems);
        }
    }

    private static List<Problem> problems(Map<String, String> given) {
        List<Problem> problems = new ArrayList<>();
        if (!given.containsKey(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG)) {
            problems.add(new Problem("bootstrap.servers", "must be set.", "Name a broker as host:port."));
        }
        given.forEach((key, value) -> {
            if (MUST_NOT_BE_SET.containsKey(key)) {
                problems.add(new Problem(key, "must not be set: " + MUST_NOT_BE_SET.get(key) + ".", "Remove it."));
            } else if (MUST_BE.containsKey(key)
                    && !MUST_BE.getOrDefault(key, Set.of()).contains(value)) {
                problems.add(Problem.of(key, "must be one of " + MUST_BE.get(key) + ". Provided value: " + value));
            }
        });
        return problems;
    }

    String bootstrapServers() {
        return given.getOrDefault(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "");
    }

    Secrets secrets() {
        return new Secrets(given);
    }

    Map<String, Object> admin() {
        return known(AdminClientConfig.configNames(), Map.of());
    }

    /**
     * Waits a broken connection out; keeps no more unsent than a few chunks. One request at a time: a broker takes any
     * first sequence number from a producer that it does not know, so with more in flight a second entry may come
     * before the first, which is then refused for ever.
     */
    Map<String, Object> producer() {
        return known(
                ProducerConfig.configNames(),
                Map.ofEntries(
                        Map.entry(ProducerConfig.LINGER_MS_CONFIG, "2"),
                        Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.toString(16 * 1024 * 1024)),
                        Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, FOR_EVER),
                        Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, FOR_EVER),
                        Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true"),
                        Map.entry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1"),
                        Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
                        Map.entry(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName()),
                        Map.entry(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName())));
    }

    Map<String, Object> aggregator(String transactionalId, Duration transactionTimeout) {
        Map<String, Object> properties = producer();
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(transactionTimeout.toMillis()));
        return properties;
    }

    /** Fetches a few chunks at a time, so that a small heap reads any amount. */
    Map<String, Object> consumer() {
        return known(
                ConsumerConfig.configNames(),
                Map.of(
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        Integer.toString(8 * 1024 * 1024),
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        Integer.toString(2 * 1024 * 1024),
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        "256",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        "false",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                        ByteArrayDeserializer.class.getName(),
                        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                        ByteArrayDeserializer.class.getName()));
    }

    /** The given over ours; without what belongs to another kind of client only. */
    private Map<String, Object> known(Set<String> names, Map<String, String> ours) {
        Map<String, Object> properties = new HashMap<>(ours);
        given.forEach((key, value) -> {
            if (names.contains(key) || !isOfSomeClient(key)) {
                properties.put(key, value);
            }
        });
        return properties;
    }

    private static boolean isOfSomeClient(String key) {
        return AdminClientConfig.configNames().contains(key)
                || ProducerConfig.configNames().contains(key)
                || ConsumerConfig.configNames().contains(key);
    }
}

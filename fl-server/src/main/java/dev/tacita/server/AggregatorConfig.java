package dev.tacita.server;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.FederationId;
import java.util.Map;

/**
 * What {@code aggregator.yaml} says.
 *
 * @param federation which federation it serves
 * @param settings what the aggregator needs to know of its machine
 * @param api where the HTTP interface listens
 * @param kafka any property of a Kafka client, {@code bootstrap.servers} among them
 * @param topics how topics are created that are not there
 */
public record AggregatorConfig(
        FederationId federation,
        AggregatorSettings settings,
        ApiSettings api,
        Map<String, String> kafka,
        Topics topics) {
    public AggregatorConfig {
        requireNonNull(federation, "federation is null");
        requireNonNull(settings, "settings is null");
        requireNonNull(api, "api is null");
        kafka = Map.copyOf(kafka);
        requireNonNull(topics, "topics is null");
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("kafka must have bootstrap.servers, such as localhost:9092");
        }
    }

    /**
     * How topics are created.
     *
     * @param replicationFactor copies of each, at least 1
     * @param contributionPartitions parts of the topic of contributions, at least 1
     */
    public record Topics(short replicationFactor, int contributionPartitions) {
        public Topics {
            if (replicationFactor < 1) {
                throw new IllegalArgumentException(
                        "replication-factor must be >= 1. Provided value: " + replicationFactor);
            }
            if (contributionPartitions < 1) {
                throw new IllegalArgumentException(
                        "contribution-partitions must be >= 1. Provided value: " + contributionPartitions);
            }
        }
    }

    /** Without the values of the Kafka properties, which may be passwords. */
    @Override
    public String toString() {
        return "AggregatorConfig[federation=" + federation + ", settings=" + settings + ", api=" + api + ", kafka="
                + kafka.keySet() + ", topics=" + topics + "]";
    }
}

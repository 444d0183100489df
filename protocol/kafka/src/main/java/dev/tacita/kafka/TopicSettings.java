package dev.tacita.kafka;

import java.time.Duration;

/**
 * How a federation's topics are made.
 *
 * @param contributionPartitions in how many parts contributions are kept, at least 1
 * @param replicationFactor copies of each, at least 1; not more than the cluster has brokers
 * @param retention how long models, contributions and what sites say are kept; more than any round takes. The
 *     aggregator's journal is kept for ever
 */
public record TopicSettings(int contributionPartitions, int replicationFactor, Duration retention) {
    /** For a cluster of one broker. */
    public static final TopicSettings ONE_BROKER = new TopicSettings(4, 1, Duration.ofDays(7));

    /** For a cluster of three brokers or more, one of which may fail. */
    public static final TopicSettings THREE_BROKERS = new TopicSettings(8, 3, Duration.ofDays(7));

    public TopicSettings {
        if (contributionPartitions < 1) {
            throw new IllegalArgumentException(
                    "contributionPartitions must be >= 1. Provided value: " + contributionPartitions);
        }
        if (replicationFactor < 1 || replicationFactor > Short.MAX_VALUE) {
            throw new IllegalArgumentException("replicationFactor must be between 1 and " + Short.MAX_VALUE
                    + ". Provided value: " + replicationFactor);
        }
        if (retention.compareTo(Duration.ofHours(1)) < 0) {
            throw new IllegalArgumentException("retention must be at least 1 hour. Provided value: " + retention);
        }
    }
}

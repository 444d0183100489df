package dev.tacita.kafka;

import java.time.Duration;

/**
 * How long to wait for a cluster.
 *
 * @param connectTimeout for the first answer, and for the right to write as the aggregator; above 0
 * @param transactionTimeout after which the cluster gives a commit up that did not end; at most the cluster's
 *     {@code transaction.max.timeout.ms}, above 0. An outage longer than this in the middle of a commit fences the
 *     aggregator off
 */
public record KafkaTransportSettings(Duration connectTimeout, Duration transactionTimeout) {
    /** Thirty seconds to connect; ten minutes for a commit, enough for models of gigabytes. */
    public static final KafkaTransportSettings STANDARD =
            new KafkaTransportSettings(Duration.ofSeconds(30), Duration.ofMinutes(10));

    public KafkaTransportSettings {
        checkPositive("connectTimeout", connectTimeout);
        checkPositive("transactionTimeout", transactionTimeout);
    }

    private static void checkPositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be > 0. Provided value: " + value);
        }
    }
}

package dev.tacita.server;

import static java.util.Objects.requireNonNull;

import dev.tacita.dp.ledger.PrivacyBudget;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What an aggregator needs to know of its machine and its federation. Nothing here changes a result.
 *
 * @param runsDirectory where each run gets a directory of its own
 * @param aggregationThreads how many threads add contributions, at least 1
 * @param privacyBudgets what models to which the aggregator adds noise may reveal of the sites of each dataset, ever; runs on
 *     other datasets that ask for such noise are refused
 * @param secure its key and its registry; runs under secure aggregation are refused without
 */
public record AggregatorSettings(
        Path runsDirectory,
        int aggregationThreads,
        Map<String, PrivacyBudget> privacyBudgets,
        Optional<SecureSettings> secure) {
    /** Without noise of the aggregator, and without secure aggregation. */
    public AggregatorSettings(Path runsDirectory, int aggregationThreads) {
        this(runsDirectory, aggregationThreads, Map.of(), Optional.empty());
    }

    public AggregatorSettings {
        requireNonNull(runsDirectory, "runsDirectory is null");
        privacyBudgets = Map.copyOf(privacyBudgets);
        requireNonNull(secure, "secure is null");
        if (aggregationThreads < 1) {
            throw new IllegalArgumentException(
                    "aggregation-threads must be >= 1. Provided value: " + aggregationThreads);
        }
    }
}

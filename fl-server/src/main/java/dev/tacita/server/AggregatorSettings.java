package dev.tacita.server;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * What an aggregator needs to know of its machine. Nothing here changes a result.
 *
 * @param runsDirectory where each run gets a directory of its own
 * @param aggregationThreads how many threads add contributions, at least 1
 */
public record AggregatorSettings(Path runsDirectory, int aggregationThreads) {
    public AggregatorSettings {
        requireNonNull(runsDirectory, "runsDirectory is null");
        if (aggregationThreads < 1) {
            throw new IllegalArgumentException(
                    "aggregation-threads must be >= 1. Provided value: " + aggregationThreads);
        }
    }
}

package dev.tacita.client;

import static java.util.Objects.requireNonNull;

import dev.tacita.wire.SharedMetrics;

/**
 * What a region has made of a task.
 *
 * @param parameters after its rounds; those of the task where it only measured them
 * @param examples training examples behind them; 0 where it only measured them
 * @param metrics summed over its sites, as far as these let them out
 */
public record RegionalResult(float[] parameters, long examples, SharedMetrics metrics) {
    public RegionalResult {
        requireNonNull(parameters, "parameters is null");
        requireNonNull(metrics, "metrics is null");
    }
}

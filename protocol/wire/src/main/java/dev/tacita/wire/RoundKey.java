package dev.tacita.wire;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.RunId;

/**
 * Names one try at one round; with a site it names a contribution, which counts once.
 *
 * @param run which run
 * @param round counted from 1; the final evaluation has the number after the last
 * @param attempt counted from 1
 */
public record RoundKey(RunId run, int round, int attempt) {
    public RoundKey {
        requireNonNull(run, "run is null");
        if (round < 1 || attempt < 1) {
            throw new IllegalArgumentException(
                    "round and attempt must be >= 1. Provided values: " + round + ", " + attempt);
        }
    }

    @Override
    public String toString() {
        return run + " round " + round + " attempt " + attempt;
    }
}

package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

/**
 * One site's part of a round, with what its algorithm keeps for it.
 *
 * @param task to be trained
 * @param memory what the site itself kept of its last round, of {@link FederatedAlgorithm#siteMemorySize}; zeros before its
 *     first; never leaves it; not to be changed
 * @param shared what the aggregator sent beside the parameters, see {@link FederatedAlgorithm#shared}; not to be changed
 */
public record SiteRound(LocalTask task, float[] memory, float[] shared) {
    public SiteRound {
        requireNonNull(task, "task is null");
        requireNonNull(memory, "memory is null");
        requireNonNull(shared, "shared is null");
    }

    /** Of an algorithm that keeps nothing at a site and sends nothing but parameters. */
    public static SiteRound of(LocalTask task) {
        return new SiteRound(task, new float[0], new float[0]);
    }
}

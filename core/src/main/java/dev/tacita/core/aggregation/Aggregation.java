package dev.tacita.core.aggregation;

import dev.tacita.core.learning.Examples;
import java.util.Optional;

/**
 * What a round's updates come to. Rules other than the {@link Mean} see every update in the clear, so none of them goes with
 * secure aggregation. Pure: the same updates in the same order give the same bits; all arithmetic is in double.
 */
public interface Aggregation {
    /** The name that studies use, such as {@code krum}. */
    String name();

    /** The fewest updates that the rule can stand on; with fewer the round has no result and the model stays. */
    int leastUpdates();

    /**
     * With how many updates its theory holds against as many hostile sites as it is told to expect; at least {@link
     * #leastUpdates}.
     */
    default int provenFrom() {
        return leastUpdates();
    }

    /** Rows on which the aggregator itself trains as a site would, for {@link Updates#root}; empty if it has none. */
    default Optional<Examples> rootRows() {
        return Optional.empty();
    }

    /**
     * One update for the whole round.
     *
     * @param updates of all sites
     * @throws IllegalArgumentException with fewer than {@link #leastUpdates}
     */
    double[] aggregate(Updates updates);
}

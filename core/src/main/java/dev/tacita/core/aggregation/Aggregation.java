package dev.tacita.core.aggregation;

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
     * One update for the whole round.
     *
     * @param updates of all sites
     * @throws IllegalArgumentException with fewer than {@link #leastUpdates}
     */
    double[] aggregate(Updates updates);
}

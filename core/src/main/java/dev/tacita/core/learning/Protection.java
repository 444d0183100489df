package dev.tacita.core.learning;

/** What hides a contribution on its way, from the weakest to the strongest. There is no default. */
public enum Protection {
    /** Nothing: the aggregator, and whoever can read the broker's topics, can read every site's update. */
    PLAIN,
    /** Masks that cancel in the sum: the aggregator learns the sum of what the sites send, and nothing else of it. */
    SECURE_AGGREGATION
}

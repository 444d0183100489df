package dev.tacita.core.learning;

/** What hides a contribution on its way. There is no default. */
public enum Protection {
    /** Nothing: the aggregator, and whoever can read the broker's topics, can read every site's update. */
    PLAIN
}

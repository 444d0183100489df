package dev.tacita.core.metric;

import java.util.SortedMap;

/**
 * What some examples say of a model, as a vector of sums with the law that the vector of two disjoint sets of examples is
 * the sum of their vectors: so it can be pooled over sites, under secure aggregation too. The vector may reveal single
 * rows where the examples are few; a site's policy decides what leaves.
 */
public interface Statistic {
    /** The sums; each call gives a new array. Counts are whole numbers. */
    double[] sums();

    /** The metrics by name, such as {@code accuracy}; a metric that these examples do not define is NaN. */
    SortedMap<String, Double> metrics();
}

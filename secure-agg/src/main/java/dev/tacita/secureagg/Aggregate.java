package dev.tacita.secureagg;

import dev.tacita.core.SiteId;
import java.util.List;
import java.util.Map;

/**
 * What came out of an attempt.
 *
 * @param survivors whose contributions are in the sums
 * @param sums by the names of the vectors
 */
public record Aggregate(List<SiteId> survivors, Map<String, RingVector> sums) {
    public Aggregate {
        survivors = List.copyOf(survivors);
        sums = Map.copyOf(sums);
    }

    /** @throws IllegalArgumentException if there is no vector of that name */
    public RingVector sum(String name) {
        RingVector sum = sums.get(name);
        if (sum == null) {
            throw new IllegalArgumentException("there is no vector '" + name + "'");
        }
        return sum;
    }
}

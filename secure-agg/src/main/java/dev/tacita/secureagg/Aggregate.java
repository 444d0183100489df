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
}

package dev.tacita.core.learning;

import dev.tacita.core.SiteId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which sites belong together. */
public sealed interface Regions {
    /**
     * Runs of neighbouring sites in the order of their names, as many as in the others, give or take one.
     *
     * @param count how many regions, at least 1
     */
    record Count(int count) implements Regions {
        public Count {
            Checks.atLeast("regions", count, 1);
        }
    }

    /**
     * These sites.
     *
     * @param sites of each region by its name; at least one region, each with a site, no site in two
     */
    record Named(Map<String, List<SiteId>> sites) implements Regions {
        public Named {
            Map<String, List<SiteId>> copy = new LinkedHashMap<>();
            sites.forEach((region, of) -> copy.put(region, List.copyOf(of)));
            sites = Collections.unmodifiableMap(copy);
            if (sites.isEmpty()) {
                throw new IllegalArgumentException("regions must be at least one. Provided: none");
            }
            Map<SiteId, String> seen = new LinkedHashMap<>();
            sites.forEach((region, of) -> {
                if (of.isEmpty()) {
                    throw new IllegalArgumentException(
                            "a region must have a site. Provided: region '" + region + "' with none");
                }
                for (SiteId site : of) {
                    String before = seen.putIfAbsent(site, region);
                    if (before != null) {
                        throw new IllegalArgumentException("a site must be in one region, and once. Provided: site '"
                                + site + "' in '" + before + "' and in '" + region + "'");
                    }
                }
            });
        }
    }

    /** What the data says of each site. */
    record OfData() implements Regions {}
}

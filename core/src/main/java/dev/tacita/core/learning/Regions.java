package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.RunId;
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

    /** Live: each site of the run is a region, and the aggregator of a federation of its own. */
    record Federations() implements Regions {}

    /**
     * Live, in the federation of a region: its sites are that region, and the run is the region's part in one round of another.
     *
     * @param run of which this run is a part, in the federation of the regions
     * @param round of that run, counted from 1; one after {@code rounds} is the evaluation of its last model
     * @param rounds how many rounds of training that run has, at least 1
     * @param model SHA-256 of the parameters to begin with, 64 lower-case hexadecimal digits
     */
    record PartOf(RunId run, int round, int rounds, String model) implements Regions {
        private static final int HASH_DIGITS = 64;

        public PartOf {
            requireNonNull(run, "run is null");
            Checks.atLeast("rounds", rounds, 1);
            if (round < 1 || round > rounds + 1) {
                throw new IllegalArgumentException("round must be 1 to " + (rounds + 1)
                        + ", which is the evaluation after " + rounds + " rounds. Provided value: " + round);
            }
            if (model.length() != HASH_DIGITS || !model.matches("[0-9a-f]*")) {
                throw new IllegalArgumentException(
                        "model must be a SHA-256, 64 lower-case hexadecimal digits. Provided value: " + model);
            }
        }

        /** Whether the model is measured and not trained. */
        public boolean isEvaluation() {
            return round > rounds;
        }
    }
}

package dev.tacita.region;

import static java.util.Objects.requireNonNull;

import dev.tacita.client.SiteConfig;
import dev.tacita.core.learning.Protection;
import dev.tacita.server.AggregatorConfig;
import java.nio.file.Path;

/**
 * What {@code region.yaml} says.
 *
 * @param site what the region is to the federation of regions; without data
 * @param aggregator what it is to its own sites
 * @param rounds how it does rounds with them
 */
public record RegionConfig(SiteConfig site, AggregatorConfig aggregator, RegionSettings rounds) {
    public RegionConfig {
        requireNonNull(site, "site is null");
        requireNonNull(aggregator, "aggregator is null");
        requireNonNull(rounds, "rounds is null");
        if (site.federation().equals(aggregator.federation())) {
            throw new IllegalArgumentException(
                    "the federation of the region's sites must have another name than that of the regions. Provided value: "
                            + aggregator.federation());
        }
        if (!site.data().isEmpty()) {
            throw new IllegalArgumentException("a region has no data of its own; its sites do");
        }
        if (rounds.protection().kind() == Protection.SECURE_AGGREGATION
                && aggregator.settings().secure().isEmpty()) {
            throw new IllegalArgumentException(
                    "aggregator must have keys, as the protection of the region's rounds is secure-aggregation");
        }
    }

    /**
     * Reads a file; paths in it are relative to its folder.
     *
     * @throws dev.tacita.core.ProblemsException with every problem of the file, and of the policy file it names
     */
    public static RegionConfig read(Path file) {
        return RegionConfigReader.read(file);
    }
}

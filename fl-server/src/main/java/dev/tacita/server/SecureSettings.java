package dev.tacita.server;

import static java.util.Objects.requireNonNull;

import dev.tacita.secureagg.AggregatorKey;
import dev.tacita.secureagg.SiteRegistry;

/**
 * What an aggregator needs for runs under secure aggregation.
 *
 * @param key to which sites seal what only the aggregator may see; the same after a restart
 * @param registry whose keys it knows; only these sites are asked
 */
public record SecureSettings(AggregatorKey key, SiteRegistry registry) {
    public SecureSettings {
        requireNonNull(key, "key is null");
        requireNonNull(registry, "registry is null");
    }
}

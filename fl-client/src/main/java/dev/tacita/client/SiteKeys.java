package dev.tacita.client;

import static java.util.Objects.requireNonNull;

import dev.tacita.secureagg.Octets;
import dev.tacita.secureagg.SigningIdentity;
import dev.tacita.secureagg.SiteRegistry;

/**
 * What a site needs for runs under secure aggregation; its people compared the fingerprints.
 *
 * @param identity with which it signs
 * @param registry whose keys it trusts, its own among them
 * @param aggregatorKey the aggregator's public key, 32 bytes
 */
public record SiteKeys(SigningIdentity identity, SiteRegistry registry, Octets aggregatorKey) {
    public SiteKeys {
        requireNonNull(identity, "identity is null");
        requireNonNull(registry, "registry is null");
        requireNonNull(aggregatorKey, "aggregatorKey is null");
    }
}

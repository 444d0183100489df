package dev.tacita.region;

import dev.tacita.client.SiteKeys;
import dev.tacita.core.SiteId;
import dev.tacita.secureagg.AggregatorKey;
import dev.tacita.secureagg.IdentityKey;
import dev.tacita.secureagg.SigningIdentity;
import dev.tacita.secureagg.SiteRegistry;
import dev.tacita.server.SecureSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A key for the aggregator of a federation and for each of its sites, who all trust each other. */
final class FederationKeys {
    private final AggregatorKey aggregator = AggregatorKey.generate();
    private final Map<SiteId, SigningIdentity> identities = new TreeMap<>();

    FederationKeys(List<String> sites) {
        sites.forEach(site -> identities.put(new SiteId(site), SigningIdentity.generate()));
    }

    private SiteRegistry registry() {
        Map<SiteId, IdentityKey> keys = new TreeMap<>();
        identities.forEach((site, identity) -> keys.put(site, identity.publicKey()));
        return SiteRegistry.of(keys);
    }

    SecureSettings ofAggregator() {
        return new SecureSettings(aggregator, registry());
    }

    SiteKeys of(String site) {
        return new SiteKeys(
                Optional.ofNullable(identities.get(new SiteId(site))).orElseThrow(),
                registry(),
                aggregator.publicKey());
    }
}

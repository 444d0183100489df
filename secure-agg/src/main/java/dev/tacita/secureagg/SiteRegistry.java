package dev.tacita.secureagg;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.SiteId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which identity belongs to which site. Every site holds its own copy, made from keys whose fingerprints people compared;
 * an aggregator cannot add to it, so it cannot invent sites.
 */
public final class SiteRegistry {
    private final SortedMap<SiteId, IdentityKey> keys;

    private SiteRegistry(SortedMap<SiteId, IdentityKey> keys) {
        this.keys = keys;
    }

    /** @throws ProblemsException if two sites have one key */
    public static SiteRegistry of(Map<SiteId, IdentityKey> keys) {
        SortedMap<SiteId, IdentityKey> sorted = new TreeMap<>(keys);
        List<Problem> problems = new ArrayList<>();
        Map<IdentityKey, SiteId> owners = new HashMap<>();
        sorted.forEach((site, key) -> {
            SiteId other = owners.putIfAbsent(key, site);
            if (other != null) {
                problems.add(Problem.of(site.value(), "has the key of '" + other + "': " + key.fingerprint()));
            }
        });
        if (!problems.isEmpty()) {
            throw new ProblemsException("the registry of sites", problems);
        }
        return new SiteRegistry(sorted);
    }

    /** The key of a site, if it is registered. */
    public Optional<IdentityKey> key(SiteId site) {
        return Optional.ofNullable(keys.get(site));
    }

    /** The sites in the order of their names. */
    public List<SiteId> sites() {
        return List.copyOf(keys.keySet());
    }
}

package dev.tacita.keys;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.SiteId;
import dev.tacita.secureagg.AggregatorPublicKey;
import dev.tacita.secureagg.IdentityKey;
import dev.tacita.secureagg.SiteRegistry;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whose keys a site, or an aggregator, trusts. A key gets in when people compared its fingerprint; a site that is known cannot
 * get another key but by {@link #replaceKnownKey}. Two sites never have one key.
 */
public final class TrustedKeys {
    private static final String SUBJECT = "the trusted keys";

    private final Optional<TrustedKey<AggregatorPublicKey>> aggregator;
    private final SortedMap<SiteId, TrustedKey<IdentityKey>> sites;

    private TrustedKeys(
            Optional<TrustedKey<AggregatorPublicKey>> aggregator, Map<SiteId, TrustedKey<IdentityKey>> sites) {
        this.aggregator = aggregator;
        this.sites = new TreeMap<>(sites);
        SiteRegistry.of(keys());
    }

    /** @throws ProblemsException if two sites have one key */
    static TrustedKeys of(
            Optional<TrustedKey<AggregatorPublicKey>> aggregator, Map<SiteId, TrustedKey<IdentityKey>> sites) {
        return new TrustedKeys(aggregator, sites);
    }

    /** Nobody is trusted. */
    public static TrustedKeys none() {
        return new TrustedKeys(Optional.empty(), Map.of());
    }

    /**
     * Reads a file of trusted keys.
     *
     * @throws ProblemsException with every problem: also if others than the file's owner may write it, or a fingerprint is not
     *     that of its key
     */
    public static TrustedKeys read(Path file) {
        return TrustedKeysFile.read(file);
    }

    /** The sites and what is known of each, in the order of their names. */
    public SortedMap<SiteId, TrustedKey<IdentityKey>> sites() {
        return Collections.unmodifiableSortedMap(sites);
    }

    /** The aggregator's key, if it is known. */
    public Optional<TrustedKey<AggregatorPublicKey>> aggregator() {
        return aggregator;
    }

    /** For an aggregator: the sites and their keys. */
    public SiteRegistry registry() {
        return SiteRegistry.of(keys());
    }

    /**
     * For a site: the others and itself.
     *
     * @throws ProblemsException if the site is known here by another key than its own, or its key as another site's
     */
    public SiteRegistry registry(SiteId me, IdentityKey mine) {
        Map<SiteId, IdentityKey> all = keys();
        IdentityKey known = all.putIfAbsent(me, mine);
        if (known != null && !known.equals(mine)) {
            throw problem(me.value(), "this site itself is known by the key " + known + ", and has " + mine + ".", "");
        }
        return SiteRegistry.of(all);
    }

    /**
     * With a site's key. The key it has already can come again, with another note.
     *
     * @throws ProblemsException if the site is known by another key, or the key as another site's
     */
    public TrustedKeys trust(SiteId site, TrustedKey<IdentityKey> trusted) {
        TrustedKey<IdentityKey> known = sites.get(site);
        if (known != null && !known.key().equals(trusted.key())) {
            throw changed(site.value(), known, trusted);
        }
        return replaceKnownKey(site, trusted);
    }

    /**
     * With the aggregator's key. The key it has already can come again, with another note.
     *
     * @throws ProblemsException if it is known by another key
     */
    public TrustedKeys trustAggregator(TrustedKey<AggregatorPublicKey> trusted) {
        aggregator.filter(known -> !known.key().equals(trusted.key())).ifPresent(known -> {
            throw changed("aggregator", known, trusted);
        });
        return replaceKnownAggregatorKey(trusted);
    }

    /**
     * With a site's key, whatever key it was known by before.
     *
     * @throws ProblemsException if it is known as another site's key
     */
    public TrustedKeys replaceKnownKey(SiteId site, TrustedKey<IdentityKey> trusted) {
        Map<SiteId, TrustedKey<IdentityKey>> more = new TreeMap<>(sites);
        more.put(site, trusted);
        return new TrustedKeys(aggregator, more);
    }

    /** With the aggregator's key, whatever key it was known by before. */
    public TrustedKeys replaceKnownAggregatorKey(TrustedKey<AggregatorPublicKey> trusted) {
        return new TrustedKeys(Optional.of(trusted), sites);
    }

    /** @throws ProblemsException if the site is not known */
    public TrustedKeys without(SiteId site) {
        Map<SiteId, TrustedKey<IdentityKey>> fewer = new TreeMap<>(sites);
        if (fewer.remove(site) == null) {
            throw problem(site.value(), "this site is not known.", "");
        }
        return new TrustedKeys(aggregator, fewer);
    }

    private Map<SiteId, IdentityKey> keys() {
        Map<SiteId, IdentityKey> keys = new LinkedHashMap<>();
        sites.forEach((site, trusted) -> keys.put(site, trusted.key()));
        return keys;
    }

    private static ProblemsException changed(String who, TrustedKey<?> known, TrustedKey<?> provided) {
        return problem(
                who,
                "is known by the key " + known.key().fingerprint() + ", and now there is another: "
                        + provided.key().fingerprint() + ".",
                "Somebody may be pretending to be this one. Replace the known key only if its people said, on a way of"
                        + " their own, that they made a new one.");
    }

    private static ProblemsException problem(String place, String why, String fix) {
        return new ProblemsException(SUBJECT, List.of(new Problem(place, why, fix)));
    }
}

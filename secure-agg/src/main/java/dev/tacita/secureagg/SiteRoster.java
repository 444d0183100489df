package dev.tacita.secureagg;

import dev.tacita.core.SiteId;
import dev.tacita.secureagg.AggregationMessage.KeyAdvertisement;
import dev.tacita.secureagg.AggregationMessage.KeyList;
import dev.tacita.secureagg.AggregationMessage.SealedShare;
import dev.tacita.secureagg.AggregationMessage.SiteSignature;
import dev.tacita.secureagg.AggregationMessage.SurvivorsConfirmed;
import dev.tacita.secureagg.AggregationMessage.UnmaskRequest;
import dev.tacita.secureagg.ProtocolViolationException.Rule;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The roster as one site sees it, once it has found nothing wrong with it; judges what the aggregator says of its sites. */
final class SiteRoster {
    private final RoundTerms terms;
    private final SiteRegistry registry;
    private final Roster roster;
    private final Derivation derivation;
    private final int me;
    private final int[] holders;
    private final Set<Integer> neighbours;

    private SiteRoster(RoundTerms terms, SiteRegistry registry, Roster roster, int me) {
        this.terms = terms;
        this.registry = registry;
        this.roster = roster;
        this.derivation = new Derivation(roster.context());
        this.me = me;
        this.holders = roster.graph().holders(me);
        this.neighbours = Arrays.stream(roster.graph().neighbours(me)).boxed().collect(Collectors.toUnmodifiableSet());
    }

    static SiteRoster check(RoundTerms terms, SiteRegistry registry, KeyAdvertisement mine, KeyList list)
            throws ProtocolViolationException {
        Set<SiteId> sites = new HashSet<>();
        Set<Octets> keys = new HashSet<>();
        for (KeyAdvertisement each : list.keys()) {
            checkKeys(terms, mine, each);
            require(sites.add(each.site()), Rule.REPEATED_SITE, "a site must have one pair of keys", each.site());
            require(
                    keys.add(each.encryptionKey()) && keys.add(each.maskingKey()),
                    Rule.REPEATED_KEY,
                    "every key must be there once",
                    each.site());
        }
        require(sites.contains(mine.site()), Rule.MY_KEYS_MISSING, "the list must have my keys", mine.site());
        requireAtLeast(sites.size(), terms.leastSurvivors(), Rule.TOO_FEW_KEYS, "sites with keys");
        int me = Collections.binarySearch(terms.sites(), mine.site());
        SiteRoster checked = new SiteRoster(terms, registry, Roster.of(terms, list.keys()), me);
        checked.requireSignedKeys(list.keys());
        return checked;
    }

    private static void checkKeys(RoundTerms terms, KeyAdvertisement mine, KeyAdvertisement each)
            throws ProtocolViolationException {
        require(
                Collections.binarySearch(terms.sites(), each.site()) >= 0,
                Rule.UNKNOWN_SITE,
                "keys must be of a site of the cohort",
                each.site());
        require(each.context().equals(mine.context()), Rule.TERMS_DIFFER, "all must sign the same terms", each.site());
        require(
                Curve.isAgreementKey(each.encryptionKey()) && Curve.isAgreementKey(each.maskingKey()),
                Rule.INVALID_KEY,
                "keys must be points, of no small order",
                each.site());
        require(
                !each.site().equals(mine.site()) || each.equals(mine),
                Rule.MY_KEYS_CHANGED,
                "the list must have my keys as I sent them",
                each.site());
    }

    /** In a ring of the neighbours, which are all that the site deals with. */
    private void requireSignedKeys(List<KeyAdvertisement> keys) throws ProtocolViolationException {
        int withKeys = 0;
        for (KeyAdvertisement each : keys) {
            if (neighbours.contains(roster.index(each.site()))) {
                withKeys++;
                require(
                        signed(each.site(), each.signed(), each.signature()),
                        Rule.BAD_SIGNATURE,
                        "keys must be signed by the identity that the registry has",
                        each.site());
            }
        }
        if (terms.sharing() instanceof Sharing.Ring) {
            requireAtLeast(withKeys, terms.sharing().threshold(), Rule.TOO_FEW_KEYS, "neighbours with keys");
        }
    }

    void requireSharers(List<SealedShare> shares) throws ProtocolViolationException {
        Set<SiteId> sharers = new HashSet<>();
        for (SealedShare share : shares) {
            int peer = roster.index(share.peer());
            require(
                    neighbours.contains(peer) && hasKeys(peer),
                    Rule.SHARES_OF_STRANGER,
                    "shares must be from a neighbour with keys",
                    share.peer());
            require(sharers.add(share.peer()), Rule.REPEATED_SITE, "a site must share once", share.peer());
        }
        if (terms.sharing() instanceof Sharing.Ring) {
            requireAtLeast(sharers.size(), terms.sharing().threshold(), Rule.TOO_FEW_SHARES, "neighbours that shared");
        } else {
            requireAtLeast(sharers.size() + 1, terms.leastSurvivors(), Rule.TOO_FEW_SHARES, "sites that shared");
        }
    }

    void requireSurvivors(List<SiteId> survivors, SiteSecrets secrets) throws ProtocolViolationException {
        requireEachOnce(survivors);
        require(survivors.contains(site(me)), Rule.MYSELF_NAMED_DEAD, "I contributed, so I survive", site(me));
        requireSharing(survivors, secrets);
        requireAtLeast(survivors.size(), terms.leastSurvivors(), Rule.TOO_FEW_SURVIVORS, "survivors");
        int near = (int) survivors.stream()
                .filter(site -> Arrays.binarySearch(holders, roster.index(site)) >= 0)
                .count();
        requireAtLeast(near, terms.sharing().threshold(), Rule.TOO_FEW_SURVIVORS, "survivors who hold my shares");
    }

    void requireRequest(UnmaskRequest request, List<SiteId> signed, SiteSecrets secrets)
            throws ProtocolViolationException {
        requireEachOnce(request.selfMasksOf());
        requireEachOnce(request.maskingKeysOf());
        Set<SiteId> dead = new HashSet<>(request.maskingKeysOf());
        require(!dead.contains(site(me)), Rule.MYSELF_NAMED_DEAD, "I contributed, so I survive", site(me));
        for (SiteId site : request.selfMasksOf()) {
            require(!dead.contains(site), Rule.BOTH_SECRETS, "one secret of a site at most may be asked for", site);
        }
        if (!request.selfMasksOf().equals(signed)) {
            throw new ProtocolViolationException(
                    Rule.SURVIVORS_DIFFER,
                    "the survivors must be those whom I signed for: " + signed.size() + " of them. Provided: "
                            + request.selfMasksOf().size());
        }
        Set<SiteId> alive = new HashSet<>(signed);
        for (SiteId site : request.maskingKeysOf()) {
            require(!alive.contains(site), Rule.BOTH_SECRETS, "one secret of a site at most may be asked for", site);
        }
        requireSharing(request.maskingKeysOf(), secrets);
    }

    void requireSignatures(List<SiteSignature> signatures, List<SiteId> survivors) throws ProtocolViolationException {
        requireEachOnce(signatures.stream().map(SiteSignature::site).toList());
        Octets message = SurvivorsConfirmed.signed(context(), survivors);
        Set<SiteId> alive = new HashSet<>(survivors);
        int counted = 0;
        for (SiteSignature each : signatures) {
            int signer = roster.index(each.site());
            if (signer == me || neighbours.contains(signer)) {
                require(
                        alive.contains(each.site()) && signed(each.site(), message, each.signature()),
                        Rule.BAD_SIGNATURE,
                        "the list of survivors must be signed by survivors, as I have it",
                        each.site());
                counted++;
            }
        }
        requireAtLeast(counted, terms.sharing().threshold(), Rule.TOO_FEW_SIGNATURES, "signatures");
    }

    /** That each has keys, and each neighbour has shared its secrets with me. */
    private void requireSharing(List<SiteId> sites, SiteSecrets secrets) throws ProtocolViolationException {
        for (SiteId site : sites) {
            int index = roster.index(site);
            require(
                    hasKeys(index) && (!neighbours.contains(index) || secrets.holds(index)),
                    Rule.ALREADY_DEAD,
                    "a site must have shared its secrets",
                    site);
        }
    }

    private void requireEachOnce(List<SiteId> sites) throws ProtocolViolationException {
        Set<SiteId> seen = new HashSet<>();
        for (SiteId site : sites) {
            require(roster.index(site) >= 0, Rule.UNKNOWN_SITE, "a site must be of the cohort", site);
            require(seen.add(site), Rule.REPEATED_SITE, "a site must be named once", site);
        }
    }

    private boolean signed(SiteId site, Octets message, Octets signature) {
        return registry.key(site)
                .filter(key -> key.verifies(message, signature))
                .isPresent();
    }

    Octets context() {
        return roster.context();
    }

    Derivation derivation() {
        return derivation;
    }

    int me() {
        return me;
    }

    int[] holders() {
        return holders;
    }

    SiteId site(int index) {
        return roster.site(index);
    }

    int index(SiteId site) {
        return roster.index(site);
    }

    boolean hasKeys(int index) {
        return index >= 0 && roster.keys(index).isPresent();
    }

    Octets encryptionKey(int index) {
        return roster.keys(index).orElseThrow().encryptionKey();
    }

    Octets maskingKey(int index) {
        return roster.keys(index).orElseThrow().maskingKey();
    }

    private static void require(boolean holds, Rule rule, String sentence, SiteId site)
            throws ProtocolViolationException {
        if (!holds) {
            throw new ProtocolViolationException(rule, sentence + ". Site: '" + site + "'");
        }
    }

    private static void requireAtLeast(int provided, int least, Rule rule, String what)
            throws ProtocolViolationException {
        if (provided < least) {
            throw new ProtocolViolationException(
                    rule, "there must be at least " + least + " " + what + ". Provided: " + provided);
        }
    }
}

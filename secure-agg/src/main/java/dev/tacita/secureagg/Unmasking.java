package dev.tacita.secureagg;

import dev.tacita.core.SiteId;
import dev.tacita.secureagg.AggregationFailedException.Reason;
import dev.tacita.secureagg.AggregationMessage.KeyAdvertisement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Puts survivors' seeds and the masking secrets of those who dropped out together, and from them the masks that are left
 * in the sum.
 */
final class Unmasking {
    private final Roster roster;
    private final Derivation derivation;
    private final int threshold;
    private final Set<SiteId> sharers;
    private final Set<SiteId> survivors;
    private final SortedMap<SiteId, UnmaskShares> answers;
    private final Map<List<Integer>, Interpolation> interpolations = new HashMap<>();

    Unmasking(
            Roster roster,
            RoundTerms terms,
            Set<SiteId> sharers,
            Set<SiteId> survivors,
            SortedMap<SiteId, UnmaskShares> answers) {
        this.roster = roster;
        this.derivation = new Derivation(roster.context());
        this.threshold = terms.sharing().threshold();
        this.sharers = sharers;
        this.survivors = survivors;
        this.answers = answers;
    }

    /** For each vector the masks to be applied. */
    List<Masks> masks(List<VectorSpec> vectors) throws AggregationFailedException {
        List<Masks> masks = vectors.stream().map(vector -> new Masks()).toList();
        for (SiteId survivor : survivors) {
            byte[] seed = selfSeed(roster.index(survivor));
            for (int i = 0; i < masks.size(); i++) {
                masks.get(i).subtract(derivation.selfMask(seed, survivor, vectors.get(i)));
            }
            Arrays.fill(seed, (byte) 0);
        }
        for (SiteId sharer : sharers) {
            if (!survivors.contains(sharer)) {
                addPairMasks(sharer, vectors, masks);
            }
        }
        return masks;
    }

    /** A survivor added its mask with a lower site and took away that with a higher one. */
    private void addPairMasks(SiteId dropped, List<VectorSpec> vectors, List<Masks> masks)
            throws AggregationFailedException {
        int index = roster.index(dropped);
        int[] partners = Arrays.stream(roster.graph().neighbours(index))
                .filter(neighbour -> survivors.contains(roster.site(neighbour)))
                .toArray();
        if (partners.length == 0) {
            return;
        }
        byte[] secret = maskingSecret(index);
        for (int partner : partners) {
            SiteId other = roster.site(partner);
            byte[] agreed =
                    Curve.agree(secret, roster.keys(partner).orElseThrow().maskingKey());
            for (int i = 0; i < masks.size(); i++) {
                if (index < partner) {
                    masks.get(i).subtract(derivation.pairMask(agreed, dropped, other, vectors.get(i)));
                } else {
                    masks.get(i).add(derivation.pairMask(agreed, other, dropped, vectors.get(i)));
                }
            }
            Arrays.fill(agreed, (byte) 0);
        }
        Arrays.fill(secret, (byte) 0);
    }

    private byte[] selfSeed(int owner) throws AggregationFailedException {
        byte[] seed = secret(owner, UnmaskShares::ofSelfSeeds);
        KeyAdvertisement keys = roster.keys(owner).orElseThrow();
        if (!new Derivation(keys.context()).seedCommitment(seed, keys.site()).equals(keys.seedCommitment())) {
            throw inconsistent(owner);
        }
        return seed;
    }

    private byte[] maskingSecret(int owner) throws AggregationFailedException {
        byte[] secret = secret(owner, UnmaskShares::ofMaskingSecrets);
        if (!Curve.agreementPublicKey(secret)
                .equals(roster.keys(owner).orElseThrow().maskingKey())) {
            throw inconsistent(owner);
        }
        return secret;
    }

    private byte[] secret(int owner, Function<UnmaskShares, Map<Integer, Octets>> kind)
            throws AggregationFailedException {
        List<Shamir.Share> shares = new ArrayList<>();
        List<Integer> points = new ArrayList<>();
        for (int holder : roster.graph().holders(owner)) {
            UnmaskShares answer = answers.get(roster.site(holder));
            Octets share = answer == null ? null : kind.apply(answer).get(owner);
            if (share != null && shares.size() < threshold) {
                int point = roster.point(owner, holder);
                shares.add(new Shamir.Share(point, share));
                points.add(point);
            }
        }
        if (shares.size() < threshold) {
            throw new AggregationFailedException(
                    Reason.TOO_FEW_SHARES,
                    "a secret needs " + threshold + " shares. Of '" + roster.site(owner) + "' there are "
                            + shares.size());
        }
        Interpolation interpolation = interpolations.computeIfAbsent(
                points,
                it -> Interpolation.at(it.stream().mapToInt(point -> point).toArray()));
        try {
            return Shamir.combine(shares, interpolation, Limits.SECRET);
        } catch (IllegalArgumentException e) {
            throw inconsistent(owner);
        }
    }

    private AggregationFailedException inconsistent(int owner) {
        return new AggregationFailedException(
                Reason.INCONSISTENT_SHARES,
                "shares of a secret must give the secret that was announced. Of: '" + roster.site(owner) + "'");
    }
}

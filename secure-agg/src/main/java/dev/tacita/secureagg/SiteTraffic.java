package dev.tacita.secureagg;

import dev.tacita.core.SiteId;
import dev.tacita.secureagg.AggregationMessage.FromSite;
import dev.tacita.secureagg.AggregationMessage.KeyAdvertisement;
import dev.tacita.secureagg.AggregationMessage.KeyList;
import dev.tacita.secureagg.AggregationMessage.MaskedInput;
import dev.tacita.secureagg.AggregationMessage.MaskedVector;
import dev.tacita.secureagg.AggregationMessage.SealedShare;
import dev.tacita.secureagg.AggregationMessage.SharesDelivered;
import dev.tacita.secureagg.AggregationMessage.SharesSent;
import dev.tacita.secureagg.AggregationMessage.SiteSignature;
import dev.tacita.secureagg.AggregationMessage.SurvivorList;
import dev.tacita.secureagg.AggregationMessage.SurvivorsConfirmed;
import dev.tacita.secureagg.AggregationMessage.UnmaskAnswer;
import dev.tacita.secureagg.AggregationMessage.UnmaskRequest;
import java.util.List;
import java.util.stream.Stream;

/**
 * The bytes of the protocol's messages that one site sends and receives in a round in which all share with all and all answer;
 * without the model, and without what a transport puts around messages.
 *
 * @param sent its masked vectors among them
 * @param received by it
 */
public record SiteTraffic(long sent, long received) {
    /**
     * What a round costs a site, known before there is any key.
     *
     * @param site one of the cohort
     * @param cohort at least 2
     * @param vectors what is summed
     */
    public static SiteTraffic of(SiteId site, List<SiteId> cohort, List<VectorSpec> vectors) {
        if (!cohort.contains(site) || cohort.size() < 2) {
            throw new IllegalArgumentException(
                    "the cohort must have the site and another one. Provided value: " + cohort);
        }
        Octets context = zeros(Limits.HASH);
        List<SiteId> others =
                cohort.stream().filter(other -> !other.equals(site)).toList();
        Stream<FromSite> sent = Stream.of(
                keys(context, site),
                new SharesSent(context, site, shares(others)),
                new MaskedInput(
                        context,
                        site,
                        vectors.stream()
                                .map(vector -> new MaskedVector(vector.name(), zeros(0)))
                                .toList()),
                new SurvivorsConfirmed(context, site, zeros(Curve.SIGNATURE_BYTES)),
                new UnmaskAnswer(context, site, zeros(Curve.KEY_BYTES), zeros(answer(cohort.size()))));
        Stream<AggregationMessage> received = Stream.of(
                new KeyList(
                        context,
                        cohort.stream().map(each -> keys(context, each)).toList()),
                new SharesDelivered(context, site, shares(others)),
                new SurvivorList(context, cohort),
                new UnmaskRequest(
                        context,
                        cohort,
                        List.of(),
                        cohort.stream()
                                .map(each -> new SiteSignature(each, zeros(Curve.SIGNATURE_BYTES)))
                                .toList()));
        long masked = vectors.stream().mapToLong(VectorSpec::messageBytes).sum();
        return new SiteTraffic(masked + bytes(sent), bytes(received));
    }

    private static long bytes(Stream<? extends AggregationMessage> messages) {
        return messages.mapToLong(message -> MessageCodec.encode(message).length)
                .sum();
    }

    private static KeyAdvertisement keys(Octets context, SiteId site) {
        return new KeyAdvertisement(
                context,
                site,
                zeros(Curve.KEY_BYTES),
                zeros(Curve.KEY_BYTES),
                zeros(Limits.HASH),
                zeros(Curve.SIGNATURE_BYTES));
    }

    private static List<SealedShare> shares(List<SiteId> peers) {
        return peers.stream()
                .map(peer -> new SealedShare(peer, zeros(Limits.SEALED_SHARE)))
                .toList();
    }

    /** A share of each survivor's seed behind its number, and an empty list of masking secrets. */
    private static int answer(int survivors) {
        return Seal.OVERHEAD + 2 * Integer.BYTES + survivors * (Integer.BYTES + Limits.SHARE);
    }

    private static Octets zeros(int length) {
        return Octets.wrap(new byte[length]);
    }
}

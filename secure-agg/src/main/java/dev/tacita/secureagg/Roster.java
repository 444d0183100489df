package dev.tacita.secureagg;

import dev.tacita.core.SiteId;
import dev.tacita.secureagg.AggregationMessage.KeyAdvertisement;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Who takes part with which keys; every site of an attempt has the same. Sites are counted from 0, in the terms' order. */
final class Roster {
    private final RoundTerms terms;
    private final Octets context;
    private final SharingGraph graph;
    private final KeyAdvertisement[] keys;

    private Roster(RoundTerms terms, Octets context, SharingGraph graph, KeyAdvertisement[] keys) {
        this.terms = terms;
        this.context = context;
        this.graph = graph;
        this.keys = keys;
    }

    /** From the keys of different sites of the cohort. */
    static Roster of(RoundTerms terms, List<KeyAdvertisement> advertised) {
        KeyAdvertisement[] keys = new KeyAdvertisement[terms.sites().size()];
        for (KeyAdvertisement each : advertised) {
            keys[Collections.binarySearch(terms.sites(), each.site())] = each;
        }
        Octets context = Transcript.of("context")
                .add(terms.hash())
                .add(sessionId(advertised))
                .hash();
        return new Roster(terms, context, terms.sharing().graph(context), keys);
    }

    /** Names who takes part: SHA-256 over the keys in order, as in fcp. */
    private static Octets sessionId(List<KeyAdvertisement> advertised) {
        Transcript transcript = Transcript.empty();
        advertised.stream()
                .sorted(Comparator.comparing(KeyAdvertisement::site))
                .forEach(each -> transcript.add(each.maskingKey()).add(each.encryptionKey()));
        return transcript.hash();
    }

    Octets context() {
        return context;
    }

    SharingGraph graph() {
        return graph;
    }

    SiteId site(int index) {
        return terms.sites().get(index);
    }

    /** The site's number; negative if it is not in the cohort. */
    int index(SiteId site) {
        return Collections.binarySearch(terms.sites(), site);
    }

    Optional<KeyAdvertisement> keys(int index) {
        return Optional.ofNullable(keys[index]);
    }

    /** The point at which a holder has shares of a site's secrets. */
    int point(int owner, int holder) {
        return Arrays.binarySearch(graph.holders(owner), holder) + 1;
    }
}

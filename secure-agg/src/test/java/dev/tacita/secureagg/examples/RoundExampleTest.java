package dev.tacita.secureagg.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Adversary;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.number.Quantization;
import dev.tacita.secureagg.Aggregate;
import dev.tacita.secureagg.AggregationMessage.FromAggregator;
import dev.tacita.secureagg.AggregationMessage.SharesDelivered;
import dev.tacita.secureagg.AggregatorKey;
import dev.tacita.secureagg.AggregatorSession;
import dev.tacita.secureagg.AggregatorSession.Stage;
import dev.tacita.secureagg.Contribution;
import dev.tacita.secureagg.Modulus;
import dev.tacita.secureagg.Octets;
import dev.tacita.secureagg.RingVector;
import dev.tacita.secureagg.RoundTerms;
import dev.tacita.secureagg.RoundingBits;
import dev.tacita.secureagg.Sharing;
import dev.tacita.secureagg.SigningIdentity;
import dev.tacita.secureagg.SiteRegistry;
import dev.tacita.secureagg.SiteRules;
import dev.tacita.secureagg.SiteSession;
import dev.tacita.secureagg.VectorSpec;
import dev.tacita.secureagg.Workers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The round of docs/secure-aggregation.md, by the public classes alone. */
class RoundExampleTest {
    @Test
    void threeHospitalsAndOneSum() throws Exception {
        List<SiteId> hospitals = List.of(new SiteId("basel"), new SiteId("bern"), new SiteId("zug"));
        Map<SiteId, SigningIdentity> identities = Map.of(
                hospitals.get(0), SigningIdentity.generate(),
                hospitals.get(1), SigningIdentity.generate(),
                hospitals.get(2), SigningIdentity.generate());
        SiteRegistry registry = SiteRegistry.of(Map.of(
                hospitals.get(0), identities.get(hospitals.get(0)).publicKey(),
                hospitals.get(1), identities.get(hospitals.get(1)).publicKey(),
                hospitals.get(2), identities.get(hospitals.get(2)).publicKey()));
        AggregatorKey aggregatorKey = AggregatorKey.generate();

        Quantization quantization = new Quantization(1.0, 28, 500);
        RoundTerms terms = new RoundTerms(
                new RunId("run-1"),
                1,
                1,
                Octets.copyOf(new byte[32]),
                hospitals,
                Sharing.Complete.of(3, 0, Adversary.ACTIVE),
                2,
                List.of(new VectorSpec("update", 3, Modulus.TWO_32, 28)),
                aggregatorKey.publicKey());

        AggregatorSession aggregator = AggregatorSession.open(terms, aggregatorKey, registry, Workers.callingThread());
        Map<SiteId, SiteSession> sessions = new TreeMap<>();
        for (SiteId hospital : hospitals) {
            SiteSession session = SiteSession.open(
                    terms,
                    hospital,
                    identities.get(hospital),
                    registry,
                    new SiteRules(2, Adversary.ACTIVE, 0),
                    aggregatorKey.publicKey(),
                    Workers.callingThread());
            ModelUpdate update = new ModelUpdate(new float[] {0.25f, -0.5f}, 100);
            session.contribute(Contribution.empty()
                    .with("update", Modulus.TWO_32, update.clip(1.0).quantize(quantization, new RoundingBits())));
            sessions.put(hospital, session);
            aggregator.receive(session.advertisement());
        }
        while (aggregator.stage() != Stage.DONE) {
            for (FromAggregator message : aggregator.closeStage()) {
                for (SiteId hospital : hospitals) {
                    if (!(message instanceof SharesDelivered shares)
                            || shares.to().equals(hospital)) {
                        sessions.get(hospital).receive(message).ifPresent(aggregator::receive);
                    }
                }
            }
        }
        Aggregate sum = aggregator.aggregate().orElseThrow();

        RingVector numbers = sum.sum("update");
        long weight = numbers.number(0);
        double first = quantization.mean(numbers.number(1), weight);
        double bound = quantization.errorBound(sum.survivors().size(), weight);
        assertThat(weight).isEqualTo(300);
        assertThat(Math.abs(first - 0.25)).isLessThan(bound);
        assertThat(sum.survivors()).isEqualTo(hospitals);
    }
}

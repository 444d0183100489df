package dev.tacita.secureagg;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Adversary;
import dev.tacita.secureagg.AggregationMessage.FromAggregator;
import dev.tacita.secureagg.AggregationMessage.FromSite;
import dev.tacita.secureagg.AggregationMessage.SharesDelivered;
import dev.tacita.secureagg.AggregatorSession.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

/** Sites with their identities and contributions, and an aggregator; every message goes through its bytes. */
final class Cohort {
    static final AggregatorKey AGGREGATOR = AggregatorKey.generate();
    static final List<VectorSpec> VECTORS = List.of(
            new VectorSpec("update", 37, Modulus.TWO_32, 20),
            new VectorSpec("words", 5, Modulus.TWO_64, 50),
            new VectorSpec("odd", 11, new Modulus(2636861836189L), 30));

    private static final Octets MODEL = Octets.copyOf(new byte[32]);
    private static final List<SigningIdentity> IDENTITIES = new ArrayList<>();

    final SiteRegistry registry;
    final RoundTerms terms;
    final TreeMap<SiteId, SiteSession> sessions = new TreeMap<>();
    final TreeMap<SiteId, Map<String, RingVector>> inputs = new TreeMap<>();
    final TreeMap<SiteId, Long> traffic = new TreeMap<>();

    Cohort(RoundTerms terms, long seed) {
        this.terms = terms;
        this.registry = registry(terms.sites().size());
        Random random = new Random(seed);
        for (SiteId site : terms.sites()) {
            SiteSession session = open(site);
            Map<String, RingVector> input = input(random);
            inputs.put(site, input);
            session.contribute(contribution(input));
            sessions.put(site, session);
        }
    }

    static Cohort of(Sharing sharing, int minimumSites, long seed) {
        return new Cohort(terms(sharing, minimumSites, 1), seed);
    }

    static RoundTerms terms(Sharing sharing, int minimumSites, int attempt) {
        return new RoundTerms(
                new RunId("run-1"),
                1,
                attempt,
                MODEL,
                sites(sharing.sites()),
                sharing,
                minimumSites,
                VECTORS,
                AGGREGATOR.publicKey());
    }

    static List<SiteId> sites(int count) {
        return IntStream.range(0, count).mapToObj(Cohort::site).toList();
    }

    static SiteId site(int index) {
        return new SiteId("site-%04d".formatted(index));
    }

    static SigningIdentity identity(SiteId site) {
        int index = Integer.parseInt(site.value().substring(5));
        while (IDENTITIES.size() <= index) {
            IDENTITIES.add(SigningIdentity.generate());
        }
        return IDENTITIES.get(index);
    }

    static SiteRegistry registry(int count) {
        Map<SiteId, IdentityKey> keys = new LinkedHashMap<>();
        sites(count).forEach(site -> keys.put(site, identity(site).publicKey()));
        return SiteRegistry.of(keys);
    }

    SiteSession open(SiteId site) {
        return open(site, terms);
    }

    SiteSession open(SiteId site, RoundTerms ofSite) {
        return SiteSession.open(
                ofSite,
                site,
                identity(site),
                registry,
                new SiteRules(2, Adversary.CURIOUS, 0),
                AGGREGATOR.publicKey(),
                Workers.callingThread());
    }

    SiteSession session(SiteId site) {
        return requireNonNull(sessions.get(site));
    }

    RingVector vector(SiteId site, String name) {
        return requireNonNull(requireNonNull(inputs.get(site)).get(name));
    }

    long traffic(SiteId site) {
        return requireNonNull(traffic.get(site));
    }

    AggregatorSession aggregator() {
        return AggregatorSession.open(terms, AGGREGATOR, registry, Workers.callingThread());
    }

    Map<String, RingVector> input(Random random) {
        Map<String, RingVector> input = new LinkedHashMap<>();
        for (VectorSpec spec : terms.vectors()) {
            input.put(
                    spec.name(),
                    RingVector.of(
                            spec.modulus(),
                            random.longs(spec.length(), -spec.largest(), spec.largest() + 1)
                                    .toArray()));
        }
        return input;
    }

    static Contribution contribution(Map<String, RingVector> input) {
        Contribution contribution = Contribution.empty();
        input.forEach((name, vector) -> contribution.with(name, vector.copy()));
        return contribution;
    }

    /** The sums of these sites' inputs, element by element. */
    Map<String, RingVector> sums(Iterable<SiteId> of) {
        Map<String, RingVector> sums = new LinkedHashMap<>();
        for (VectorSpec spec : terms.vectors()) {
            long[] sum = new long[spec.length()];
            for (SiteId site : of) {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] = Math.addExact(sum[i], vector(site, spec.name()).number(i));
                }
            }
            sums.put(spec.name(), RingVector.of(spec.modulus(), sum));
        }
        return sums;
    }

    /** Runs to the end; a site speaks in a stage where {@code speaks} says so. */
    Aggregate run(BiPredicate<SiteId, Stage> speaks) throws Exception {
        AggregatorSession aggregator = aggregator();
        runTo(aggregator, Stage.DONE, speaks);
        return aggregator.aggregate().orElseThrow();
    }

    Aggregate runWithout(Map<Stage, Set<SiteId>> dropped) throws Exception {
        return run((site, stage) -> dropped.entrySet().stream()
                .noneMatch(entry ->
                        entry.getKey().compareTo(stage) <= 0 && entry.getValue().contains(site)));
    }

    /** Runs until the aggregator reaches the stage; returns the messages that opened it. */
    List<FromAggregator> runTo(AggregatorSession aggregator, Stage goal, BiPredicate<SiteId, Stage> speaks)
            throws Exception {
        for (SiteSession session : sessions.values()) {
            if (speaks.test(session.advertisement().site(), Stage.KEYS)) {
                aggregator.receive((FromSite) sent(session.advertisement().site(), session.advertisement()));
            }
        }
        List<FromAggregator> messages = aggregator.closeStage();
        while (aggregator.stage() != goal) {
            Stage stage = aggregator.stage();
            for (SiteId site : List.copyOf(aggregator.asked())) {
                if (speaks.test(site, stage)) {
                    answer(site, messages).ifPresent(aggregator::receive);
                }
            }
            messages = aggregator.closeStage();
        }
        return messages;
    }

    Optional<FromSite> answer(SiteId site, List<FromAggregator> messages) throws Exception {
        for (FromAggregator message : messages) {
            if (isFor(message, site)) {
                Optional<FromSite> answer = session(site).receive((FromAggregator) sent(site, message));
                return answer.isPresent() ? Optional.of((FromSite) sent(site, answer.get())) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    static boolean isFor(FromAggregator message, SiteId site) {
        return !(message instanceof SharesDelivered delivered) || delivered.to().equals(site);
    }

    private AggregationMessage sent(SiteId site, AggregationMessage message) throws MalformedMessageException {
        byte[] bytes = MessageCodec.encode(message);
        traffic.merge(site, (long) bytes.length, Long::sum);
        return MessageCodec.decode(bytes);
    }
}

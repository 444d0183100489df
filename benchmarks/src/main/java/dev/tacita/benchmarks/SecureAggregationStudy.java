package dev.tacita.benchmarks;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.secureagg.Adversary;
import dev.tacita.secureagg.AggregationFailedException;
import dev.tacita.secureagg.AggregationMessage.FromAggregator;
import dev.tacita.secureagg.AggregationMessage.FromSite;
import dev.tacita.secureagg.AggregatorKey;
import dev.tacita.secureagg.AggregatorSession;
import dev.tacita.secureagg.AggregatorSession.Stage;
import dev.tacita.secureagg.Contribution;
import dev.tacita.secureagg.IdentityKey;
import dev.tacita.secureagg.Modulus;
import dev.tacita.secureagg.Octets;
import dev.tacita.secureagg.ProtocolViolationException;
import dev.tacita.secureagg.RingAssumptions;
import dev.tacita.secureagg.RingVector;
import dev.tacita.secureagg.RoundTerms;
import dev.tacita.secureagg.Sharing;
import dev.tacita.secureagg.SigningIdentity;
import dev.tacita.secureagg.SiteRegistry;
import dev.tacita.secureagg.SiteRules;
import dev.tacita.secureagg.SiteSession;
import dev.tacita.secureagg.VectorSpec;
import dev.tacita.secureagg.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Whole rounds of secure aggregation in one process: what a site's masking and the aggregator's unmasking take as the number
 * of sites grows. The last tenth of the sites shares secrets and then drops out. Every sum is checked.
 */
@Command(name = "secure-agg", mixinStandardHelpOptions = true)
public final class SecureAggregationStudy implements Callable<Integer> {
    private static final int BITS = 16;
    private static final int TIMED_SITES = 21;
    private static final int BATCH = 64;

    @Option(
            names = "--sites",
            split = ",",
            defaultValue = "100,300,1000,3000",
            description = "how many; default ${DEFAULT-VALUE}")
    private List<Integer> sizes = List.of();

    @Option(names = "--parameters", defaultValue = "100000", description = "default ${DEFAULT-VALUE}")
    private int parameters = 100_000;

    @Option(
            names = "--corrupted",
            defaultValue = "0.05",
            description = "fraction that may collude; default ${DEFAULT-VALUE}")
    private double corrupted = 0.05;

    @Option(
            names = "--dropouts",
            defaultValue = "0.10",
            description = "fraction that drops out; default ${DEFAULT-VALUE}")
    private double dropouts = 0.10;

    @Option(
            names = "--workers",
            defaultValue = "2",
            description = "threads of the aggregator; default ${DEFAULT-VALUE}")
    private int workers = 2;

    @Option(names = "--complete", description = "the complete graph in place of the ring")
    private boolean complete;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SecureAggregationStudy()).execute(arguments));
    }

    @Override
    public Integer call() throws ProtocolViolationException, AggregationFailedException {
        System.out.println(
                "| sites | parameters | degree | threshold | dropped | masking at a site, ms | unmasking, s | per site, ms |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, workers - 1));
        try {
            run(50, Workers.of(pool, workers));
            for (int sites : sizes) {
                System.out.println(run(sites, Workers.of(pool, workers)));
            }
        } finally {
            pool.shutdown();
        }
        return 0;
    }

    private String run(int count, Workers lent) throws ProtocolViolationException, AggregationFailedException {
        Sharing sharing = complete
                ? Sharing.Complete.of(count, (int) (corrupted * count), Adversary.CURIOUS)
                : Sharing.Ring.of(new RingAssumptions(count, corrupted, dropouts, Adversary.CURIOUS, 40, 20));
        List<SiteId> sites = IntStream.range(0, count)
                .mapToObj(i -> new SiteId("site-%05d".formatted(i)))
                .toList();
        List<SigningIdentity> identities = new ArrayList<>();
        Map<SiteId, IdentityKey> keys = new HashMap<>();
        for (SiteId site : sites) {
            SigningIdentity identity = SigningIdentity.generate();
            identities.add(identity);
            keys.put(site, identity.publicKey());
        }
        SiteRegistry registry = SiteRegistry.of(keys);
        AggregatorKey key = AggregatorKey.generate();
        int dropped = (int) (dropouts * count);
        RoundTerms terms = new RoundTerms(
                new RunId("study"),
                1,
                1,
                Octets.copyOf(new byte[32]),
                sites,
                sharing,
                Math.max(sharing.corrupted() + 2, count / 2),
                List.of(new VectorSpec("update", parameters, Modulus.TWO_32, BITS)),
                key.publicKey());
        SiteRules rules = new SiteRules(2, Adversary.CURIOUS, 0);
        AggregatorSession aggregator = AggregatorSession.open(terms, key, registry, lent);
        List<SiteSession> sessions = inParallel(
                count,
                i -> SiteSession.open(
                        terms,
                        sites.get(i),
                        identities.get(i),
                        registry,
                        rules,
                        key.publicKey(),
                        Workers.callingThread()));
        sessions.forEach(session -> aggregator.receive(session.advertisement()));
        FromAggregator keyList = aggregator.closeStage().get(0);
        inParallel(count, i -> sessions.get(i).receive(keyList).orElseThrow()).forEach(aggregator::receive);
        List<FromAggregator> inboxes = aggregator.closeStage();
        int survivors = count - dropped;
        int timed = Math.min(survivors, TIMED_SITES);
        double[] masking = new double[timed];
        for (int i = 0; i < timed; i++) {
            sessions.get(i).contribute(Contribution.empty().with("update", input(i)));
            long begin = System.nanoTime();
            FromSite masked = sessions.get(i).receive(inboxes.get(i)).orElseThrow();
            masking[i] = (System.nanoTime() - begin) / 1e6;
            aggregator.receive(masked);
        }
        for (int from = timed; from < survivors; from += BATCH) {
            int begin = from;
            inParallel(Math.min(BATCH, survivors - from), i -> {
                        sessions.get(begin + i).contribute(Contribution.empty().with("update", input(begin + i)));
                        return sessions.get(begin + i)
                                .receive(inboxes.get(begin + i))
                                .orElseThrow();
                    })
                    .forEach(aggregator::receive);
        }
        while (aggregator.stage() != Stage.ANSWERS) {
            FromAggregator message = aggregator.closeStage().get(0);
            inParallel(survivors, i -> sessions.get(i).receive(message).orElseThrow())
                    .forEach(aggregator::receive);
        }
        long begin = System.nanoTime();
        aggregator.closeStage();
        double unmasking = (System.nanoTime() - begin) / 1e9;
        check(aggregator.aggregate().orElseThrow().sum("update"), survivors);
        Arrays.sort(masking);
        return String.format(
                Locale.ROOT,
                "| %d | %d | %d | %d | %d | %.2f | %.2f | %.2f |",
                count,
                parameters,
                sharing.degree(),
                sharing.threshold(),
                dropped,
                masking[timed / 2],
                unmasking,
                1000 * unmasking / count);
    }

    private interface SiteWork<T> {
        T of(int site) throws ProtocolViolationException;
    }

    /** What sites do at the same time, each on one thread, on all processors. */
    private static <T> List<T> inParallel(int count, SiteWork<T> work) {
        return IntStream.range(0, count)
                .parallel()
                .mapToObj(site -> {
                    try {
                        return work.of(site);
                    } catch (ProtocolViolationException e) {
                        throw new IllegalStateException("a site gave up", e);
                    }
                })
                .toList();
    }

    private RingVector input(int site) {
        RingVector vector = RingVector.zeros(Modulus.TWO_32, parameters);
        for (int i = 0; i < parameters; i++) {
            vector.set(i, number(site, i));
        }
        return vector;
    }

    private static int number(int site, int index) {
        return (site * 31 + index * 17) % 20_000 - 10_000;
    }

    private void check(RingVector sum, int survivors) {
        for (int i = 0; i < parameters; i += Math.max(1, parameters / 1000)) {
            long expected = 0;
            for (int site = 0; site < survivors; site++) {
                expected += number(site, i);
            }
            if (sum.number(i) != expected) {
                throw new IllegalStateException("the sum at " + i + " is " + sum.number(i) + ", not " + expected);
            }
        }
    }
}

package dev.tacita.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ClippedUpdate;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.number.Quantization;
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
import dev.tacita.secureagg.RoundingBits;
import dev.tacita.secureagg.Sharing;
import dev.tacita.secureagg.SigningIdentity;
import dev.tacita.secureagg.SiteRegistry;
import dev.tacita.secureagg.SiteRules;
import dev.tacita.secureagg.SiteSession;
import dev.tacita.secureagg.VectorSpec;
import dev.tacita.secureagg.Workers;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
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
 * Whole rounds of secure aggregation in one process: what a site's work and the aggregator's unmasking take as the number of
 * sites grows. The last tenth of the sites shares secrets and then drops out. Every sum is checked. Times are medians of the
 * first sites, of the thread's processor time but where it says the clock.
 */
@Command(name = "secure-agg", mixinStandardHelpOptions = true)
public final class SecureAggregationStudy implements Callable<Integer> {
    private static final int BITS = 16;
    private static final int TIMED_SITES = 21;
    private static final int BATCH = 64;
    private static final int QUANTISED = 9;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

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

    @Option(
            names = "--site-workers",
            defaultValue = "1",
            description = "threads of a site that is timed; default ${DEFAULT-VALUE}")
    private int siteWorkers = 1;

    @Option(names = "--complete", description = "the complete graph in place of the ring")
    private boolean complete;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SecureAggregationStudy()).execute(arguments));
    }

    @Override
    public Integer call() throws ProtocolViolationException, AggregationFailedException {
        System.out.println(
                "| sites | parameters | degree | threshold | dropped | quantising, ms | masking at a site, ms"
                        + " | by the clock, ms | a site in all stages, ms | unmasking, s | on all processors, s |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
        ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, Math.max(workers, siteWorkers) - 1));
        try {
            run(50, Workers.of(pool, workers), Workers.of(pool, siteWorkers));
            for (int sites : sizes) {
                System.out.println(run(sites, Workers.of(pool, workers), Workers.of(pool, siteWorkers)));
            }
        } finally {
            pool.shutdown();
        }
        return 0;
    }

    private String run(int count, Workers lent, Workers lentToSites)
            throws ProtocolViolationException, AggregationFailedException {
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
                        i < TIMED_SITES ? lentToSites : Workers.callingThread()));
        sessions.forEach(session -> aggregator.receive(session.advertisement()));
        int survivors = count - dropped;
        SiteClock whole = new SiteClock(Math.min(survivors, TIMED_SITES));
        FromAggregator keyList = aggregator.closeStage().get(0);
        whole.stage(0, count, i -> sessions.get(i).receive(keyList).orElseThrow())
                .forEach(aggregator::receive);
        List<FromAggregator> inboxes = aggregator.closeStage();
        SiteClock masking = new SiteClock(whole.sites());
        for (int from = 0; from < survivors; from += BATCH) {
            int to = Math.min(survivors, from + BATCH);
            for (int i = from; i < to; i++) {
                sessions.get(i).contribute(Contribution.empty().with("update", input(i)));
            }
            masking.stage(from, to, i -> sessions.get(i).receive(inboxes.get(i)).orElseThrow())
                    .forEach(aggregator::receive);
        }
        while (aggregator.stage() != Stage.ANSWERS) {
            FromAggregator message = aggregator.closeStage().get(0);
            whole.stage(0, survivors, i -> sessions.get(i).receive(message).orElseThrow())
                    .forEach(aggregator::receive);
        }
        whole.add(masking);
        double quantising = quantising();
        long processor = processorTime();
        long begin = System.nanoTime();
        aggregator.closeStage();
        double unmasking = (System.nanoTime() - begin) / 1e9;
        double unmaskingProcessor = (processorTime() - processor) / 1e9;
        check(aggregator.aggregate().orElseThrow().sum("update"), survivors);
        return String.format(
                Locale.ROOT,
                "| %d | %d | %d | %d | %d | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |",
                count,
                parameters,
                sharing.degree(),
                sharing.threshold(),
                dropped,
                quantising,
                masking.median(),
                masking.medianByTheClock(),
                whole.median(),
                unmasking,
                unmaskingProcessor);
    }

    /** What rounding an update at random to numbers of few bits takes, in milliseconds of the processor. */
    private double quantising() {
        Quantization quantization = new Quantization(8, BITS, 1000);
        float[] values = new float[parameters];
        Arrays.fill(values, 0.25f);
        double[] times = new double[QUANTISED];
        for (int i = 0; i < times.length; i++) {
            ClippedUpdate update = new ModelUpdate(values.clone(), 1000).withoutClipping();
            long begin = THREADS.getCurrentThreadCpuTime();
            Contribution.empty().with("update", Modulus.TWO_32, update.quantize(quantization, new RoundingBits()));
            times[i] = (THREADS.getCurrentThreadCpuTime() - begin) / 1e6;
        }
        Arrays.sort(times);
        return times[times.length / 2];
    }

    private static long processorTime() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** What the first sites do one after the other, timed by processor and clock; the others do it at the same time. */
    private static final class SiteClock {
        private final double[] processor;
        private final double[] clock;

        SiteClock(int sites) {
            processor = new double[sites];
            clock = new double[sites];
        }

        int sites() {
            return clock.length;
        }

        /** The work of the sites from {@code from} to {@code to - 1}. */
        List<FromSite> stage(int from, int to, SiteWork<FromSite> work) throws ProtocolViolationException {
            List<FromSite> done = new ArrayList<>();
            int timed = Math.max(from, Math.min(to, clock.length));
            for (int i = from; i < timed; i++) {
                long clockBegin = System.nanoTime();
                long begin = THREADS.getCurrentThreadCpuTime();
                done.add(work.of(i));
                processor[i] += (THREADS.getCurrentThreadCpuTime() - begin) / 1e6;
                clock[i] += (System.nanoTime() - clockBegin) / 1e6;
            }
            done.addAll(inParallel(to - timed, i -> work.of(timed + i)));
            return done;
        }

        void add(SiteClock other) {
            for (int i = 0; i < clock.length; i++) {
                processor[i] += other.processor[i];
                clock[i] += other.clock[i];
            }
        }

        double median() {
            return median(processor);
        }

        double medianByTheClock() {
            return median(clock);
        }

        private static double median(double[] times) {
            double[] sorted = times.clone();
            Arrays.sort(sorted);
            return sorted[sorted.length / 2];
        }
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

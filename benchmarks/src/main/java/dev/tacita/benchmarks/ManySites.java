package dev.tacita.benchmarks;

import dev.tacita.client.ModelCache;
import dev.tacita.client.Participant;
import dev.tacita.client.ProtectionDemand;
import dev.tacita.client.SiteDataset;
import dev.tacita.client.SitePolicy;
import dev.tacita.config.RunPlanReader;
import dev.tacita.core.FederationId;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.SharedTrainer;
import dev.tacita.server.Aggregator;
import dev.tacita.server.AggregatorSettings;
import dev.tacita.server.report.RunHistory;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.Transport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** An aggregator and many agents in one process, on one dataset that is held once. */
final class ManySites implements AutoCloseable {
    private static final FederationId FEDERATION = new FederationId("study");

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final BlockingQueue<RoundClosed> closed = new LinkedBlockingQueue<>();
    private final SiteDataset data;
    private final SharedTrainer trainer;
    private final ModelCache models;
    private final Aggregator aggregator;

    private ManySites(SiteDataset data, int sites, long seed, boolean kafka) throws IOException, InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        this.data = data;
        this.trainer = new SharedTrainer(cores);
        ScratchFolder scratch = add(ScratchFolder.create());
        Transport transport =
                add(kafka ? add(LocalKafka.start(scratch.path(), FEDERATION)).transport() : new InMemoryTransport(4));
        this.models = add(new ModelCache(transport));
        this.aggregator = add(Aggregator.start(
                FEDERATION,
                transport,
                new AggregatorSettings(scratch.path().resolve("runs"), cores),
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                message -> {
                    if (message instanceof RoundClosed round) {
                        closed.add(round);
                    }
                }));
        ExecutorService workers = Executors.newFixedThreadPool(cores);
        add(workers::shutdownNow);
        int[][] parts = deal(data.train().size(), sites, seed);
        for (int site = 0; site < sites; site++) {
            Participant participant = add(Participant.builder()
                    .site(String.format(Locale.ROOT, "site-%03d", site))
                    .federation(FEDERATION.value())
                    .transport(transport)
                    .policy(policy())
                    .dataset(data.name(), new Part(data.train().select(parts[site])))
                    .trainer(trainer)
                    .models(models)
                    .executor(workers)
                    .build());
            participant.start();
        }
    }

    static ManySites start(SiteDataset data, int sites, long seed, boolean kafka)
            throws IOException, InterruptedException {
        return new ManySites(data, sites, seed, kafka);
    }

    /** The first round after which the model reaches this accuracy on the test rows; 0 if none does. */
    int roundsToAccuracy(String planText, double target, Consumer<String> progress)
            throws InterruptedException, RefusedMessageException {
        long start = System.nanoTime();
        RunPlan plan = RunPlanReader.read("plan", planText);
        RunId run = aggregator.submit(planText).join();
        for (int round = 1; round <= plan.rounds(); round++) {
            RoundClosed result = closed.take();
            float[] parameters =
                    models.fetch(result.model(), plan.model().layout().size());
            Evaluation test = trainer.evaluate(
                    new LocalTask(
                            plan.model(),
                            plan.loss(),
                            new LocalWork.Evaluate(),
                            parameters,
                            SeedStream.of(plan.seed())),
                    data.test());
            RunHistory history = aggregator.history(run).orElseThrow();
            progress.accept(String.format(
                    Locale.ROOT,
                    "%s  test accuracy %.4f  test loss %.4f  %.0f s",
                    history.lines().get(round - 1).text(),
                    test.accuracy(),
                    test.loss(),
                    (System.nanoTime() - start) / 1e9));
            if (test.accuracy() >= target) {
                aggregator.stop(run).join();
                return round;
            }
        }
        return 0;
    }

    private static int[][] deal(int size, int sites, long seed) {
        int[] order = IntStream.range(0, size).toArray();
        var random = SeedStream.of(seed).derive("partition").random();
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        int share = size / sites;
        return IntStream.range(0, sites)
                .mapToObj(site -> Arrays.copyOfRange(order, site * share, (site + 1) * share))
                .toArray(int[][]::new);
    }

    private static SitePolicy policy() {
        return SitePolicy.builder()
                .algorithms("fedavg")
                .layers("dense", "conv2d", "max-pool2d", "flatten", "relu")
                .leastProtection(ProtectionDemand.PLAIN)
                .noPrivacyRequired()
                .smallestCohort(1)
                .datasets("mnist")
                .anyNumberOfRounds()
                .shareMetrics(true)
                .withholdClassBalance()
                .build();
    }

    private <T extends AutoCloseable> T add(T closeable) {
        open.push(closeable);
        return closeable;
    }

    @Override
    public void close() throws IOException {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("could not end the study", e);
            }
        }
    }

    private record Part(Examples train) implements LocalDataset {
        @Override
        public Examples validation() {
            return ArrayExamples.none(train.inputShape(), train.targetSize());
        }

        @Override
        public Examples test() {
            return validation();
        }
    }
}

package dev.tacita.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tacita.client.Participant;
import dev.tacita.client.ParticipantBuilder;
import dev.tacita.client.SitePolicy;
import dev.tacita.core.FederationId;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.server.Aggregator;
import dev.tacita.server.AggregatorListener;
import dev.tacita.server.AggregatorSettings;
import dev.tacita.server.RunState;
import dev.tacita.server.report.RunHistory;
import dev.tacita.wire.InMemoryTransport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A real aggregator of regions, real regions and real agents of their sites, in one JVM. */
final class TwoLevels implements AutoCloseable {
    private final Path folder;
    private final MovedClock clock = new MovedClock();
    private final InMemoryTransport transport = new InMemoryTransport(2);
    private final Map<String, InMemoryTransport> transports = new HashMap<>();
    private final Map<String, Aggregator> aggregators = new HashMap<>();
    private final Deque<Runnable> open = new ArrayDeque<>();
    private final Map<String, FederationKeys> keys;
    private final Aggregator root;

    TwoLevels(Path folder) throws InterruptedException {
        this(folder, Map.of());
    }

    /** @param keys of those federations that have any */
    TwoLevels(Path folder, Map<String, FederationKeys> keys) throws InterruptedException {
        this.folder = folder;
        this.keys = keys;
        this.root = aggregator("root", transport, clock);
    }

    Aggregator root() {
        return root;
    }

    /** The aggregator of a region that was started last. */
    Aggregator of(String region) {
        return Optional.ofNullable(aggregators.get(region)).orElseThrow();
    }

    /** Lets the time of the aggregator of regions pass. */
    void pass(Duration time) {
        clock.pass(time);
    }

    private Aggregator aggregator(String federation, InMemoryTransport logs, Clock time) throws InterruptedException {
        Aggregator aggregator = Aggregator.start(
                new FederationId(federation),
                logs,
                new AggregatorSettings(
                        folder.resolve(federation + "-runs-" + open.size()),
                        2,
                        Map.of(),
                        Optional.ofNullable(keys.get(federation)).map(FederationKeys::ofAggregator)),
                time,
                new SimpleMeterRegistry(),
                AggregatorListener.SILENT);
        open.push(aggregator::close);
        return aggregator;
    }

    /** Starts a region, or starts it again: the one before is then as dead, and its aggregator has lost its log. */
    void region(String name, RegionSettings settings) throws InterruptedException {
        region(name, settings, Samples.policy().build());
    }

    void region(String name, RegionSettings settings, SitePolicy policy) throws InterruptedException {
        InMemoryTransport own = transports.computeIfAbsent(name, region -> new InMemoryTransport(2));
        Aggregator aggregator = aggregator(name, own, Clock.systemUTC());
        aggregators.put(name, aggregator);
        Region region = Region.of(builder("root", name, policy).transport(transport), aggregator, settings);
        open.push(region::close);
        region.start();
    }

    private ParticipantBuilder builder(String federation, String site, SitePolicy policy) {
        ParticipantBuilder builder = Participant.builder()
                .site(site)
                .federation(federation)
                .policy(policy)
                .timing(Samples.FAST);
        return Optional.ofNullable(keys.get(federation))
                .map(own -> builder.keys(own.of(site)))
                .orElse(builder);
    }

    static RegionSettings settings(int sites, int quorum) {
        return new RegionSettings(sites, quorum, 1, Duration.ofSeconds(60), 0, new ProtectionSpec.Plain());
    }

    /** A site of a region, or of the root, by the number of its rows. */
    void site(String region, int number, SitePolicy policy, LocalTrainer trainer) {
        Participant site = builder(region, "s" + number, policy)
                .transport(
                        region.equals("root")
                                ? transport
                                : Optional.ofNullable(transports.get(region)).orElseThrow())
                .trainer(trainer)
                .dataset("sample", Samples.dataset(number))
                .build();
        open.push(site::close);
        site.start();
    }

    /** The end of a run of regions. */
    RunHistory end(RunId run) {
        return end(root, run);
    }

    static RunHistory end(Aggregator aggregator, RunId run) {
        await("the end of " + run)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() ->
                        aggregator.state().run(run).flatMap(RunState::ended).isPresent());
        return aggregator.history(run).orElseThrow();
    }

    /** The parameters that a run ended with. */
    float[] parameters(RunId run) {
        RunHistory history = end(run);
        assertThat(history.ended().orElseThrow().outcome().name())
                .as(history.ended().orElseThrow().reason())
                .isEqualTo("COMPLETED");
        return root.parameters(run).join().orElseThrow();
    }

    /** What a region did, in the order of its runs. */
    List<RunHistory> runs(String region) {
        Aggregator aggregator = of(region);
        return aggregator.state().runs().keySet().stream()
                .map(run -> aggregator.history(run).orElseThrow())
                .toList();
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            open.pop().run();
        }
        transports.values().forEach(InMemoryTransport::close);
        transport.close();
    }

    /** The system's time and some more. */
    private static final class MovedClock extends Clock {
        private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);

        void pass(Duration time) {
            passed.accumulateAndGet(time, Duration::plus);
        }

        @Override
        public Instant instant() {
            return InstantSource.system().instant().plus(passed.get());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}

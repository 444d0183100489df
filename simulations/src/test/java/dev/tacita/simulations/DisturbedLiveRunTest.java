package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tacita.client.AgentTiming;
import dev.tacita.client.Participant;
import dev.tacita.config.RunPlanReader;
import dev.tacita.core.FederationId;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.EncodedUpdate;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.RoundMean;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.learning.SiteAnswer;
import dev.tacita.core.learning.SiteRound;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.server.Aggregator;
import dev.tacita.server.AggregatorListener;
import dev.tacita.server.AggregatorSettings;
import dev.tacita.server.RunState;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.SiteMessage.Hello;
import dev.tacita.wire.Tensors;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A live run in which an aggregator and an agent are replaced, a round is tried again, a site drops out of one and another of all
 * that follow, held to what the
 * algorithm alone makes of the rounds that closed and of who counted in them.
 */
@Timeout(60)
class DisturbedLiveRunTest {
    private static final AgentTiming FAST = new AgentTiming(
            Duration.ofMillis(10),
            Duration.ofMillis(10),
            Duration.ofMillis(40),
            Duration.ofMillis(300),
            Duration.ofSeconds(4));

    private final InMemoryTransport transport = new InMemoryTransport(2);
    private final Disturbances disturbances = new Disturbances();
    private final Map<SiteId, Participant> agents = new HashMap<>();
    private final List<Aggregator> aggregators = new ArrayList<>();
    private final Path folder;

    DisturbedLiveRunTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void close() {
        disturbances.releaseAll();
        agents.values().forEach(Participant::close);
        aggregators.forEach(Aggregator::close);
        transport.close();
    }

    private static RunPlan plan(String name) {
        return RunPlanReader.read("plan", text(name));
    }

    private static String text(String name) {
        return LivePlans.plan(name, 1).replace("rounds: 4", "rounds: 6").replace("quorum: 2", "quorum: 4");
    }

    static List<String> algorithms() {
        return LivePlans.algorithms();
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void theLogAloneSaysWhatTheRunComesTo(String name) throws Exception {
        disturbances.hold(new SiteId("s1"), 2);
        disturbances.fail(new SiteId("s0"), 3, 1);
        disturbances.fail(new SiteId("s2"), 3, 1);
        disturbances.fail(new SiteId("s4"), 3, 1);
        disturbances.fail(new SiteId("s3"), 4, 1);
        Map<SiteId, LocalDataset> sites = LivePlans.sites(name);
        Aggregator first = aggregator();
        sites.forEach(this::start);
        RunId run = first.submit(text(name)).join();

        disturbances.awaitHeld();
        Aggregator second = aggregator();
        restart(new SiteId("s0"), sites);
        SiteId away = new SiteId("s5");
        Optional.ofNullable(agents.get(away)).orElseThrow().close();
        await("one is back").until(() -> hellos() >= sites.size() + 1);
        disturbances.releaseAll();

        RunState end = await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () -> second.state().run(run).orElseThrow(),
                        it -> it.ended().isPresent());
        assertThat(end.ended().orElseThrow().reason()).contains("are done");
        List<RoundClosed> closings = journal(RoundClosed.class);
        assertThat(closings).extracting(RoundClosed::outcome).contains(RoundOutcome.BELOW_QUORUM);
        assertThat(closings.stream().filter(closed -> closed.place().round() == 4))
                .anySatisfy(closed -> assertThat(closed.missing()).containsKey(new SiteId("s3")));
        assertThat(Tensors.sha256(byHand(plan(name), sites, closings).parameters()))
                .isEqualTo(end.model().orElseThrow());
        assertThat(closings.get(closings.size() - 1).counted())
                .extracting(Counted::site)
                .doesNotContain(away);
        start(away, Optional.ofNullable(sites.get(away)).orElseThrow());
        await("nothing is kept of a run that is over").until(() -> kept(sites).isEmpty());
    }

    private List<Path> kept(Map<SiteId, LocalDataset> sites) {
        return sites.keySet().stream()
                .map(site -> folder.resolve(site.value()).resolve("memory").resolve("same-bits-1.memory"))
                .filter(Files::exists)
                .toList();
    }

    /** The next aggregator, which takes the log from the one before as if that had died. */
    private Aggregator aggregator() throws InterruptedException {
        Aggregator next = Aggregator.start(
                new FederationId("test"),
                transport,
                new AggregatorSettings(folder.resolve("runs-" + aggregators.size()), 2),
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                AggregatorListener.SILENT);
        aggregators.add(next);
        return next;
    }

    private void restart(SiteId site, Map<SiteId, LocalDataset> sites) {
        Optional.ofNullable(agents.get(site)).orElseThrow().close();
        start(site, Optional.ofNullable(sites.get(site)).orElseThrow());
    }

    private void start(SiteId site, LocalDataset data) {
        Participant agent = Participant.builder()
                .site(site.value())
                .federation("test")
                .transport(disturbances.of(site, transport))
                .policy(LivePlans.POLICY)
                .timing(FAST)
                .workFolder(folder.resolve(site.value()))
                .dataset("sample", data)
                .build();
        agents.put(site, agent);
        agent.start();
    }

    private long hellos() throws InterruptedException, RefusedMessageException {
        return read(Channel.SITES, Hello.class).size();
    }

    private <T> List<T> journal(Class<T> kind) throws InterruptedException, RefusedMessageException {
        return read(Channel.ROUNDS, kind);
    }

    private <T> List<T> read(Channel channel, Class<T> kind) throws InterruptedException, RefusedMessageException {
        List<T> messages = new ArrayList<>();
        try (LogReader reader = transport.read(channel, transport.beginning(channel))) {
            while (!reader.position().hasReached(transport.end(channel))) {
                for (Entry entry : reader.poll(Duration.ofMillis(100))) {
                    Object message = MessageCodec.decode(entry.frame().bytes());
                    if (kind.isInstance(message)) {
                        messages.add(kind.cast(message));
                    }
                }
            }
        }
        return messages;
    }

    /** One site after the other, with core's own objects and nothing else. */
    private ServerState byHand(RunPlan plan, Map<SiteId, LocalDataset> sites, List<RoundClosed> closings)
            throws InterruptedException, RefusedMessageException {
        FederatedAlgorithm algorithm = plan.algorithm();
        ServerState state = ServerState.first(
                algorithm,
                plan.model().layout().initialValues(SeedStream.of(plan.seed()).derive("initial-parameters")));
        int size = state.parameters().length;
        Map<SiteId, float[]> memories = new HashMap<>();
        EngineTrainer trainer = new EngineTrainer();
        for (RoundOpened opened : journal(RoundOpened.class)) {
            if (opened.purpose() == Purpose.TRAIN) {
                float[] shared = algorithm.shared(state);
                assertThat(opened.model()).isEqualTo(Tensors.sha256(state.parameters()));
                assertThat(opened.shared())
                        .isEqualTo(shared.length == 0 ? Optional.empty() : Optional.of(Tensors.sha256(shared)));
                assertThat(opened.sites()).isEqualTo(sites.size());
            }
            RoundClosed closed = closings.stream()
                    .filter(it -> it.place().equals(opened.place()))
                    .findFirst()
                    .orElseThrow();
            if (opened.purpose() == Purpose.EVALUATE || closed.outcome() == RoundOutcome.BELOW_QUORUM) {
                continue;
            }
            long[] sum = new long[algorithm.contributionSize(size)];
            long total = 0;
            for (Counted counted : closed.counted()) {
                SiteId site = counted.site();
                SeedStream seeds = SeedStream.of(plan.seed())
                        .derive("round")
                        .derive(opened.place().round())
                        .derive("site")
                        .derive(site.value());
                LocalTask task = new LocalTask(
                        plan.model(), plan.loss(), algorithm.work(opened.place().round()), state.parameters(), seeds);
                float[] memory = memories.getOrDefault(site, new float[algorithm.siteMemorySize(size)]);
                SiteAnswer answer = algorithm.answer(
                        new SiteRound(task, memory, algorithm.shared(state)),
                        trainer,
                        Optional.ofNullable(sites.get(site)).orElseThrow().train());
                EncodedUpdate encoded = answer.contribution().withoutClipping().encode(plan.encoding());
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += encoded.word(i);
                }
                total += encoded.weight();
                memories.put(site, answer.memory());
            }
            double[] mean = new double[sum.length];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = plan.encoding().mean(sum[i], total);
            }
            state = algorithm.step(
                    state,
                    new RoundMean(mean, opened.place().round(), closed.counted().size(), sites.size()));
        }
        return state;
    }
}

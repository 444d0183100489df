package dev.tacita.client;

import static dev.tacita.client.SecureFederation.PLAN;
import static dev.tacita.client.SecureFederation.SITES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.server.Aggregator;
import dev.tacita.server.RunState;
import dev.tacita.testkit.Reading;
import dev.tacita.testkit.ShuffledTransport;
import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RoundSummed;
import dev.tacita.wire.AggregatorMessage.StageMessage;
import dev.tacita.wire.AggregatorMessage.StageOpened;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Hash;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.SiteMessage.ContributionChunk;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.SiteMessage.StageAnswer;
import dev.tacita.wire.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole runs under secure aggregation: a real aggregator, real agents, and what goes wrong between them. */
@Timeout(60)
class SecureRunTest {
    private static final String QUICK = PLAN.replace("stage-deadline: 10s", "stage-deadline: 1s")
            .replace("deadline: 10s", "deadline: 1s")
            .replace("rounds: 3", "rounds: 1");
    private static final SiteId EAST = new SiteId("east");

    private final Path folder;
    private final SecureFederation federation;

    SecureRunTest(@TempDir Path folder) {
        this.folder = folder;
        this.federation = new SecureFederation(folder);
    }

    @AfterEach
    void close() {
        federation.close();
    }

    @Test
    void theModelIsThatOfAPlainRunButForTheStatedBoundAndNobodysPartIsSaid() throws Exception {
        federation.start();
        federation.joinAll();
        RunId run = federation.submit(PLAN);
        RunState ended = federation.awaitEnd(run);
        assertThat(ended.ended().orElseThrow().reason()).contains("are done");
        List<RoundSummed> sums = federation.said(Channel.ROUNDS, RoundSummed.class);
        assertThat(sums).hasSize(4).allMatch(sum -> sum.sites() == 3 && sum.threshold() == 2);
        assertThat(sums.subList(0, 3)).allMatch(sum -> sum.weight() == 90 && sum.errorBound() < 1e-6);
        assertThat(sums.get(0).training().orElseThrow().examples()).isEqualTo(180);
        assertThat(sums.get(3).test().orElseThrow().examples()).isEqualTo(27);
        double bound = sums.stream().mapToDouble(RoundSummed::errorBound).sum();
        assertThat(Files.readString(folder.resolve("runs").resolve(run.value()).resolve("report.html")))
                .contains("The aggregator learnt sums of sites&#39; updates and metrics, and of no single site&#39;s")
                .containsPattern("\"trainingLoss\":\\{\"pooled\":\\[[0-9.]+,[0-9.]+,[0-9.]+\\]");

        float[] plain = plainModel();
        float[] secure = federation.parameters(ended.model().orElseThrow());
        for (int i = 0; i < plain.length; i++) {
            assertThat(Math.abs(secure[i] - plain[i])).as("parameter %s", i).isLessThanOrEqualTo((float) (2 * bound));
        }
        assertThat(federation.said(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .isEmpty();
        assertThat(federation.said(Channel.CONTRIBUTIONS, ContributionChunk.class))
                .isEmpty();
        assertThat(federation.closings(run))
                .flatExtracting(RoundClosed::counted)
                .hasSize(12)
                .allMatch(counted -> counted.weight() == 0
                        && counted.training().isEmpty()
                        && counted.validation().isEmpty()
                        && counted.test().isEmpty());
    }

    /** What each round's rounding can do to the next goes beyond its bound, which is 3e-8 here, but not far. */
    @ParameterizedTest
    @CsvSource({"scaffold, ''", "feddyn, ', alpha: 0.1'", "ditto, ', lambda: 0.5'"})
    void whatAnAlgorithmAddsSharesAndKeepsGoesWithIt(String algorithm, String own) throws Exception {
        String weights = algorithm.equals("ditto") ? "largest-weight: 100" : "largest-weight: 1";
        String plan = with(PLAN, algorithm, own).replace("largest-weight: 100", weights);
        federation.start();
        for (String site : SITES) {
            federation.join(
                    site,
                    federation
                            .builder(site)
                            .policy(SecureFederation.policy()
                                    .algorithms(algorithm)
                                    .keepPersonalModels(false)
                                    .build())
                            .transport(federation.transport));
        }
        RunState ended = federation.awaitEnd(federation.submit(plan));
        assertThat(ended.ended().orElseThrow().reason()).contains("are done");
        float[] secure = federation.parameters(ended.model().orElseThrow());
        float[] plain = plainModel(with(Samples.PLAN, algorithm, own), algorithm);
        assertThat(farthest(secure, plain)).as("from a plain run").isPositive().isLessThan(1e-4f);
        if (!algorithm.equals("ditto")) {
            assertThat(farthest(secure, plainModel()))
                    .as("from federated averaging")
                    .isGreaterThan(1e-3f);
        }
    }

    private static String with(String plan, String algorithm, String own) {
        return plan.replace("fedavg: {", algorithm + ": {")
                .replace("epochs: 2", "steps: 16")
                .replace("{learning-rate: 0.1}}}", "{learning-rate: 0.1}}" + own + "}");
    }

    private static float farthest(float[] a, float[] b) {
        float farthest = 0;
        for (int i = 0; i < a.length; i++) {
            farthest = Math.max(farthest, Math.abs(a[i] - b[i]));
        }
        return farthest;
    }

    private float[] plainModel(String plan, String algorithm) throws Exception {
        try (Federation plain = new Federation(folder.resolve("plain-" + algorithm), 2)) {
            for (String site : SITES) {
                plain.join(Samples.participant(site)
                        .policy(Samples.policy()
                                .algorithms(algorithm)
                                .keepPersonalModels(false)
                                .build()));
            }
            Hash model = plain.run(RunPlanReader.read("plan.yaml", plan.replace("quorum: 1", "quorum: 2\nsites: 3")));
            return plain.parameters(model, Samples.PARAMETERS);
        }
    }

    private float[] plainModel() throws Exception {
        try (Federation plain = new Federation(folder.resolve("plain"), 2)) {
            for (String site : SITES) {
                plain.join(site, Samples.dataset(site.hashCode()), new EngineTrainer());
            }
            Hash model = plain.run(
                    RunPlanReader.read("plan.yaml", Samples.PLAN.replace("quorum: 1", "quorum: 2\nsites: 3")));
            return plain.parameters(model, Samples.PARAMETERS);
        }
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void aSiteThatFallsSilentInAStageCostsTheRoundNothingButItsDeadline(Stage stage) throws Exception {
        federation.start();
        federation.join("north");
        federation.join("south");
        federation.join(
                "east",
                new MutedTransport(
                        federation.transport, answer -> answer.place().round() == 1 && answer.stage() == stage),
                new EngineTrainer());
        RunId run = federation.submit(QUICK);
        federation.awaitEnd(run);
        RoundClosed first = federation.closings(run).get(0);
        assertThat(first.outcome()).isEqualTo(RoundOutcome.COMPLETED);
        assertThat(first.place().attempt()).isEqualTo(1);
        boolean inTheSum = stage.compareTo(Stage.INPUTS) > 0;
        assertThat(first.counted()).hasSize(inTheSum ? 3 : 2);
        assertThat(first.missing().keySet()).isEqualTo(inTheSum ? Set.of() : Set.of(EAST));
        if (!inTheSum) {
            assertThat(first.missing()).containsValue("dropped out in the stage of " + stage);
        }
        assertThat(federation.said(Channel.ROUNDS, RoundSummed.class).get(0).weight())
                .isEqualTo(inTheSum ? 90 : 60);
    }

    @Test
    void tooFewSurvivorsGiveNothingAwayAndTheNextAttemptHasOtherKeys() throws Exception {
        federation.start();
        federation.join("north");
        for (String site : List.of("south", "east")) {
            federation.join(
                    site,
                    new MutedTransport(
                            federation.transport,
                            answer -> answer.place().attempt() == 1
                                    && answer.place().round() == 1
                                    && answer.stage() == Stage.INPUTS),
                    new EngineTrainer());
        }
        RunId run = federation.submit(QUICK);
        federation.awaitEnd(run);
        List<RoundClosed> closings = federation.closings(run);
        assertThat(closings).extracting(RoundClosed::outcome).startsWith(RoundOutcome.BELOW_QUORUM);
        assertThat(closings.get(0).counted()).isEmpty();
        assertThat(closings.get(0).missing().keySet())
                .extracting(SiteId::value)
                .containsExactlyInAnyOrderElementsOf(SITES);
        assertThat(closings.get(1).outcome()).isEqualTo(RoundOutcome.COMPLETED);
        assertThat(federation.said(Channel.ROUNDS, StageOpened.class))
                .filteredOn(opened -> opened.place().attempt() == 1
                        && opened.place().round() == 1
                        && opened.stage().compareTo(Stage.INPUTS) > 0)
                .as("stages after too few had contributed")
                .isEmpty();
        List<String> keys = federation.said(Channel.CONTRIBUTIONS, StageAnswer.class).stream()
                .filter(answer -> answer.stage() == Stage.KEYS)
                .map(SecureRunTest::content)
                .toList();
        assertThat(keys).hasSizeGreaterThanOrEqualTo(8).doesNotHaveDuplicates();
    }

    private static String content(StageAnswer answer) {
        byte[] bytes = new byte[answer.chunk().bytes().remaining()];
        answer.chunk().bytes().duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void anAggregatorStoppedInEveryStageGoesOnWhereItWasAndEndsWithTheSum() throws Exception {
        BlockingQueue<StageOpened> opened = new ArrayBlockingQueue<>(100);
        federation.start(federation.transport, message -> note(opened, message));
        federation.joinAll();
        RunId run = federation.submit(PLAN.replace("rounds: 3", "rounds: 5"));
        List<Stage> stops = new ArrayList<>(List.of(Stage.values()));
        while (!stops.isEmpty()) {
            StageOpened next = opened.poll(30, TimeUnit.SECONDS);
            assertThat(next)
                    .as("a stage opens, in which it is to be stopped: %s", stops)
                    .isNotNull();
            if (next.stage() == stops.get(0) && next.place().round() == 6 - stops.size()) {
                federation.aggregator().close();
                stops.remove(0);
                federation.start(federation.transport, message -> note(opened, message));
            }
        }
        federation.awaitEnd(run);
        List<RoundClosed> closings = federation.closings(run);
        assertThat(closings)
                .hasSize(6)
                .allMatch(closed -> closed.outcome() == RoundOutcome.COMPLETED
                        && closed.place().attempt() == 1
                        && closed.counted().size() == 3);
        assertThat(federation.said(Channel.ROUNDS, StageOpened.class))
                .as("each stage of each round is opened once")
                .hasSize(30);
    }

    private static void note(BlockingQueue<StageOpened> to, Object message) {
        if (message instanceof StageOpened opened) {
            to.add(opened);
        }
    }

    @Test
    void theSameMessagesInAnyOrderGiveTheSameBits() throws Exception {
        federation.start();
        federation.joinAll();
        RunId run = federation.submit(PLAN.replace("rounds: 3", "rounds: 1"));
        federation.awaitEnd(run);
        Hash model = federation.closings(run).get(0).model();
        for (long seed = 1; seed <= 5; seed++) {
            BlockingQueue<RoundClosed> closed = new ArrayBlockingQueue<>(10);
            try (InMemoryTransport copy = upToTheClosing();
                    Aggregator again = federation.aggregator(
                            new ShuffledTransport(copy, Channel.CONTRIBUTIONS, seed),
                            folder.resolve("runs-" + seed),
                            message -> {
                                if (message instanceof RoundClosed each) {
                                    closed.add(each);
                                }
                            })) {
                RoundClosed first = closed.poll(20, TimeUnit.SECONDS);
                assertThat(first)
                        .as("%s closes the round, seed %s", again.federation(), seed)
                        .isNotNull();
                assertThat(first.model()).as("seed %s", seed).isEqualTo(model);
            }
        }
    }

    /** The log as it was when the last stage of the first round had opened, with all answers of the round. */
    private InMemoryTransport upToTheClosing() throws Exception {
        InMemoryTransport copy = new InMemoryTransport(3);
        List<AggregatorLog.Write> writes = new ArrayList<>();
        for (Entry entry : Reading.all(federation.transport, Channel.MODELS)) {
            writes.add(new AggregatorLog.Write(Channel.MODELS, entry.frame()));
        }
        for (Entry entry : Reading.all(federation.transport, Channel.ROUNDS)) {
            var message = MessageCodec.decode(entry.frame().bytes());
            if (message instanceof RoundSummed) {
                break;
            }
            writes.add(new AggregatorLog.Write(Channel.ROUNDS, entry.frame()));
        }
        for (Entry entry : Reading.all(federation.transport, Channel.CONTRIBUTIONS)) {
            copy.append(Channel.CONTRIBUTIONS, List.of(entry.frame()));
        }
        for (Entry entry : Reading.all(federation.transport, Channel.SITES)) {
            copy.append(Channel.SITES, List.of(entry.frame()));
        }
        try (AggregatorLog log = copy.aggregatorLog()) {
            log.commit(writes);
        }
        return copy;
    }

    @Test
    void anAgentStartedAnewInTheMiddleOfARoundHasDroppedOutOfTheAttempt() throws Exception {
        BlockingQueue<StageOpened> opened = new ArrayBlockingQueue<>(100);
        federation.start(federation.transport, message -> note(opened, message));
        federation.joinAll();
        RunId run = federation.submit(QUICK);
        StageOpened next;
        do {
            next = opened.poll(30, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
        } while (next.stage() != Stage.SHARES);
        federation.stop("east");
        federation.join("east");
        federation.awaitEnd(run);
        List<RoundClosed> closings = federation.closings(run);
        assertThat(closings.get(0).outcome()).isEqualTo(RoundOutcome.COMPLETED);
        Set<String> sessions = new HashSet<>();
        federation.said(Channel.CONTRIBUTIONS, StageAnswer.class).stream()
                .filter(answer -> answer.place().equals(closings.get(0).place())
                        && answer.site().equals(EAST))
                .forEach(answer -> sessions.add(answer.session()));
        assertThat(sessions)
                .as("lives of the agent that answered in the attempt")
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void whatIsForOneSiteIsSaidToThatSite() throws Exception {
        federation.start();
        federation.joinAll();
        federation.awaitEnd(federation.submit(QUICK));
        assertThat(federation.said(Channel.ROUNDS, StageMessage.class).stream()
                        .filter(message -> message.stage() == Stage.INPUTS
                                && message.place().round() == 1)
                        .map(message -> message.to().orElseThrow().value())
                        .collect(Collectors.toList()))
                .containsExactlyElementsOf(SITES);
    }
}

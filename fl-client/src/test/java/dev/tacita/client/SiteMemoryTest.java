package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.Problem;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.SiteAnswer;
import dev.tacita.core.learning.SiteRound;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.safetensors.SafetensorsReader;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Hash;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.SiteMessage.Hello;
import dev.tacita.wire.SiteMessage.Refusal;
import dev.tacita.wire.Tensors;
import dev.tacita.wire.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an algorithm keeps at a site is applied once for each round that counted, whatever happens to the agent between. */
@Timeout(120)
class SiteMemoryTest {
    private static final int SIZE = Samples.PARAMETERS;
    private static final int ROUNDS = 60;

    private final InMemoryTransport transport = new InMemoryTransport(1);
    private final ScriptedAggregator aggregator = new ScriptedAggregator(transport);
    private final Path folder;
    private Optional<Participant> agent = Optional.empty();

    SiteMemoryTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void close() {
        agent.ifPresent(Participant::close);
        aggregator.close();
        transport.close();
    }

    private static String plan(String algorithm) {
        String name = algorithm.replaceFirst(",.*", "");
        String own = algorithm.substring(name.length());
        return Samples.PLAN
                .replace("fedavg: {", name + ": {")
                .replace("{learning-rate: 0.1}}}", "{learning-rate: 0.1}}" + own + "}")
                .replace("rounds: 3", "rounds: " + ROUNDS);
    }

    private void start() {
        start(transport);
    }

    private void start(Transport over) {
        Participant next = Samples.participant("a")
                .policy(Samples.policy()
                        .algorithms("scaffold", "feddyn", "fedper", "ditto", "qfedavg", "fedavg")
                        .keepPersonalModels(true)
                        .build())
                .workFolder(folder)
                .transport(over)
                .build();
        next.start();
        agent = Optional.of(next);
    }

    private void stop() {
        agent.ifPresent(Participant::close);
        agent = Optional.empty();
    }

    /** What the site must send, and keep, by the algorithm's own words. */
    private static SiteAnswer byHand(RunPlan plan, int round, float[] model, float[] memory, float[] shared)
            throws InterruptedException {
        SeedStream seeds = SeedStream.of(plan.seed())
                .derive("round")
                .derive(round)
                .derive("site")
                .derive("a");
        LocalTask task =
                new LocalTask(plan.model(), plan.loss(), plan.algorithm().work(round), model, seeds);
        return plan.algorithm()
                .answer(
                        new SiteRound(task, memory, shared),
                        new EngineTrainer(),
                        Samples.dataset("a".hashCode()).train());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"scaffold", "feddyn, alpha: 0.1", "fedper, personal-layers: [layer-3]", "ditto, lambda: 0.5"})
    void aRoundThatCountedIsAppliedOnceWhateverHappensBetween(String algorithm) throws Exception {
        long seed = 20261126;
        SplittableRandom random = new SplittableRandom(seed);
        String text = plan(algorithm);
        RunPlan plan = RunPlanReader.read("plan", text);
        boolean shares = plan.algorithm().sharedSize(SIZE) > 0;
        RunId run = aggregator.openRun("again", text);
        float[] memory = new float[plan.algorithm().siteMemorySize(SIZE)];
        int round = 1;
        int restarts = 0;
        int repeated = 0;
        int missed = 0;
        for (int attempt = 1; round <= 12; ) {
            if (agent.isEmpty()) {
                start();
            }
            float[] model = Samples.parameters(round);
            float[] shared = shares ? Samples.parameters(1000 + round) : new float[0];
            if (shares) {
                aggregator.share(shared);
            }
            RoundKey place = aggregator.openRound(run, round, attempt, model, "a");
            SiteAnswer expected = byHand(plan, round, model, memory, shared);
            assertThat(aggregator.values(place, "a", plan.algorithm().contributionSize(SIZE)))
                    .as("seed %s, %s", seed, place)
                    .containsExactly(expected.contribution().valuesInTheClear());
            boolean dies = random.nextInt(3) == 0;
            if (dies && random.nextBoolean()) {
                stop();
                restarts++;
            }
            int fate = random.nextInt(3);
            RoundOutcome outcome = fate == 0 ? RoundOutcome.BELOW_QUORUM : RoundOutcome.COMPLETED;
            String[] counted = random.nextInt(3) > 0 ? new String[] {"a"} : new String[] {"b"};
            aggregator.closeRound(place, outcome, Tensors.sha256(model), counted);
            if (dies && agent.isPresent()) {
                stop();
                restarts++;
            }
            if (outcome == RoundOutcome.BELOW_QUORUM) {
                repeated++;
                attempt++;
            } else {
                if (counted[0].equals("a")) {
                    memory = expected.memory();
                } else {
                    missed++;
                }
                round++;
                attempt = 1;
            }
        }
        assertThat(List.of(restarts, repeated, missed)).as("seed %s", seed).allMatch(count -> count > 0);
        if (agent.isEmpty()) {
            start();
        }
        aggregator.endRun(run);
        Awaitility.await("what was kept is erased").until(() -> kept().isEmpty());
    }

    private List<Path> kept() throws IOException {
        Path memory = folder.resolve("memory");
        if (!Files.exists(memory)) {
            return List.of();
        }
        try (var files = Files.list(memory)) {
            return files.toList();
        }
    }

    @Test
    void aSiteThatLostWhatItKeptRefusesTheRunAndSaysWhy() throws Exception {
        start();
        RunId run = aggregator.openRun("lost", plan("scaffold"));
        aggregator.share(new float[SIZE]);
        RoundKey first = answered(run, 1);
        aggregator.closeRound(first, Tensors.sha256(Samples.parameters(1)), "a");
        byte[] bytes = Files.readAllBytes(kept().get(0));
        bytes[bytes.length - 1] ^= 1;
        Files.write(kept().get(0), bytes);
        aggregator.openRound(run, 2, 1, Samples.parameters(2), "a");
        Refusal refusal = aggregator.hear(Channel.SITES, Refusal.class, 1).get(0);
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.POLICY);
        assertThat(refusal.reasons().get(0))
                .startsWith("memory: this site's part of round 1 counted, and what the algorithm kept of it is not in");
    }

    @Test
    void aLogThatFallsSilentWhileItIsReadAgainCostsNothingThatWasKept() throws Exception {
        start();
        RunId run = aggregator.openRun("silent", plan("scaffold"));
        aggregator.share(new float[SIZE]);
        aggregator.closeRound(answered(run, 1), Tensors.sha256(Samples.parameters(1)), "a");
        aggregator.closeRound(answered(run, 2), Tensors.sha256(Samples.parameters(2)), "a");
        stop();
        byte[] before = Files.readAllBytes(kept().get(0));
        // The run, and its first round as if that were still open.
        SilentTransport silent = new SilentTransport(transport, 2);
        start(silent);
        Thread.sleep(4 * Samples.FAST.quiet().toMillis());
        assertThat(Files.readAllBytes(kept().get(0))).isEqualTo(before);
        silent.goesOn = true;
        answered(run, 3);
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .extracting(header -> header.place().round())
                .containsExactly(1, 2, 3);
        assertThat(aggregator.heard(Channel.SITES, Refusal.class)).isEmpty();
    }

    @Test
    void aSiteThatNeverCountedBeginsAnewWithoutItsFile() throws Exception {
        start();
        RunId run = aggregator.openRun("new", plan("scaffold"));
        aggregator.share(new float[SIZE]);
        RoundKey first = answered(run, 1);
        aggregator.closeRound(first, Tensors.sha256(Samples.parameters(1)), "b");
        Files.delete(kept().get(0));
        answered(run, 2);
        assertThat(aggregator.heard(Channel.SITES, Refusal.class)).isEmpty();
    }

    private RoundKey answered(RunId run, int round) {
        RoundKey place = aggregator.openRound(run, round, 1, Samples.parameters(round), "a");
        aggregator.values(place, "a", 2 * SIZE);
        return place;
    }

    @Test
    void whatIsSharedMustBeNamedSentAndOfTheAlgorithmsLength() throws Exception {
        start();
        RunId run = aggregator.openRun("short", plan("scaffold"));
        aggregator.openRound(run, 1, 1, Samples.parameters(1), "a");
        assertThat(refusal(1))
                .contains("the plan's algorithm sends something beside the parameters. Provided value: nothing");
        aggregator.share(new float[SIZE - 1]);
        aggregator.openRound(run, 2, 1, Samples.parameters(2), "a");
        assertThat(refusal(2))
                .contains("the tensor must have " + SIZE + " elements of FLOAT32. Provided value: " + (SIZE - 1));
        aggregator.share(Optional.of(Tensors.sha256(Samples.parameters(99))));
        aggregator.openRound(run, 3, 1, Samples.parameters(3), "a");
        assertThat(refusal(3)).contains("which was not sent");
        aggregator.share(new float[SIZE]);
        answered(run, 4);
        RunId plain = aggregator.openRun("plain", Samples.PLAN);
        aggregator.openRound(plain, 1, 1, Samples.parameters(1), "a");
        assertThat(refusal(4)).contains("the plan's algorithm sends nothing beside the parameters");
        assertThat(aggregator.heard(Channel.SITES, Refusal.class))
                .extracting(Refusal::kind)
                .containsOnly(Refusal.Kind.FAILURE);
    }

    private String refusal(int number) {
        return aggregator
                .hear(Channel.SITES, Refusal.class, number)
                .get(number - 1)
                .reasons()
                .get(0);
    }

    @Test
    void anotherAttemptThatSharesSomethingElseIsNotAnswered() throws Exception {
        start();
        RunId run = aggregator.openRun("other", plan("scaffold"));
        aggregator.share(new float[SIZE]);
        RoundKey first = answered(run, 1);
        aggregator.closeRound(first, RoundOutcome.BELOW_QUORUM, Tensors.sha256(Samples.parameters(1)));
        aggregator.share(Samples.parameters(5));
        aggregator.openRound(run, 1, 2, Samples.parameters(1), "a");
        aggregator.share(new float[SIZE]);
        RoundKey third = aggregator.openRound(run, 1, 3, Samples.parameters(1), "a");
        aggregator.values(third, "a", 2 * SIZE);
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .extracting(header -> header.place().attempt())
                .containsExactly(1, 3);
    }

    @Test
    void aModelOfTheSitesOwnStaysThereAndIsWhatIsMeasured() throws Exception {
        start();
        RunId run = aggregator.openRun("own", plan("fedper, personal-layers: [layer-3]"));
        float[] model = Samples.parameters(1);
        RoundKey first = aggregator.openRound(run, 1, 1, model, "a");
        float[] sent = aggregator.values(first, "a", SIZE);
        for (int i = 3 * 4 + 4; i < SIZE; i++) {
            assertThat(sent[i]).as("value %s, of the site's own layer", i).isZero();
        }
        aggregator.closeRound(first, Tensors.sha256(model), "a");
        Hash name = Tensors.sha256(model);
        aggregator.openRound(new RoundKey(run, ROUNDS + 1, 1), Purpose.EVALUATE, name, "a");
        ContributionHeader measured = aggregator
                .hear(Channel.CONTRIBUTIONS, ContributionHeader.class, 2)
                .get(1);
        RunPlan plan = RunPlanReader.read("plan", plan("fedper, personal-layers: [layer-3]"));
        float[] memory =
                byHand(plan, 1, model, new float[SIZE + 1], new float[0]).memory();
        float[] own = plan.algorithm().parametersAtSite(plan.model(), model, memory);
        LocalTask task = new LocalTask(plan.model(), plan.loss(), new LocalWork.Evaluate(), own, SeedStream.of(1));
        assertThat(measured.test())
                .contains(new EngineTrainer()
                        .evaluate(task, Samples.dataset("a".hashCode()).test()));
        assertThat(own).isNotEqualTo(model);
        assertNothingOf(memory, 3 * 4 + 4);
        aggregator.endRun(run);
        Awaitility.await("what was kept is erased").until(() -> kept().isEmpty());
        assertThat(SafetensorsReader.standard()
                        .read(folder.resolve("models/own.safetensors"))
                        .parameters(plan.model().layout()))
                .as("the model of the site's own, which its policy keeps")
                .containsExactly(own);
    }

    @Test
    void aRunThatEndsWhileTheAgentIsAwayIsErasedWhenItComesBackAndOneThatGoesOnIsNot() throws Exception {
        start();
        RunId over = aggregator.openRun("over", plan("scaffold"));
        RunId onward = aggregator.openRun("onward", plan("scaffold"));
        aggregator.share(new float[SIZE]);
        answered(over, 1);
        answered(onward, 1);
        stop();
        Files.write(folder.resolve("memory/over.memory.new"), new byte[3]);
        aggregator.endRun(over);
        start();
        Awaitility.await("what was kept is erased")
                .until(() -> kept().equals(List.of(folder.resolve("memory/onward.memory"))));
    }

    /** No two values of it that follow each other are anywhere in what the site sent. */
    private void assertNothingOf(float[] memory, int from) throws Exception {
        for (Channel channel : List.of(Channel.CONTRIBUTIONS, Channel.SITES)) {
            try (LogReader reader = transport.read(channel, transport.beginning(channel))) {
                for (Entry entry : reader.poll(Duration.ofSeconds(1))) {
                    ByteBuffer bytes = entry.frame().bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
                    for (int at = bytes.position(); at + 8 <= bytes.limit(); at++) {
                        for (int i = from; i + 1 < SIZE; i++) {
                            boolean found = bytes.getFloat(at) == memory[i] && bytes.getFloat(at + 4) == memory[i + 1];
                            assertThat(found)
                                    .as("value %s of what the site keeps, at byte %s", i, at)
                                    .isFalse();
                        }
                    }
                }
            }
        }
    }

    @Test
    void aSiteThatKeepsItsLossTakesNoPartWhereItIsSent() throws Exception {
        Participant silent = Samples.participant("a")
                .policy(Samples.policy()
                        .algorithms("qfedavg")
                        .shareMetrics(false)
                        .build())
                .transport(transport)
                .build();
        try (silent) {
            silent.start();
            aggregator.openRun("fair", plan("qfedavg, q: 1"));
            aggregator.openRun("corrected", plan("scaffold"));
            List<Refusal> refusals = aggregator.hear(Channel.SITES, Refusal.class, 2);
            assertThat(refusals.get(0).reasons())
                    .containsExactly("share-metrics: the policy keeps the training loss here; the plan's algorithm,"
                            + " 'qfedavg', makes it part of what a site sends");
            assertThat(refusals.get(1).reasons())
                    .containsExactly("algorithms: the policy allows qfedavg; the plan uses 'scaffold'");
        }
    }

    @Test
    void aTrainerThatOnlyFollowsGradientsTakesNoPartWhereTheyAreCorrected() throws Exception {
        LocalTrainer plain = new Samples.Training() {
            @Override
            public LocalResult train(LocalTask task, Examples train) {
                return Samples.result(new float[SIZE]);
            }

            @Override
            public List<Problem> problemsWith(FederatedAlgorithm algorithm) {
                return algorithm.correctsGradients()
                        ? List.of(Problem.of("the algorithm", "it corrects gradients."))
                        : List.of();
            }
        };
        try (Participant own = Samples.participant("a")
                .policy(Samples.policy().algorithms("scaffold", "fedavg").build())
                .trainer(plain)
                .transport(transport)
                .build()) {
            own.start();
            aggregator.openRun("corrected", plan("scaffold"));
            assertThat(refusal(1))
                    .startsWith("the algorithm cannot be done here: ")
                    .contains("it corrects gradients");
            RunId run = aggregator.openRun("along", Samples.PLAN);
            aggregator.answer(aggregator.openRound(run, 1, 1, Samples.parameters(1), "a"), "a");
        }
    }

    @Test
    void withoutAWorkFolderItIsKeptForThisLifeOnly() throws Exception {
        RunId run = aggregator.openRun("brief", plan("scaffold"));
        aggregator.share(new float[SIZE]);
        try (Participant first = Samples.participant("a")
                .policy(Samples.policy().algorithms("scaffold").build())
                .transport(transport)
                .build()) {
            first.start();
            for (int round = 1; round <= 2; round++) {
                RoundKey place = answered(run, round);
                aggregator.closeRound(place, Tensors.sha256(Samples.parameters(round)), "a");
            }
        }
        try (Participant second = Samples.participant("a")
                .policy(Samples.policy().algorithms("scaffold").build())
                .transport(transport)
                .build()) {
            second.start();
            aggregator.openRound(run, 3, 1, Samples.parameters(3), "a");
            assertThat(aggregator
                            .hear(Channel.SITES, Refusal.class, 1)
                            .get(0)
                            .reasons()
                            .get(0))
                    .contains("part of round 2 counted");
        }
        assertThat(aggregator.heard(Channel.SITES, Hello.class))
                .extracting(Hello::site)
                .containsOnly(new SiteId("a"));
    }
}

package dev.tacita.client;

import static dev.tacita.client.Samples.PARAMETERS;
import static dev.tacita.client.Samples.PLAN;
import static dev.tacita.client.Samples.parameters;
import static dev.tacita.client.Samples.participant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tacita.core.Problem;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.Channel;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage;
import dev.tacita.wire.SiteMessage.ContributionChunk;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.SiteMessage.Goodbye;
import dev.tacita.wire.SiteMessage.Hello;
import dev.tacita.wire.SiteMessage.Refusal;
import dev.tacita.wire.Tensors;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

@Timeout(60)
@Isolated("it counts threads of the process")
class ParticipantTest {
    private final InMemoryTransport transport = new InMemoryTransport(2);
    private final ScriptedAggregator aggregator = new ScriptedAggregator(transport);

    @AfterEach
    void close() {
        aggregator.close();
        transport.close();
    }

    private Participant start(ParticipantBuilder builder) {
        Participant participant = builder.transport(transport).build();
        participant.start();
        return participant;
    }

    @Test
    void takesPartInTheRoundsThatAskForIt() {
        try (Participant north = start(participant("north"))) {
            assertThat(north).isNotNull();
            Hello hello = aggregator.hear(Channel.SITES, Hello.class, 1).get(0);
            assertThat(hello.site().value()).isEqualTo("north");
            assertThat(hello.datasets()).singleElement().satisfies(offer -> {
                assertThat(offer.name()).isEqualTo("sample");
                assertThat(offer.trainingExamples()).contains(30L);
                assertThat(offer.classCounts()).isEmpty();
            });
            RunId run = aggregator.openRun("heart", PLAN);
            RoundKey first = aggregator.openRound(run, 1, 1, parameters(1), "north", "south");
            ContributionHeader answer = aggregator.answer(first, "north");
            assertThat(answer.session()).isEqualTo(hello.session());
            assertThat(answer.weight()).isEqualTo(30);
            assertThat(answer.training().orElseThrow().examples()).isEqualTo(60);
            assertThat(answer.validation().orElseThrow().examples()).isEqualTo(7);
            assertThat(answer.test()).isEmpty();
            assertThat(aggregator.values(first, "north", PARAMETERS)).isNotEqualTo(new float[PARAMETERS]);

            aggregator.closeRound(first, Tensors.sha256(parameters(2)));
            RoundKey foreign = aggregator.openRound(run, 2, 1, parameters(2), "south");
            aggregator.closeRound(foreign, Tensors.sha256(parameters(2)));
            RoundKey last = new RoundKey(run, 4, 1);
            aggregator.openRound(last, Purpose.EVALUATE, Tensors.sha256(parameters(2)), "north");
            ContributionHeader evaluation = aggregator.answer(last, "north");
            assertThat(evaluation.weight()).isZero();
            assertThat(evaluation.tensor()).isEmpty();
            assertThat(evaluation.test().orElseThrow().examples()).isEqualTo(9);
        }
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .hasSize(2);
        assertThat(aggregator.heard(Channel.SITES, Goodbye.class)).hasSize(1);
    }

    @Test
    void keepsMetricsAtHomeIfThePolicySaysSo() {
        ParticipantBuilder quiet =
                participant("north").policy(Samples.policy().shareMetrics(false).build());
        try (Participant north = start(quiet)) {
            assertThat(north).isNotNull();
            RunId run = aggregator.openRun("heart", PLAN);
            ContributionHeader answer =
                    aggregator.answer(aggregator.openRound(run, 1, 1, parameters(1), "north"), "north");
            assertThat(answer.training()).isEmpty();
            assertThat(answer.validation()).isEmpty();
            RoundKey last = new RoundKey(run, 4, 1);
            aggregator.openRound(last, Purpose.EVALUATE, Tensors.sha256(parameters(1)), "north");
            ContributionHeader evaluation = aggregator.answer(last, "north");
            assertThat(evaluation.test()).isEmpty();
            assertThat(evaluation.validation()).isEmpty();
        }
    }

    @Test
    void keepsMetricsOfFewExamplesAtHome() {
        ParticipantBuilder careful = participant("north")
                .policy(Samples.policy().withholdClassBalance(8).build());
        try (Participant north = start(careful)) {
            assertThat(north).isNotNull();
            RunId run = aggregator.openRun("heart", PLAN);
            ContributionHeader answer =
                    aggregator.answer(aggregator.openRound(run, 1, 1, parameters(1), "north"), "north");
            assertThat(answer.training()).as("of 30 examples").isPresent();
            assertThat(answer.validation()).as("of 7 examples").isEmpty();
            RoundKey last = new RoundKey(run, 4, 1);
            aggregator.openRound(last, Purpose.EVALUATE, Tensors.sha256(parameters(1)), "north");
            ContributionHeader evaluation = aggregator.answer(last, "north");
            assertThat(evaluation.validation()).as("of 7 examples").isEmpty();
            assertThat(evaluation.test()).as("of 9 examples").isPresent();
        }
    }

    @Test
    void metricsThatAreNoNumbersStayAtHomeAndTheUpdateLeaves() {
        Samples.Training diverged = new Samples.Training() {
            @Override
            public LocalResult train(LocalTask task, Examples train) {
                return new LocalResult(
                        new ModelUpdate(new float[PARAMETERS], 30), new Evaluation(30, Double.POSITIVE_INFINITY, 1));
            }

            @Override
            public Evaluation evaluate(LocalTask task, Examples examples) {
                return new Evaluation(examples.size(), Double.NaN, 0);
            }
        };
        try (Participant north = start(participant("north").trainer(diverged))) {
            assertThat(north).isNotNull();
            RunId run = aggregator.openRun("heart", PLAN);
            ContributionHeader answer =
                    aggregator.answer(aggregator.openRound(run, 1, 1, parameters(1), "north"), "north");
            assertThat(answer.weight()).isEqualTo(30);
            assertThat(answer.training()).isEmpty();
            assertThat(answer.validation()).isEmpty();
        }
    }

    @Test
    void saysNothingOfADatasetThatItsPolicyDoesNotAllow() {
        try (Participant north = start(participant("north").dataset("secret-study", Samples.dataset(9)))) {
            assertThat(north).isNotNull();
            assertThat(aggregator.hear(Channel.SITES, Hello.class, 1).get(0).datasets())
                    .extracting(SiteMessage.DatasetOffer::name)
                    .containsExactly("sample");
        }
    }

    @Test
    void refusesByPolicyWhatItsTrainerCannotRun() {
        try (Participant north = start(participant("north"))) {
            assertThat(north).isNotNull();
            aggregator.openRun("heart", PLAN.replace("- dense: {units: 2}", "- dense: {units: 1}"));
            Refusal refusal = aggregator.hear(Channel.SITES, Refusal.class, 1).get(0);
            assertThat(refusal.kind()).isEqualTo(Refusal.Kind.POLICY);
            assertThat(refusal.reasons())
                    .singleElement()
                    .asString()
                    .startsWith("the model cannot be trained here: output 'layer-3'");
        }
    }

    @Test
    void aPlanThatBreaksItsJudgeIsRefusedAndTheNextRunIsAnswered() {
        Samples.Training fragile = new Samples.Training() {
            private final AtomicInteger asked = new AtomicInteger();

            @Override
            public List<Problem> problemsWith(ModelSpec model, Loss loss) {
                if (asked.getAndIncrement() == 0) {
                    throw new StackOverflowError("patient 4711");
                }
                return List.of();
            }

            @Override
            public LocalResult train(LocalTask task, Examples train) {
                return Samples.result(new float[PARAMETERS]);
            }
        };
        try (Participant north = start(participant("north").trainer(fragile))) {
            assertThat(north).isNotNull();
            aggregator.openRun("deep", PLAN);
            assertThat(aggregator.hear(Channel.SITES, Refusal.class, 1).get(0).reasons())
                    .containsExactly("the plan cannot be judged: StackOverflowError");
            RunId run = aggregator.openRun("heart", PLAN);
            aggregator.answer(aggregator.openRound(run, 1, 1, parameters(1), "north"), "north");
        }
    }

    @Test
    void givesTheSameBitsAtEachAttempt() {
        float[] first;
        try (Participant north = start(participant("north"))) {
            assertThat(north).isNotNull();
            RunId run = aggregator.openRun("heart", PLAN);
            RoundKey other = aggregator.openRound(run, 1, 1, parameters(1), "north");
            float[] another = aggregator.values(other, "north", PARAMETERS);
            RoundKey one = aggregator.openRound(run, 2, 1, parameters(1), "north");
            first = aggregator.values(one, "north", PARAMETERS);
            RoundKey two = aggregator.openRound(run, 2, 2, parameters(1), "north");
            assertThat(aggregator.values(two, "north", PARAMETERS)).isEqualTo(first);
            assertThat(another).isNotEqualTo(first);
        }
        try (Participant again = start(participant("north"))) {
            assertThat(again).isNotNull();
            RoundKey three = aggregator.openRound(new RunId("heart"), 2, 3, parameters(1), "north");
            assertThat(aggregator.values(three, "north", PARAMETERS)).isEqualTo(first);
        }
    }

    @Test
    void refusesByPolicyOnceAndForEveryReason() {
        SitePolicy strict = Samples.policy()
                .algorithms("fedsgd")
                .layers("dense")
                .smallestCohort(3)
                .datasets("other")
                .largestRounds(2)
                .build();
        try (Participant north = start(participant("north").policy(strict))) {
            assertThat(north).isNotNull();
            RunId run = aggregator.openRun("heart", PLAN);
            Refusal refusal = aggregator.hear(Channel.SITES, Refusal.class, 1).get(0);
            assertThat(refusal.kind()).isEqualTo(Refusal.Kind.POLICY);
            assertThat(refusal.reasons())
                    .containsExactly(
                            "datasets: the policy allows other; the plan uses 'sample'",
                            "algorithms: the policy allows fedsgd; the plan uses 'fedavg'",
                            "layers: the policy allows dense; node 'layer-2' is 'tanh'",
                            "smallest-cohort: the policy asks for at least 3 sites in each sum; the plan's quorum is 1",
                            "largest-rounds: the policy allows at most 2 rounds; the plan has 3");
            aggregator.openRound(run, 1, 1, parameters(1), "north");
            aggregator.openRun("allowed-to-nobody", PLAN);
            aggregator.hear(Channel.SITES, Refusal.class, 2);
        }
        assertThat(aggregator.heard(Channel.SITES, Refusal.class))
                .extracting(refusal -> refusal.run().value())
                .containsExactly("heart", "allowed-to-nobody");
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .isEmpty();
    }

    @Test
    void refusesPlansThatItCannotReadAndLivesOn() {
        try (Participant north = start(participant("north"))) {
            assertThat(north).isNotNull();
            aggregator.openRun("unknown-layer", PLAN.replace("tanh", "transformer"));
            aggregator.openRun("no-plan", "{{{{");
            aggregator.openRun("deep", "a: " + "[".repeat(100_000));
            aggregator.openRun("long", "a".repeat(300_000));
            aggregator.openRun("huge", PLAN.replace("units: 4", "units: 100000000"));
            aggregator.openRun(
                    "misfit", PLAN.replace("input: [3]", "input: [5]").replace("units: 2", "units: 3"));
            List<Refusal> refusals = aggregator.hear(Channel.SITES, Refusal.class, 6);
            assertThat(refusals)
                    .allSatisfy(refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.POLICY))
                    .extracting(refusal -> refusal.run().value())
                    .containsExactly("unknown-layer", "no-plan", "deep", "long", "huge", "misfit");
            assertThat(refusals.get(0).reasons().get(0)).contains("transformer");
            assertThat(refusals.get(4).reasons().get(0)).contains("parameters to fit in the agent's memory");
            assertThat(refusals.get(5).reasons())
                    .containsExactly("dataset 'sample' has one input of shape [3]; the plan's model takes [[5]]");
            RunId run = aggregator.openRun("heart", PLAN);
            aggregator.answer(aggregator.openRound(run, 1, 1, parameters(1), "north"), "north");
        }
    }

    @Test
    void aDatasetThatIsNotThereFailsTheRoundAndNotTheAgent() {
        ParticipantBuilder builder = participant("north")
                .policy(Samples.policy().datasets("sample", "absent").build());
        try (Participant north = start(builder)) {
            assertThat(north).isNotNull();
            RunId run = aggregator.openRun("heart", PLAN.replace("dataset: sample", "dataset: absent"));
            aggregator.openRound(run, 1, 1, parameters(1), "north");
            Refusal refusal = aggregator.hear(Channel.SITES, Refusal.class, 1).get(0);
            assertThat(refusal.kind()).isEqualTo(Refusal.Kind.FAILURE);
            assertThat(refusal.reasons()).containsExactly("the site has no dataset 'absent'");
        }
    }

    @Test
    void catchesUpOverALongHistoryWithoutDoingItsWork() {
        AtomicInteger trained = new AtomicInteger();
        Samples.Training counting = (task, train) -> {
            trained.incrementAndGet();
            return Samples.result(new float[PARAMETERS]);
        };
        float[] model = parameters(1);
        for (int i = 0; i < 50; i++) {
            RunId old = aggregator.openRun("old-" + i, PLAN);
            for (int round = 1; round <= 100; round++) {
                RoundKey place = aggregator.openRound(
                        new RoundKey(old, round, 1), Purpose.TRAIN, Tensors.sha256(model), "north");
                aggregator.closeRound(place, Tensors.sha256(model));
            }
            aggregator.endRun(old);
        }
        RunId late = aggregator.openRun("late", PLAN);
        aggregator.openRound(
                new RoundKey(late, 1, 1),
                Purpose.TRAIN,
                Tensors.sha256(model),
                Instant.now().minusSeconds(3600),
                Duration.ofSeconds(60),
                "north");
        RunId open = aggregator.openRun("open", PLAN);
        RoundKey place = aggregator.openRound(open, 1, 1, model, "north");
        try (Participant north = start(participant("north").trainer(counting))) {
            assertThat(north).isNotNull();
            aggregator.answer(place, "north");
        }
        assertThat(trained).hasValue(1);
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionChunk.class))
                .hasSize(1);
    }

    @Test
    void aNewerAttemptAndTheEndOfTheRunStopTheWork() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(2);
        AtomicInteger interrupted = new AtomicInteger();
        Samples.Training endless = (task, train) -> {
            started.countDown();
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw e;
            }
            return Samples.result(new float[PARAMETERS]);
        };
        try (Participant north = start(participant("north").trainer(endless))) {
            assertThat(north).isNotNull();
            RunId run = aggregator.openRun("heart", PLAN);
            aggregator.openRound(run, 1, 1, parameters(1), "north");
            await().until(() -> started.getCount() == 1);
            aggregator.openRound(run, 1, 2, parameters(1), "north");
            started.await();
            assertThat(interrupted).hasValue(1);
            aggregator.endRun(run);
            await().until(() -> interrupted.get() == 2);
        }
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .isEmpty();
        assertThat(aggregator.heard(Channel.SITES, Refusal.class)).isEmpty();
    }

    @Test
    void saysHelloAgainWhenLeftOut() {
        try (Participant north = start(participant("north"))) {
            assertThat(north).isNotNull();
            Hello hello = aggregator.hear(Channel.SITES, Hello.class, 1).get(0);
            aggregator.admit(hello);
            aggregator.leaveOut(hello);
            List<Hello> more = aggregator.hear(Channel.SITES, Hello.class, 3);
            assertThat(more).allSatisfy(each -> assertThat(each).isEqualTo(hello));
            aggregator.admit(hello);
            RunId run = aggregator.openRun("heart", PLAN);
            aggregator.answer(aggregator.openRound(run, 1, 1, parameters(1), "north"), "north");
            int said = aggregator.heard(Channel.SITES, Hello.class).size();
            aggregator.answer(aggregator.openRound(run, 2, 1, parameters(2), "north"), "north");
            assertThat(aggregator.heard(Channel.SITES, Hello.class)).hasSize(said);
        }
    }

    @Test
    void doesNothingOnceAnotherAgentHasItsPlace() {
        try (Participant north = start(participant("north"))) {
            assertThat(north).isNotNull();
            Hello hello = aggregator.hear(Channel.SITES, Hello.class, 1).get(0);
            aggregator.admit(hello);
            aggregator.admit(new Hello(hello.site(), "another", hello.agentVersion(), hello.datasets()));
            aggregator.leaveOut(hello);
            RunId run = aggregator.openRun("heart", PLAN);
            RoundKey place = aggregator.openRound(run, 1, 1, parameters(1), "north", "south");
            try (Participant south = start(participant("south"))) {
                assertThat(south).isNotNull();
                aggregator.answer(place, "south");
            }
        }
        assertThat(aggregator.heard(Channel.SITES, Hello.class)).hasSize(2);
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .extracting(header -> header.site().value())
                .containsExactly("south");
    }

    @Test
    void leavesNoThreadBehind() {
        Participant north = start(participant("north"));
        RunId run = aggregator.openRun("heart", PLAN);
        aggregator.answer(aggregator.openRound(run, 1, 1, parameters(1), "north"), "north");
        assertThat(threads("tacita-north")).isNotEmpty();
        north.close();
        north.close();
        awaitNoThreads("tacita-north");
        assertThat(aggregator.heard(Channel.SITES, Goodbye.class)).hasSize(1);
    }

    @Test
    void participateEndsWhenItsThreadIsInterrupted() throws InterruptedException {
        Participant north = participant("north").transport(transport).build();
        Thread thread = new Thread(north::participate);
        thread.start();
        aggregator.hear(Channel.SITES, Hello.class, 1);
        thread.interrupt();
        thread.join(5_000);
        assertThat(thread.isAlive()).isFalse();
        assertThat(aggregator.heard(Channel.SITES, Goodbye.class)).hasSize(1);
        assertThatThrownBy(north::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void namesEverythingThatIsNotSet() {
        assertThatThrownBy(() -> Participant.builder().site("north").build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a participant needs these. Not set: federation, transport, policy");
    }

    /** An executor has ended a moment before its thread is gone. */
    static void awaitNoThreads(String prefix) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(threads(prefix)).isEmpty());
    }

    static List<String> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }
}

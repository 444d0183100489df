package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.Channel;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.SiteMessage.Refusal;
import dev.tacita.wire.Tensors;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A round that closes while the site is at work, and says that its answer may still count. */
@Timeout(60)
class OutstandingRoundTest {
    private static final String PLAN = Samples.PLAN
            .replace("fedavg: {", "fedbuff: {buffer: 1, concurrency: 3, ")
            .replace("rounds: 3", "rounds: 9");

    private final InMemoryTransport transport = new InMemoryTransport(2);
    private final ScriptedAggregator aggregator = new ScriptedAggregator(transport);
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);

    /** Trains when the gate is open. */
    private final Samples.Training held = new Samples.Training() {
        @Override
        public LocalResult train(LocalTask task, Examples train) throws InterruptedException {
            begun.incrementAndGet();
            try {
                gate.await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw e;
            }
            return new EngineTrainer().train(task, train);
        }
    };

    @AfterEach
    void close() {
        aggregator.close();
        transport.close();
    }

    private Participant start(Path folder) {
        Participant participant = Samples.participant("a")
                .policy(Samples.policy().algorithms("fedbuff", "fedavg").build())
                .trainer(held)
                .workFolder(folder)
                .transport(transport)
                .build();
        participant.start();
        return participant;
    }

    private RoundKey open(RunId run, int round, String... cohort) {
        return aggregator.openRound(run, round, 1, Samples.parameters(round), cohort);
    }

    private void close(RoundKey place, String counted, String... atWork) {
        aggregator.write(new RoundClosed(
                place,
                RoundOutcome.COMPLETED,
                List.of(new Counted(
                        new SiteId(counted),
                        "a session",
                        1,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        OptionalDouble.empty())),
                Map.of(),
                Tensors.sha256(Samples.parameters(place.round() + 1)),
                0,
                Instant.now(),
                OptionalDouble.empty(),
                Optional.empty(),
                Arrays.stream(atWork).map(SiteId::new).toList()));
    }

    private List<Integer> answered() {
        return aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class).stream()
                .map(header -> header.place().round())
                .toList();
    }

    private void awaitBegun(int count) {
        await("begun").until(() -> begun.get() == count);
    }

    @Test
    void isAnsweredOnceAlthoughOthersOpenAndCloseMeanwhile(@TempDir Path folder) {
        try (Participant agent = start(folder)) {
            assertThat(agent).isNotNull();
            RunId run = aggregator.openRun("late", PLAN);
            RoundKey first = open(run, 1, "a", "b", "c");
            awaitBegun(1);
            close(first, "b", "a", "c");
            RoundKey second = open(run, 2, "b");
            close(second, "b", "a", "c");
            RoundKey third = open(run, 3, "b");
            gate.countDown();
            ContributionHeader answer = aggregator.answer(first, "a");
            assertThat(answer.weight()).isEqualTo(1);
            close(third, "a", "b", "c");
            RoundKey fourth = open(run, 4, "a");
            aggregator.answer(fourth, "a");
        }
        assertThat(answered()).containsExactly(1, 4);
        assertThat(begun).hasValue(2);
        assertThat(aggregator.heard(Channel.SITES, Refusal.class)).isEmpty();
    }

    @Test
    void isAnsweredWithTheSameBitsByAnAgentThatWasKilled(@TempDir Path folder) {
        RunId run = aggregator.openRun("killed", PLAN);
        RoundKey first;
        try (Participant agent = start(folder)) {
            assertThat(agent).isNotNull();
            first = open(run, 1, "a", "b");
            awaitBegun(1);
            close(first, "b", "a");
        }
        open(run, 2, "b");
        gate.countDown();
        try (Participant again = start(folder)) {
            assertThat(again).isNotNull();
            float[] values = aggregator.values(first, "a", Samples.PARAMETERS);
            RunId other = aggregator.openRun("alive", PLAN);
            RoundKey same = open(other, 1, "a", "b");
            assertThat(aggregator.values(same, "a", Samples.PARAMETERS)).containsExactly(values);
        }
        assertThat(answered()).containsExactly(1, 1);
    }

    @Test
    void isLeftAloneOnceItsCloseSaysThatNobodyWaits(@TempDir Path folder) {
        try (Participant agent = start(folder)) {
            assertThat(agent).isNotNull();
            RunId run = aggregator.openRun("over", PLAN);
            RoundKey first = open(run, 1, "a", "b");
            awaitBegun(1);
            close(first, "b", "a");
            RoundKey second = open(run, 2, "b");
            close(second, "b");
            await("stopped").until(() -> interrupted.get() == 1);
            RoundKey third = open(run, 3, "a");
            awaitBegun(2);
            close(third, "b", "a");
            gate.countDown();
            aggregator.answer(third, "a");
        }
        assertThat(answered()).containsExactly(3);
    }

    @Test
    void givesWayToTheEvaluation(@TempDir Path folder) {
        try (Participant agent = start(folder)) {
            assertThat(agent).isNotNull();
            RunId run = aggregator.openRun("last", PLAN);
            RoundKey first = open(run, 1, "a", "b");
            awaitBegun(1);
            close(first, "b", "a");
            RoundKey last = new RoundKey(run, 10, 1);
            aggregator.openRound(last, Purpose.EVALUATE, Tensors.sha256(Samples.parameters(1)), "a", "b");
            aggregator.answer(last, "a");
        }
        assertThat(answered()).containsExactly(10);
    }

    @Test
    void isNotGoneOnWithWhereAPlanHasCohorts(@TempDir Path folder) {
        try (Participant agent = start(folder)) {
            assertThat(agent).isNotNull();
            RunId run = aggregator.openRun("cohorts", Samples.PLAN);
            RoundKey first = open(run, 1, "a", "b");
            awaitBegun(1);
            close(first, "b", "a");
            await("stopped").until(() -> interrupted.get() == 1);
        }
        assertThat(answered()).isEmpty();
    }
}

package dev.tacita.client;

import static dev.tacita.client.Samples.PARAMETERS;
import static dev.tacita.client.Samples.PLAN;
import static dev.tacita.client.Samples.parameters;
import static dev.tacita.client.Samples.participant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tacita.core.RunId;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.Channel;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.ModelMessages;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.SiteMessage.Goodbye;
import dev.tacita.wire.SiteMessage.Refusal;
import dev.tacita.wire.Tensors;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

@Timeout(60)
@Isolated("it counts threads of the process")
class BadTrainerTest {
    private final InMemoryTransport transport = new InMemoryTransport(1);
    private final ScriptedAggregator aggregator = new ScriptedAggregator(transport);

    @AfterEach
    void close() {
        aggregator.close();
        transport.close();
    }

    /** The trainer is bad in round 1 and good afterwards. */
    private void failsRoundOneOnly(Samples.Training bad, String reason) {
        Samples.Training trainer = new Samples.Training() {
            private final AtomicInteger calls = new AtomicInteger();

            @Override
            public LocalResult train(LocalTask task, Examples train) throws InterruptedException {
                return calls.getAndIncrement() == 0 ? bad.train(task, train) : Samples.result(new float[PARAMETERS]);
            }
        };
        try (Participant north =
                participant("north").trainer(trainer).transport(transport).build()) {
            north.start();
            RunId run = aggregator.openRun("heart", PLAN);
            RoundKey failed = aggregator.openRound(run, 1, 1, parameters(1), "north");
            Refusal refusal = aggregator.hear(Channel.SITES, Refusal.class, 1).get(0);
            assertThat(refusal.kind()).isEqualTo(Refusal.Kind.FAILURE);
            assertThat(refusal.reasons()).containsExactly(reason);
            aggregator.closeRound(failed, Tensors.sha256(parameters(1)));
            aggregator.answer(aggregator.openRound(run, 2, 1, parameters(1), "north"), "north");
        }
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .hasSize(1);
        assertThat(aggregator.heard(Channel.SITES, Refusal.class)).hasSize(1);
    }

    @Test
    void notANumberIsNotSent() {
        failsRoundOneOnly(
                (task, train) -> {
                    float[] values = new float[PARAMETERS];
                    values[5] = Float.NaN;
                    return Samples.result(values);
                },
                "the update cannot be encoded: training has diverged, or needs a smaller learning rate");
    }

    @Test
    void aValueBeyondTheLimitIsNotSent() {
        failsRoundOneOnly(
                (task, train) -> {
                    float[] values = new float[PARAMETERS];
                    values[5] = 65;
                    return Samples.result(values);
                },
                "the update cannot be encoded: training has diverged, or needs a smaller learning rate");
    }

    @Test
    void anUpdateOfAnotherSizeIsNotSent() {
        failsRoundOneOnly(
                (task, train) -> Samples.result(new float[3]),
                "the trainer's update has 3 values; the model has 26 parameters");
    }

    @Test
    void whatAnExceptionSaysStaysAtHome() {
        failsRoundOneOnly(
                (task, train) -> {
                    throw new IllegalStateException("patient 4711 has no pulse");
                },
                "training failed with IllegalStateException");
    }

    @Test
    void anErrorDoesNotEndTheAgent() {
        failsRoundOneOnly(
                (task, train) -> {
                    throw new StackOverflowError("deep");
                },
                "training failed with StackOverflowError");
    }

    @Test
    void workThatOutlastsTheDeadlineIsNotSentAndTheAgentGoesOn() {
        AtomicInteger calls = new AtomicInteger();
        Samples.Training slow = (task, train) -> {
            if (calls.getAndIncrement() == 0) {
                Thread.sleep(1800);
            }
            return Samples.result(new float[PARAMETERS]);
        };
        try (Participant north =
                participant("north").trainer(slow).transport(transport).build()) {
            north.start();
            RunId run = aggregator.openRun("heart", PLAN);
            aggregator.sendModel(ModelMessages.of(parameters(1)));
            aggregator.openRound(
                    new RoundKey(run, 1, 1),
                    Purpose.TRAIN,
                    Tensors.sha256(parameters(1)),
                    Instant.now(),
                    Duration.ofMillis(1500),
                    "north");
            await().until(() -> calls.get() == 1);
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            RoundKey next = aggregator.openRound(run, 1, 2, parameters(1), "north");
            aggregator.answer(next, "north");
        }
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .extracting(header -> header.place().attempt())
                .containsExactly(2);
        assertThat(aggregator.heard(Channel.SITES, Refusal.class)).isEmpty();
    }

    @Test
    void workThatIgnoresInterruptsDelaysTheNextRoundButSendsNothingStale() {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        Samples.Training deaf = (task, train) -> {
            if (calls.getAndIncrement() == 0) {
                awaitUninterruptibly(release);
            }
            return Samples.result(new float[PARAMETERS]);
        };
        try (Participant north =
                participant("north").trainer(deaf).transport(transport).build()) {
            north.start();
            RunId run = aggregator.openRun("heart", PLAN);
            aggregator.openRound(run, 1, 1, parameters(1), "north");
            await().until(() -> calls.get() == 1);
            RoundKey next = aggregator.openRound(run, 1, 2, parameters(1), "north");
            await().pollDelay(Duration.ofMillis(100)).until(() -> true);
            assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                    .isEmpty();
            release.countDown();
            aggregator.answer(next, "north");
        }
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .extracting(header -> header.place().attempt())
                .containsExactly(2);
    }

    @Test
    void workThatIgnoresInterruptsDoesNotHoldUpTheEnd() {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        Samples.Training deaf = (task, train) -> {
            calls.incrementAndGet();
            awaitUninterruptibly(release);
            return Samples.result(new float[PARAMETERS]);
        };
        Participant north =
                participant("north").trainer(deaf).transport(transport).build();
        north.start();
        RunId run = aggregator.openRun("heart", PLAN);
        aggregator.openRound(run, 1, 1, parameters(1), "north");
        await().until(() -> calls.get() == 1);
        long start = System.nanoTime();
        north.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(aggregator.heard(Channel.SITES, Goodbye.class)).hasSize(1);
        release.countDown();
        ParticipantTest.awaitNoThreads("tacita-north");
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .isEmpty();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (latch.getCount() > 0 && System.nanoTime() < end) {
            try {
                latch.await(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                // This trainer does not listen.
            }
        }
    }
}

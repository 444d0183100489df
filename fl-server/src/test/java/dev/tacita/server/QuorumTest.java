package dev.tacita.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.server.RunState.Status;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunEnded.RunOutcome;
import dev.tacita.wire.AggregatorMessage.RunPaused;
import dev.tacita.wire.AggregatorMessage.RunResumed;
import dev.tacita.wire.AggregatorMessage.SiteJoined;
import dev.tacita.wire.AggregatorMessage.SiteLeft;
import dev.tacita.wire.AggregatorMessage.SiteRefused;
import dev.tacita.wire.Channel;
import dev.tacita.wire.SiteMessage.Goodbye;
import dev.tacita.wire.SiteMessage.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuorumTest {
    private static final int SIZE = 4;
    private static final SiteId A = new SiteId("a");
    private static final SiteId B = new SiteId("b");
    private static final SiteId C = new SiteId("c");
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private static String plan(int rounds, int quorum, int sites) {
        return Federation.plan(3, 1, rounds, quorum, sites, Federation.FEDAVG);
    }

    private static void answer(Federation federation, RoundOpened round, SiteId... sites) throws InterruptedException {
        for (SiteId site : sites) {
            federation.send(Federation.frames(Federation.answer(round, site, SIZE)));
        }
    }

    @Test
    void aSiteThatVanishedCostsOneDeadlineAndThenNoMore(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a", "b", "c");
            federation.submit(plan(4, 2, 3));
            RoundOpened first = federation.await(RoundOpened.class);
            answer(federation, first, A, B);
            Thread.sleep(200);
            assertThat(federation.poll(Duration.ZERO)).as("c is waited for").isEmpty();

            federation.clock.advance(DEADLINE);
            SiteLeft left = federation.await(SiteLeft.class);
            assertThat(left.site()).isEqualTo(C);
            RoundClosed closed = federation.await(RoundClosed.class);
            assertThat(closed.outcome()).isEqualTo(RoundOutcome.COMPLETED);
            assertThat(closed.missing()).containsOnlyKeys(C);

            RoundOpened second = federation.await(RoundOpened.class);
            assertThat(second.cohort()).containsExactly(A, B);
            answer(federation, second, A, B);
            assertThat(federation.await(RoundClosed.class).outcome()).isEqualTo(RoundOutcome.COMPLETED);
            RoundOpened third = federation.await(RoundOpened.class);

            federation.hello("c");
            federation.await(SiteJoined.class);
            answer(federation, third, A, B);
            assertThat(federation.await(RoundOpened.class).cohort()).containsExactly(A, B, C);
        }
    }

    @Test
    void belowTheQuorumARoundIsTriedAgainThenTheRunPausesAndGoesOnWhenSitesAreBack(@TempDir Path runs)
            throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a", "b", "c");
            RunId run = federation.submit(plan(1, 2, 3));
            for (int attempt = 1; attempt <= 3; attempt++) {
                RoundOpened round = federation.await(RoundOpened.class);
                assertThat(round.place().attempt()).isEqualTo(attempt);
                answer(federation, round, A);
                Thread.sleep(100);
                federation.clock.advance(DEADLINE);
                RoundClosed closed = federation.await(RoundClosed.class);
                assertThat(closed.outcome()).isEqualTo(RoundOutcome.BELOW_QUORUM);
                assertThat(closed.model()).isEqualTo(round.model());
                if (attempt < 3) {
                    federation.hello("b", "c");
                }
            }
            RunPaused paused = federation.await(RunPaused.class);
            assertThat(paused.reason()).contains("below its quorum of 2").contains("3 times");
            federation.awaitStatus(run, Status.PAUSED);

            federation.hello("c");
            federation.await(RunResumed.class);
            RoundOpened again = federation.await(RoundOpened.class);
            assertThat(again.place().attempt()).isEqualTo(4);
            assertThat(RoundsTest.answerUntilEnd(answering(federation, again), SIZE)
                            .outcome())
                    .isEqualTo(RunOutcome.COMPLETED);
        }
    }

    private static Federation answering(Federation federation, RoundOpened round) throws InterruptedException {
        federation.answerAll(round, SIZE);
        return federation;
    }

    @Test
    void anOperatorResumesAPausedRun(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a", "b");
            RunId run = federation.submit(plan(1, 2, 2));
            for (int attempt = 1; attempt <= 3; attempt++) {
                RoundOpened round = federation.await(RoundOpened.class);
                for (SiteId site : List.of(A, B)) {
                    federation.say(
                            Channel.SITES,
                            new Refusal(site, run, Refusal.Kind.FAILURE, List.of("training has diverged")));
                }
                RoundClosed closed = federation.await(RoundClosed.class);
                assertThat(closed.place()).isEqualTo(round.place());
                assertThat(closed.missing()).containsEntry(A, "training has diverged");
            }
            assertThat(federation.await(RunPaused.class).reason()).contains("training has diverged");
            Thread.sleep(100);
            assertThat(federation.poll(Duration.ZERO))
                    .as("nobody came, nothing changes")
                    .isEmpty();
            federation.aggregator().resume(run).join();
            assertThat(RoundsTest.answerUntilEnd(federation, SIZE).outcome()).isEqualTo(RunOutcome.COMPLETED);
        }
    }

    @Test
    void aSiteWhosePolicyForbidsTheRunIsNotAskedAgain(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a", "b", "c");
            RunId run = federation.submit(plan(2, 2, 3));
            RoundOpened first = federation.await(RoundOpened.class);
            federation.say(Channel.SITES, new Refusal(C, run, Refusal.Kind.POLICY, List.of("protection is plain")));
            federation.await(SiteRefused.class);
            answer(federation, first, A, B);
            assertThat(federation.await(RoundClosed.class).missing()).containsEntry(C, "protection is plain");
            assertThat(federation.await(RoundOpened.class).cohort()).containsExactly(A, B);
        }
    }

    @Test
    void refusalsThatLeaveTooFewPauseTheRunWithTheReasons(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a", "b");
            RunId run = federation.submit(plan(2, 2, 2));
            federation.await(RoundOpened.class);
            federation.say(Channel.SITES, new Refusal(B, run, Refusal.Kind.POLICY, List.of("the cohort is too small")));
            federation.await(SiteRefused.class);
            federation.say(Channel.SITES, new Goodbye(A, Federation.SESSION));
            assertThat(federation.await(RoundClosed.class).outcome()).isEqualTo(RoundOutcome.BELOW_QUORUM);
            Thread.sleep(100);
            federation.clock.advance(DEADLINE);
            assertThat(federation.await(RunPaused.class).reason())
                    .contains("0 of at least 2 sites")
                    .contains("b refuses: the cohort is too small");
        }
    }

    @Test
    void aSiteThatSaidGoodbyeIsNotWaitedForButWhatItSentBeforeCounts(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a", "b", "c");
            federation.submit(plan(1, 1, 3));
            RoundOpened round = federation.await(RoundOpened.class);
            answer(federation, round, A, B);
            federation.say(Channel.SITES, new Goodbye(B, Federation.SESSION), new Goodbye(C, Federation.SESSION));
            RoundClosed closed = federation.await(RoundClosed.class);
            assertThat(closed.counted()).extracting(it -> it.site()).containsExactly(A, B);
            assertThat(closed.missing()).containsOnlyKeys(C);
        }
    }

    @Test
    void aRestartedAgentIsNotWaitedForButMayStillAnswer(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a", "b");
            federation.submit(plan(1, 1, 2));
            RoundOpened round = federation.await(RoundOpened.class);
            var half = Federation.contribution(round, B, Federation.SESSION, 5, new float[SIZE]);
            federation.send(Federation.frames(half.subList(0, 1)));
            federation.helloAs("b", "second-life");
            federation.await(
                    SiteJoined.class, joined -> joined.hello().session().equals("second-life"));
            federation.send(Federation.frames(
                    Federation.contribution(round, B, "second-life", 5, Federation.update(B, 1, SIZE))));
            answer(federation, round, A);
            RoundClosed closed = federation.await(RoundClosed.class);
            assertThat(closed.counted())
                    .extracting(it -> it.session())
                    .containsExactly(Federation.SESSION, "second-life");
        }
    }

    @Test
    void aRunWaitsForItsSitesAndSaysSo(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            RunId run = federation.submit(plan(1, 1, 2));
            federation.hello("a");
            federation.await(SiteJoined.class);
            Thread.sleep(200);
            federation.awaitStatus(run, Status.WAITING_FOR_SITES);
            assertThat(federation.aggregator().waitingFor())
                    .hasValueSatisfying(it ->
                            assertThat(it).contains("1 of at least 2 sites").contains("a"));
            federation.clock.advance(Duration.ofDays(1));
            federation.hello("b");
            federation.await(RoundOpened.class);
        }
    }

    @Test
    void aRoundThatWasOpenWhenTheAggregatorDiedIsNotOverBeforeSitesHadTheirTime(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a", "b");
            federation.submit(plan(1, 1, 2));
            RoundOpened round = federation.await(RoundOpened.class);
            federation.aggregator().close();
            federation.clock.advance(DEADLINE.multipliedBy(10));
            answer(federation, round, A);
            federation.start(federation.transport);
            Thread.sleep(200);
            answer(federation, round, B);
            assertThat(federation.await(RoundClosed.class).counted()).hasSize(2);
            assertThat(RoundsTest.answerUntilEnd(federation, SIZE).outcome()).isEqualTo(RunOutcome.COMPLETED);
        }
    }

    @Test
    void stoppingEndsARunInTheMiddleOfARound(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a");
            RunId run = federation.submit(plan(1, 1, 1));
            RoundOpened round = federation.await(RoundOpened.class);
            federation.aggregator().stop(run).join();
            RunEnded end = federation.await(RunEnded.class);
            assertThat(end.outcome()).isEqualTo(RunOutcome.STOPPED);
            assertThat(end.model()).contains(round.model());
            assertThat(federation.aggregator().stop(run))
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .withMessageContaining("run test-run-1 is over");
        }
    }
}

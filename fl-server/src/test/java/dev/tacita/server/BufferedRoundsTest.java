package dev.tacita.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.RoundMean;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.number.SeedStream;
import dev.tacita.server.CrashingTransport.Moment;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.EarlierRound;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.SiteJoined;
import dev.tacita.wire.AggregatorMessage.SiteLeft;
import dev.tacita.wire.AggregatorMessage.SiteRefused;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Frame;
import dev.tacita.wire.Hash;
import dev.tacita.wire.RefusedMessageException.Reason;
import dev.tacita.wire.SiteMessage.Goodbye;
import dev.tacita.wire.SiteMessage.Refusal;
import dev.tacita.wire.Tensors;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rounds that end when so many contributions have arrived, whichever round their sites were asked in. */
@Timeout(60)
class BufferedRoundsTest {
    private static final int SIZE = 4;
    private static final SiteId A = new SiteId("a");
    private static final SiteId B = new SiteId("b");
    private static final SiteId C = new SiteId("c");
    private static final SiteId D = new SiteId("d");
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** One of 132,496 parameters has two chunks. */
    private static String plan(int inputs, int units, int rounds, int sites, int buffer, int concurrency) {
        return Federation.plan(inputs, units, rounds, buffer, sites, """
                fedbuff:
                  epochs: 1
                  batch-size: 10
                  optimizer: {sgd: {learning-rate: 0.1}}
                  server-learning-rate: 0.5
                  buffer: %d
                  concurrency: %d
                """.formatted(buffer, concurrency));
    }

    private static String plan(int rounds, int buffer, int concurrency) {
        return plan(3, 1, rounds, 3, buffer, concurrency);
    }

    private static List<Frame> answer(RoundOpened asked, SiteId site, int size) {
        return Federation.frames(Federation.contribution(
                asked,
                site,
                Federation.SESSION,
                1,
                Federation.update(site, asked.place().round(), size)));
    }

    private static void answer(Federation federation, RoundOpened asked, SiteId... sites) throws InterruptedException {
        for (SiteId site : sites) {
            federation.send(answer(asked, site, SIZE));
        }
    }

    private static void evaluate(Federation federation, RoundOpened evaluation) throws InterruptedException {
        assertThat(evaluation.purpose()).isEqualTo(Purpose.EVALUATE);
        federation.answerAll(evaluation, 0);
    }

    /** For each site that counted, the round that it answered. */
    private static Map<SiteId, Integer> answered(RoundClosed closed) {
        Map<SiteId, Integer> answered = new TreeMap<>();
        for (Counted each : closed.counted()) {
            answered.put(
                    each.site(),
                    each.earlier()
                            .map(EarlierRound::round)
                            .orElse(closed.place().round()));
        }
        return answered;
    }

    /** The slow oracle: for each round, the sites that count and the round that each of them answers. */
    private static Hash byHand(String text, List<Map<SiteId, Integer>> rounds) {
        RunPlan plan = Plans.read(text);
        ServerState state = ServerState.first(
                plan.algorithm(),
                plan.model().layout().initialValues(SeedStream.of(plan.seed()).derive("initial-parameters")));
        for (int round = 1; round <= rounds.size(); round++) {
            Map<SiteId, Integer> counted = rounds.get(round - 1);
            int size = state.parameters().length;
            BigInteger[] sum = new BigInteger[size];
            Arrays.fill(sum, BigInteger.ZERO);
            for (Map.Entry<SiteId, Integer> each : counted.entrySet()) {
                float[] sent = Federation.update(each.getKey(), each.getValue(), size);
                double weight = 1 / Math.sqrt(1 + round - each.getValue());
                for (int i = 0; i < size; i++) {
                    sum[i] = sum[i].add(RoundsTest.word((float) (sent[i] * weight)));
                }
            }
            double[] mean = new double[size];
            for (int i = 0; i < size; i++) {
                mean[i] = plan.encoding().mean(sum[i].longValue(), counted.size());
            }
            float[] next = state.parameters().clone();
            for (int i = 0; i < size; i++) {
                next[i] = (float) (next[i] + 0.5 * mean[i]);
            }
            assertThat(plan.algorithm()
                            .step(state, RoundMean.ofAll(mean, round, 3))
                            .parameters())
                    .containsExactly(next);
            state = new ServerState(next, state.memory());
        }
        return Tensors.sha256(state.parameters());
    }

    @Test
    void aBufferOfAllSitesIsTheMeanOfTheirUpdates(@TempDir Path runs) throws Exception {
        String plan = plan(3, 3, 3);
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a", "b", "c");
            federation.submit(plan);
            for (int round = 1; round <= 3; round++) {
                RoundOpened opened = federation.await(RoundOpened.class);
                assertThat(opened.cohort()).containsExactly(A, B, C);
                answer(federation, opened, C, A, B);
                RoundClosed closed = federation.await(RoundClosed.class);
                assertThat(answered(closed)).isEqualTo(Map.of(A, round, B, round, C, round));
                assertThat(closed.atWork()).isEmpty();
                assertThat(closed.counted())
                        .allSatisfy(each -> assertThat(each.earlier()).isEmpty());
            }
            evaluate(federation, federation.await(RoundOpened.class));
            assertThat(federation.await(RunEnded.class).model())
                    .contains(byHand(
                            plan,
                            List.of(Map.of(A, 1, B, 1, C, 1), Map.of(A, 2, B, 2, C, 2), Map.of(A, 3, B, 3, C, 3))));
            assertThat(federation.refused()).isZero();
        }
    }

    /** What c is asked in round 1 it answers in round 3, and b in round 4 what it is asked in round 3. */
    private static final List<Map<SiteId, Integer>> LATE =
            List.of(Map.of(A, 1, B, 1), Map.of(A, 2, B, 2), Map.of(A, 3, C, 1), Map.of(A, 4, B, 3));

    private static void answerLate(Federation federation, List<RoundOpened> opened) throws InterruptedException {
        RoundOpened newest = opened.get(opened.size() - 1);
        switch (opened.size()) {
            case 1, 2 -> answer(federation, newest, B, A);
            case 3 -> {
                answer(federation, opened.get(0), C);
                answer(federation, newest, A);
            }
            case 4 -> {
                answer(federation, opened.get(2), B);
                answer(federation, newest, A);
            }
            default -> evaluate(federation, newest);
        }
    }

    @Test
    void aSiteThatTakesTwoStepsLongerCountsByHowLateItIs(@TempDir Path runs) throws Exception {
        String plan = plan(4, 2, 3);
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a", "b", "c");
            federation.submit(plan);
            List<List<SiteId>> cohorts = List.of(List.of(A, B, C), List.of(A, B), List.of(A, B), List.of(A, C));
            List<List<SiteId>> atWork = List.of(List.of(C), List.of(C), List.of(B), List.of());
            List<RoundOpened> opened = new ArrayList<>();
            for (int round = 1; round <= 4; round++) {
                opened.add(federation.await(RoundOpened.class));
                assertThat(opened.get(round - 1).cohort()).as("round %s", round).isEqualTo(cohorts.get(round - 1));
                answerLate(federation, opened);
                RoundClosed closed = federation.await(RoundClosed.class);
                assertThat(answered(closed)).isEqualTo(LATE.get(round - 1));
                assertThat(closed.atWork()).isEqualTo(atWork.get(round - 1));
                assertThat(closed.missing().keySet()).isEqualTo(round < 4 ? Set.of() : Set.of(C));
                if (round == 3) {
                    assertThat(closed.counted().get(1).staleness(3)).isEqualTo(2);
                    assertThat(closed.counted().get(1).earlier()).contains(new EarlierRound(1, 1));
                }
            }
            evaluate(federation, federation.await(RoundOpened.class));
            assertThat(federation.await(RunEnded.class).model()).contains(byHand(plan, LATE));
            assertThat(federation.refused()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void anAggregatorThatDiesWhileASiteIsAtWorkCountsTheSame(Moment moment, @TempDir Path runs) throws Exception {
        String plan = plan(4, 2, 3);
        Hash expected = byHand(plan, LATE);
        int crashes = 0;
        boolean crashed = true;
        while (crashed) {
            Path directory = Files.createTempDirectory(runs, "runs");
            try (Federation federation = new Federation(directory, 1, 1)) {
                federation.start(new CrashingTransport(federation.transport, moment, crashes + 1));
                crashed = runToItsEnd(federation, plan);
                List<AggregatorMessage> journal = federation.journal();
                RunEnded end = (RunEnded) journal.get(journal.size() - 1);
                String where = moment + " number " + (crashes + 1);
                assertThat(end.model()).as(where).contains(expected);
                assertThat(journal.stream()
                                .filter(RoundClosed.class::isInstance)
                                .map(closed -> answered((RoundClosed) closed))
                                .limit(4))
                        .as(where)
                        .isEqualTo(LATE);
                crashes += crashed ? 1 : 0;
            }
        }
        assertThat(crashes).isGreaterThan(3);
    }

    private static boolean runToItsEnd(Federation federation, String plan) throws Exception {
        boolean crashed = false;
        boolean submitted = false;
        List<RoundOpened> opened = new ArrayList<>();
        federation.hello("a", "b", "c");
        while (true) {
            if (federation.aggregator().ended().isCompletedExceptionally()) {
                assertThat(crashed).as("it dies once").isFalse();
                crashed = true;
                federation.start(federation.transport);
            }
            submitted = submitted || submit(federation, plan);
            Optional<AggregatorMessage> next = federation.poll(Duration.ofMillis(5));
            if (next.isPresent() && next.get() instanceof RoundOpened round) {
                opened.add(round);
                answerLate(federation, opened);
            } else if (next.isPresent() && next.get() instanceof RunEnded) {
                return crashed;
            }
        }
    }

    private static boolean submit(Federation federation, String plan) throws Exception {
        try {
            federation.submit(plan);
            return true;
        } catch (CompletionException died) {
            return federation.journal().stream().anyMatch(AggregatorMessage.RunOpened.class::isInstance);
        }
    }

    @Test
    void whatArrivesAfterTheLastThatCountsIsCountedInTheNextRoundAlsoAfterARestart(@TempDir Path runs)
            throws Exception {
        String plan = plan(2, 2, 3);
        for (boolean restart : new boolean[] {false, true}) {
            try (Federation federation = new Federation(Files.createTempDirectory(runs, "runs"), 1, 1)) {
                federation.start(federation.transport);
                federation.hello("a", "b", "c");
                federation.submit(plan);
                RoundOpened first = federation.await(RoundOpened.class);
                List<Frame> all = new ArrayList<>();
                List.of(A, B, C).forEach(site -> all.addAll(answer(first, site, SIZE)));
                federation.send(all);
                RoundClosed closed = federation.await(RoundClosed.class);
                assertThat(answered(closed)).isEqualTo(Map.of(A, 1, B, 1));
                assertThat(closed.atWork()).containsExactly(C);
                RoundOpened second = federation.await(RoundOpened.class);
                assertThat(second.cohort()).containsExactly(A, B);
                if (restart) {
                    federation.aggregator().close();
                    federation.start(federation.transport);
                }
                answer(federation, second, B);
                assertThat(answered(federation.await(RoundClosed.class))).isEqualTo(Map.of(B, 2, C, 1));
                evaluate(federation, federation.await(RoundOpened.class));
                assertThat(federation.await(RunEnded.class).model())
                        .contains(byHand(plan, List.of(Map.of(A, 1, B, 1), Map.of(B, 2, C, 1))));
            }
        }
    }

    @Test
    void theOrderOfArrivalWithinABufferThreadsAndPartitionsChangeNoBit(@TempDir Path runs) throws Exception {
        int size = 132_496;
        String plan = plan(363, 364, 2, 4, 3, 4);
        Hash expected = byHand(plan, List.of(Map.of(A, 1, B, 1, C, 1), Map.of(A, 2, B, 2, D, 1)));
        for (int threads : new int[] {1, 8}) {
            for (int partitions : new int[] {1, 4}) {
                for (long seed = 1; seed <= 3; seed++) {
                    var random = new SplittableRandom(seed);
                    try (Federation federation =
                            new Federation(Files.createTempDirectory(runs, "runs"), partitions, threads)) {
                        federation.start(federation.transport);
                        federation.hello("a", "b", "c", "d");
                        federation.submit(plan);
                        RoundOpened first = federation.await(RoundOpened.class);
                        List<Frame> late = answer(first, D, size);
                        // A part of what does not count is added with what does, and must be taken out again.
                        List<List<Frame>> inTime = new ArrayList<>(List.of(late.subList(0, 2)));
                        List.of(A, B, C).forEach(site -> inTime.add(answer(first, site, size)));
                        federation.send(Federation.interleaved(inTime, random));
                        RoundOpened second = federation.await(RoundOpened.class);
                        List<List<Frame>> rest = new ArrayList<>(List.of(late.subList(2, late.size())));
                        List.of(A, B).forEach(site -> rest.add(answer(second, site, size)));
                        federation.send(Federation.interleaved(rest, random));
                        evaluate(federation, federation.await(RoundOpened.class));
                        assertThat(federation.await(RunEnded.class).model())
                                .as("threads %s, partitions %s, seed %s", threads, partitions, seed)
                                .contains(expected);
                    }
                }
            }
        }
    }

    @Test
    void aSilentSiteIsDroppedAtItsOwnDeadlineItsLateAnswerRefusedAndItIsAskedAgain(@TempDir Path runs)
            throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a", "b", "c");
            federation.submit(plan(4, 2, 3));
            RoundOpened first = federation.await(RoundOpened.class);
            federation.clock.advance(DEADLINE.dividedBy(2));
            answer(federation, first, A, B);
            RoundOpened second = federation.await(RoundOpened.class);
            assertThat(second.cohort()).containsExactly(A, B);
            federation.clock.advance(DEADLINE.dividedBy(2));
            SiteLeft left = federation.await(SiteLeft.class);
            assertThat(left.site()).isEqualTo(C);
            assertThat(left.reason()).isEqualTo("did not answer test-run-1 round 1 attempt 1 by its deadline");

            answer(federation, first, C);
            awaitRefusal(federation, Reason.LATE);
            answer(federation, second, A, B);
            RoundClosed closed = federation.await(RoundClosed.class);
            assertThat(answered(closed)).isEqualTo(Map.of(A, 2, B, 2));
            assertThat(closed.atWork()).isEmpty();
            RoundOpened third = federation.await(RoundOpened.class);
            assertThat(third.cohort()).containsExactly(A, B);

            federation.hello("c");
            federation.await(SiteJoined.class);
            answer(federation, third, A, B);
            RoundOpened fourth = federation.await(RoundOpened.class);
            assertThat(fourth.cohort()).containsExactly(A, B, C);
            answer(federation, fourth, C, A);
            assertThat(answered(federation.await(RoundClosed.class))).isEqualTo(Map.of(A, 4, C, 4));
        }
    }

    private static void awaitRefusal(Federation federation, Reason reason) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (federation.refused(reason) < 2 && System.nanoTime() < until) {
            Thread.sleep(5);
        }
        assertThat(federation.refused(reason)).as("header and chunk").isEqualTo(2);
    }

    @Test
    void aBufferThatDoesNotFillIsTriedAgainWithWhatItHas(@TempDir Path runs) throws Exception {
        String plan = plan(1, 2, 3);
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a", "b", "c");
            federation.submit(plan);
            RoundOpened first = federation.await(RoundOpened.class);
            answer(federation, first, A);
            federation.clock.advance(DEADLINE);
            RoundClosed closed = federation.await(RoundClosed.class);
            assertThat(closed.outcome()).isEqualTo(RoundOutcome.BELOW_QUORUM);
            assertThat(closed.counted()).isEmpty();
            assertThat(closed.missing()).containsOnlyKeys(B, C);
            assertThat(closed.atWork()).containsExactly(A);
            assertThat(closed.model()).isEqualTo(first.model());

            federation.hello("b");
            RoundOpened again = federation.await(RoundOpened.class);
            assertThat(again.place().attempt()).isEqualTo(2);
            assertThat(again.cohort()).containsExactly(B);
            answer(federation, again, B);
            RoundClosed completed = federation.await(RoundClosed.class);
            assertThat(completed.counted().get(0).earlier()).contains(new EarlierRound(1, 1));
            assertThat(completed.counted().get(1).earlier()).isEmpty();
            evaluate(federation, federation.await(RoundOpened.class));
            assertThat(federation.await(RunEnded.class).model()).contains(byHand(plan, List.of(Map.of(A, 1, B, 1))));
        }
    }

    @Test
    void aSiteThatFailsIsIdleAgainAndOneThatRefusesIsNotAskedAgain(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a", "b", "c", "d");
            RunId run = federation.submit(plan(3, 1, 4, 4, 2, 4));
            RoundOpened first = federation.await(RoundOpened.class);
            answer(federation, first, A, B);
            RoundOpened second = federation.await(RoundOpened.class);
            assertThat(second.cohort()).containsExactly(A, B);
            federation.say(
                    Channel.SITES,
                    new Refusal(C, run, Refusal.Kind.FAILURE, List.of("the disk is full")),
                    new Refusal(D, run, Refusal.Kind.POLICY, List.of("no more")));
            federation.await(SiteRefused.class);
            federation.await(SiteRefused.class);
            answer(federation, second, A, B);
            RoundClosed closed = federation.await(RoundClosed.class);
            assertThat(closed.missing()).containsEntry(C, "the disk is full");
            assertThat(closed.atWork()).isEmpty();
            assertThat(federation.await(RoundOpened.class).cohort()).containsExactly(A, B, C);
        }
    }

    @Test
    void whatASiteSentBeforeItSaidGoodbyeCountsAndOneThatComesBackMayAnswerWhatItWasAsked(@TempDir Path runs)
            throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a", "b", "c");
            federation.submit(plan(2, 2, 3));
            RoundOpened first = federation.await(RoundOpened.class);
            answer(federation, first, A);
            federation.say(Channel.SITES, new Goodbye(A, Federation.SESSION), new Goodbye(C, Federation.SESSION));
            federation.await(SiteLeft.class);
            federation.await(SiteLeft.class);
            federation.aggregator().close();
            federation.start(federation.transport);
            answer(federation, first, B);
            RoundClosed closed = federation.await(RoundClosed.class);
            assertThat(answered(closed)).isEqualTo(Map.of(A, 1, B, 1));
            assertThat(closed.atWork()).containsExactly(C);

            federation.helloAs("c", "second-life");
            RoundOpened second = federation.await(RoundOpened.class);
            assertThat(second.cohort()).containsExactly(B);
            federation.send(Federation.frames(
                    Federation.contribution(first, C, "second-life", 1, Federation.update(C, 1, SIZE))));
            answer(federation, second, B);
            RoundClosed last = federation.await(RoundClosed.class);
            assertThat(answered(last)).isEqualTo(Map.of(B, 2, C, 1));
            assertThat(last.counted().get(1).session()).isEqualTo("second-life");
        }
    }

    @Test
    void aSiteThatSaysGoodbyeWithHalfAnAnswerSentIsWaitedForUntilItsDeadlineOnly(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a", "b", "c");
            federation.submit(plan(4, 2, 3));
            RoundOpened first = federation.await(RoundOpened.class);
            federation.send(answer(first, C, SIZE).subList(0, 1));
            federation.say(Channel.SITES, new Goodbye(C, Federation.SESSION));
            federation.await(SiteLeft.class);
            answer(federation, first, A, B);
            assertThat(federation.await(RoundClosed.class).atWork()).containsExactly(C);
            RoundOpened second = federation.await(RoundOpened.class);
            assertThat(second.contributionsFrom()).isEqualTo(first.contributionsFrom());
            federation.clock.advance(DEADLINE.minusSeconds(1));
            answer(federation, second, A, B);
            assertThat(federation.await(RoundClosed.class).atWork()).containsExactly(C);
            RoundOpened third = federation.await(RoundOpened.class);
            federation.clock.advance(Duration.ofSeconds(1));
            answer(federation, third, A, B);
            RoundClosed closed = federation.await(RoundClosed.class);
            assertThat(closed.atWork()).isEmpty();
            assertThat(closed.missing()).isEqualTo(Map.of(C, "its agent went away"));
            RoundOpened fourth = federation.await(RoundOpened.class);
            answer(federation, fourth, A, B);
            RoundOpened evaluation = federation.await(RoundOpened.class);
            assertThat(evaluation.contributionsFrom().hasReached(fourth.contributionsFrom()))
                    .isTrue();
            assertThat(evaluation.contributionsFrom()).isNotEqualTo(first.contributionsFrom());
        }
    }

    @Test
    void whatDidNotCountInOneRoundCountsInTheNextHoweverFastOthersAre(@TempDir Path runs) throws Exception {
        int rounds = 8;
        for (int partitions : new int[] {1, 4, 7}) {
            try (Federation federation = new Federation(Files.createTempDirectory(runs, "runs"), partitions, 1)) {
                federation.start(federation.transport);
                federation.hello("a", "b", "c", "d");
                federation.submit(plan(3, 1, rounds, 4, 3, 4));
                List<SiteId> atWork = List.of();
                for (int round = 1; round <= rounds; round++) {
                    RoundOpened opened = federation.await(RoundOpened.class);
                    List<Frame> all = new ArrayList<>();
                    opened.cohort().forEach(site -> all.addAll(answer(opened, site, SIZE)));
                    federation.send(all);
                    RoundClosed closed = federation.await(RoundClosed.class);
                    assertThat(answered(closed).keySet()).containsAll(atWork);
                    atWork = closed.atWork();
                    assertThat(atWork).hasSize(round < rounds ? 1 : 0);
                }
            }
        }
    }

    @Test
    void aSiteWhoseAgentWasKilledIsStillAtWork(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("a", "b", "c");
            federation.submit(plan(2, 2, 3));
            RoundOpened first = federation.await(RoundOpened.class);
            answer(federation, first, A, B);
            federation.await(RoundClosed.class);
            RoundOpened second = federation.await(RoundOpened.class);
            federation.helloAs("c", "second-life");
            federation.await(SiteJoined.class);
            List<Frame> once = Federation.frames(
                    Federation.contribution(first, C, "second-life", 1, Federation.update(C, 1, SIZE)));
            federation.send(once);
            federation.send(once);
            answer(federation, second, A);
            RoundClosed closed = federation.await(RoundClosed.class);
            assertThat(answered(closed)).isEqualTo(Map.of(A, 2, C, 1));
            assertThat(closed.missing()).isEqualTo(Map.of(B, "was still at work when the last round was over"));
            assertThat(federation.refused(Reason.DUPLICATE)).isEqualTo(2);
        }
    }

    @Test
    void whatArrivesWhileNoRoundIsOpenCountsInTheNextAlsoAfterARestart(@TempDir Path runs) throws Exception {
        for (boolean restart : new boolean[] {false, true}) {
            try (Federation federation = new Federation(Files.createTempDirectory(runs, "runs"), 2, 1)) {
                federation.start(federation.transport);
                federation.hello("a", "b", "c", "d");
                RunId run = federation.submit(plan(3, 1, 2, 4, 3, 4));
                RoundOpened first = federation.await(RoundOpened.class);
                answer(federation, first, A, B);
                federation.say(Channel.SITES, new Goodbye(A, Federation.SESSION), new Goodbye(B, Federation.SESSION));
                federation.await(SiteLeft.class);
                federation.await(SiteLeft.class);
                answer(federation, first, C);
                RoundClosed closed = federation.await(RoundClosed.class);
                assertThat(answered(closed)).isEqualTo(Map.of(A, 1, B, 1, C, 1));
                federation.awaitStatus(run, RunState.Status.WAITING_FOR_SITES);
                answer(federation, first, D);
                if (restart) {
                    federation.aggregator().close();
                    federation.start(federation.transport);
                }
                federation.hello("b");
                RoundOpened second = federation.await(RoundOpened.class);
                assertThat(second.cohort()).containsExactly(B, C);
                answer(federation, second, B, C);
                assertThat(answered(federation.await(RoundClosed.class))).isEqualTo(Map.of(B, 2, C, 2, D, 1));
                assertThat(federation.refused())
                        .as("after a restart what counted is read again, and passed over")
                        .isEqualTo(restart ? 6 : 0);
            }
        }
    }

    @Test
    void asManyAreAskedAsMakeTheConcurrencyWithThoseAtWork(@TempDir Path runs) throws Exception {
        String plan = plan(3, 1, 3, 4, 1, 2);
        List<List<SiteId>> drawn = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            try (Federation federation = new Federation(Files.createTempDirectory(runs, "runs"), 1, 1)) {
                federation.start(federation.transport);
                federation.hello("a", "b", "c", "d");
                federation.submit(plan);
                RoundOpened first = federation.await(RoundOpened.class);
                assertThat(first.cohort()).hasSize(2);
                answer(federation, first, first.cohort().get(0));
                RoundOpened second = federation.await(RoundOpened.class);
                assertThat(second.cohort())
                        .hasSize(1)
                        .doesNotContain(first.cohort().get(1));
                drawn.add(first.cohort());
                drawn.add(second.cohort());
            }
        }
        assertThat(drawn.subList(2, 4)).as("the run's seed decides").isEqualTo(drawn.subList(0, 2));
    }

    /**
     * Sites answer in any order, in pieces, some of them rounds later, and the aggregator is ended and started again in between:
     * each answer counts once, and the model is what the closings say.
     */
    @Test
    void whateverTheOrderEachAnswerCountsOnceAndTheModelIsWhatTheClosingsSay(@TempDir Path runs) throws Exception {
        int rounds = 12;
        String plan = plan(3, 1, rounds, 6, 3, 5);
        int mostSteps = 0;
        for (long seed = 1; seed <= 12; seed++) {
            var random = new SplittableRandom(seed);
            try (Federation federation =
                    new Federation(Files.createTempDirectory(runs, "runs"), 1 + random.nextInt(3), 2)) {
                federation.start(federation.transport);
                federation.hello("a", "b", "c", "d", "e", "f");
                federation.submit(plan);
                Optional<RunEnded> end = Optional.empty();
                List<List<Frame>> unsent = new ArrayList<>();
                while (end.isEmpty()) {
                    Optional<AggregatorMessage> next = federation.poll(Duration.ofMillis(10));
                    if (next.isPresent() && next.get() instanceof RunEnded ended) {
                        end = Optional.of(ended);
                    } else if (next.isPresent() && next.get() instanceof RoundOpened opened) {
                        if (opened.purpose() == Purpose.EVALUATE) {
                            evaluate(federation, opened);
                        } else {
                            opened.cohort().forEach(site -> unsent.add(answer(opened, site, SIZE)));
                        }
                    } else if (next.isEmpty() && !unsent.isEmpty()) {
                        sendSome(federation, unsent, random);
                    }
                    if (random.nextInt(12) == 0 && end.isEmpty()) {
                        federation.aggregator().close();
                        federation.start(federation.transport);
                    }
                }
                List<RoundClosed> closings = federation.journal().stream()
                        .filter(RoundClosed.class::isInstance)
                        .map(RoundClosed.class::cast)
                        .limit(rounds)
                        .toList();
                assertThat(closings).as("seed %s", seed).allSatisfy(closed -> {
                    assertThat(closed.outcome()).isEqualTo(RoundOutcome.COMPLETED);
                    assertThat(closed.counted()).hasSize(3);
                });
                List<Map<SiteId, Integer>> answered =
                        closings.stream().map(BufferedRoundsTest::answered).toList();
                List<String> all = answered.stream()
                        .flatMap(each -> each.entrySet().stream())
                        .map(Object::toString)
                        .toList();
                assertThat(all).as("seed %s", seed).doesNotHaveDuplicates();
                assertThat(end.get().model()).as("seed %s", seed).contains(byHand(plan, answered));
                for (RoundClosed closed : closings) {
                    for (Counted each : closed.counted()) {
                        mostSteps = Math.max(
                                mostSteps, each.staleness(closed.place().round()));
                    }
                }
            }
        }
        assertThat(mostSteps).isGreaterThan(2);
    }

    /** Whole answers, or a piece of one. */
    private static void sendSome(Federation federation, List<List<Frame>> unsent, SplittableRandom random)
            throws InterruptedException {
        List<Frame> frames = new ArrayList<>();
        for (int count = 1 + random.nextInt(3); count > 0 && !unsent.isEmpty(); count--) {
            List<Frame> answer = unsent.remove(random.nextInt(unsent.size()));
            int sent = random.nextInt(4) == 0 ? 1 : answer.size();
            frames.addAll(answer.subList(0, sent));
            if (sent < answer.size()) {
                unsent.add(answer.subList(sent, answer.size()));
            }
        }
        federation.send(frames);
    }
}

package dev.tacita.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.SiteId;
import dev.tacita.server.CrashingTransport.Moment;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.FencedException;
import dev.tacita.wire.Frame;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrashTest {
    private static final int ROUNDS = 3;
    private static final int SIZE = 132_496;
    private static final String PLAN = Federation.plan(363, 364, ROUNDS, 2, 3, Federation.FEDADAM);
    private static final String SHARING_PLAN = Federation.plan(30, 30, ROUNDS, 2, 3, Federation.SCAFFOLD);
    private static final int SHARING_SIZE = 2 * 930;
    private static final int MANY = 40;

    @ParameterizedTest
    @EnumSource(Moment.class)
    void anAggregatorThatDiesAtAnyMomentLeavesTheSameBits(Moment moment, @TempDir Path runs) throws Exception {
        dieAtEachMoment(PLAN, SIZE, moment, runs);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void whatIsSharedWithSitesSurvivesADeathAtAnyMoment(Moment moment, @TempDir Path runs) throws Exception {
        dieAtEachMoment(SHARING_PLAN, SHARING_SIZE, moment, runs);
    }

    private static void dieAtEachMoment(String plan, int size, Moment moment, Path runs) throws Exception {
        Hash expected = RoundsTest.byHand(plan, ROUNDS, List.of("a", "b", "c"));
        int crashes = 0;
        for (int number = 1; number <= MANY; number++) {
            Path directory = Files.createTempDirectory(runs, "runs");
            try (Federation federation = new Federation(directory, 2, 2)) {
                boolean crashed = runWithCrash(federation, plan, size, moment, number);
                String where = moment + " number " + number;
                List<AggregatorMessage> journal = federation.journal();
                RunEnded end = (RunEnded) journal.get(journal.size() - 1);
                assertThat(end.model()).as(where).contains(expected);
                assertThat(journal.stream().filter(RoundClosed.class::isInstance))
                        .as(where)
                        .hasSize(ROUNDS + 1);
                federation.end();
                assertThat(Files.readAllLines(directory.resolve("test-run-1/metrics.jsonl")))
                        .as(where)
                        .hasSize(ROUNDS + 1);
                assertThat(directory.resolve("test-run-1/report.html"))
                        .as(where)
                        .exists();
                if (!crashed) {
                    break;
                }
                crashes++;
            }
        }
        assertThat(crashes).as("crashes at " + moment).isBetween(3, MANY - 1);
    }

    /** Whether the moment came before the run ended. */
    private static boolean runWithCrash(Federation federation, String plan, int size, Moment moment, int number)
            throws Exception {
        federation.start(new CrashingTransport(federation.transport, moment, number));
        boolean crashed = false;
        boolean submitted = false;
        Set<Object> answered = new HashSet<>();
        List<RoundOpened> open = new ArrayList<>();
        federation.hello("a", "b", "c");
        while (true) {
            if (federation.aggregator().ended().isCompletedExceptionally()) {
                assertThat(crashed).as("it dies once").isFalse();
                crashed = true;
                federation.start(federation.transport);
            }
            if (!submitted) {
                submitted = submit(federation, plan);
            }
            for (RoundOpened round : List.copyOf(open)) {
                if (answered.add(round.place())) {
                    assertShared(federation, plan, round);
                    answerInTwoParts(federation, round, size);
                }
            }
            Optional<AggregatorMessage> next = federation.poll(Duration.ofMillis(5));
            if (next.isPresent() && next.get() instanceof RoundOpened round) {
                open.add(round);
            } else if (next.isPresent() && next.get() instanceof RunEnded) {
                // Died after the last commit: the next aggregator finishes the directory.
                Thread.sleep(50);
                if (federation.aggregator().ended().isCompletedExceptionally()) {
                    crashed = true;
                    federation.start(federation.transport);
                }
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

    /** What a round names beside its model is where models are, and is named where the algorithm shares something only. */
    private static void assertShared(Federation federation, String plan, RoundOpened round)
            throws InterruptedException {
        boolean shares = plan.equals(SHARING_PLAN) && round.purpose() == Purpose.TRAIN;
        assertThat(round.shared().isPresent()).as("%s", round.place()).isEqualTo(shares);
        if (shares) {
            Hash shared = round.shared().orElseThrow();
            float[] values = Models.read(federation.transport, shared, 930).orElseThrow();
            assertThat(Tensors.sha256(values)).isEqualTo(shared);
            boolean first = round.place().round() == 1;
            assertThat(Arrays.equals(values, new float[930])).isEqualTo(first);
        }
    }

    private static void answerInTwoParts(Federation federation, RoundOpened round, int size)
            throws InterruptedException {
        List<Frame> all = new ArrayList<>();
        for (SiteId site : round.cohort()) {
            all.addAll(Federation.frames(Federation.answer(round, site, size)));
        }
        int half = all.size() / 2;
        federation.send(all.subList(0, half));
        Thread.sleep(10);
        federation.send(all.subList(half, all.size()));
    }

    @Test
    void aSecondAggregatorTakesOverAndTheFirstEndsSayingSo(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            Aggregator first = federation.aggregator();
            federation.hello("a");
            federation.await(AggregatorMessage.SiteJoined.class);
            federation.start(federation.transport);
            federation.hello("b");
            var joined = federation.await(AggregatorMessage.SiteJoined.class);
            assertThat(joined.hello().site()).isEqualTo(new SiteId("b"));
            assertThat(first.ended())
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(FencedException.class);
            federation.assertAlive();
            first.close();
        }
    }
}

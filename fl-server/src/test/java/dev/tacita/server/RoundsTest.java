package dev.tacita.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.RoundMean;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.number.SeedStream;
import dev.tacita.server.RunState.Status;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunEnded.RunOutcome;
import dev.tacita.wire.Frame;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Tensors;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundsTest {
    private static final BigInteger MODULUS = BigInteger.TWO.pow(64);

    @ParameterizedTest
    @ValueSource(strings = {Federation.FEDAVG, Federation.FEDSGD})
    void theModelIsWhatTheUpdatesGiveByHand(String algorithm, @TempDir Path runs) throws Exception {
        String plan = Federation.plan(13, 1, 3, 2, 3, algorithm);
        try (Federation federation = Federation.started(runs)) {
            federation.hello("berlin", "basel", "wien");
            RunId run = federation.submit(plan);
            RunEnded end = answerUntilEnd(federation, 14);

            assertThat(run).isEqualTo(new RunId("test-run-1"));
            assertThat(end.outcome()).isEqualTo(RunOutcome.COMPLETED);
            assertThat(end.model()).contains(byHand(plan, 3, List.of("basel", "berlin", "wien")));
            assertThat(federation.refused()).isZero();
            federation.end();
            assertThat(federation.aggregator().status(run)).contains(Status.COMPLETED);
            assertThat(Files.readAllLines(runs.resolve("test-run-1/metrics.jsonl")))
                    .hasSize(4);
            assertThat(runs.resolve("test-run-1/report.html")).exists();
            assertThat(runs.resolve("test-run-1/model.safetensors")).exists();
        }
    }

    @Test
    void arrivalOrderThreadsAndPartitionsChangeNoBit(@TempDir Path runs) throws Exception {
        String plan = Federation.plan(363, 364, 2, 2, 5, Federation.FEDAVG);
        Hash expected = byHand(plan, 2, List.of("a", "b", "c", "d", "e"));
        for (int threads : new int[] {1, 8}) {
            for (int partitions : new int[] {1, 4}) {
                for (long seed = 1; seed <= 3; seed++) {
                    Path directory = Files.createTempDirectory(runs, "runs");
                    try (Federation federation = new Federation(directory, partitions, threads)) {
                        federation.start(federation.transport);
                        federation.hello("a", "b", "c", "d", "e");
                        federation.submit(plan);
                        RunEnded end = shuffledUntilEnd(federation, 132_496, seed);
                        assertThat(end.model())
                                .as("threads %s, partitions %s, seed %s", threads, partitions, seed)
                                .contains(expected);
                    }
                }
            }
        }
    }

    @Test
    void whatIsSharedIsWrittenWithEachRoundAlsoWhereItStaysTheSame(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("basel");
            federation.submit(
                    Federation.plan(3, 1, 3, 1, 1, Federation.FEDAVG.replace("fedavg:", "adafedprox:\n  mu: 0.5")));
            for (int round = 1; round <= 3; round++) {
                RoundOpened opened = federation.await(RoundOpened.class);
                assertThat(opened.shared()).contains(Tensors.sha256(new float[] {0.5f}));
                assertThat(federation.timesWritten(opened.shared().orElseThrow()))
                        .isEqualTo(round);
                float[] update = {0.1f, 0.2f, 0.3f, 0.4f, 1};
                federation.send(Federation.frames(
                        Federation.contribution(opened, new SiteId("basel"), Federation.SESSION, 1, update)));
            }
        }
    }

    @Test
    void runsExecuteOneAtATimeInTheOrderOfTheirSubmission(@TempDir Path runs) throws Exception {
        String plan = Federation.plan(3, 1, 1, 1, 1, Federation.FEDAVG);
        try (Federation federation = Federation.started(runs)) {
            RunId first = federation.submit(plan);
            RunId second = federation.submit(plan);
            assertThat(second).isEqualTo(new RunId("test-run-2"));
            assertThat(federation.aggregator().status(second)).contains(Status.QUEUED);
            federation.hello("basel");
            assertThat(federation.await(RoundOpened.class).place().run()).isEqualTo(first);
            federation.aggregator().stop(first).join();
            RoundOpened opened = federation.await(RoundOpened.class);
            assertThat(opened.place().run()).isEqualTo(second);
            assertThat(federation.aggregator().status(first)).contains(Status.STOPPED);
            federation.answerAll(opened, 4);
            assertThat(answerUntilEnd(federation, 4).outcome()).isEqualTo(RunOutcome.COMPLETED);
        }
    }

    @Test
    void anUpdateThatMakesTheModelInfiniteEndsTheRunWithTheReason(@TempDir Path runs) throws Exception {
        String plan = Federation.plan(3, 1, 5, 1, 1, "fedsgd:\n  learning-rate: 3.0e+38");
        try (Federation federation = Federation.started(runs)) {
            federation.hello("basel");
            federation.submit(plan);
            RoundOpened round = federation.await(RoundOpened.class);
            federation.send(Federation.frames(Federation.contribution(
                    round, new SiteId("basel"), Federation.SESSION, 1, new float[] {50, 50, 50, 50})));
            RunEnded end = federation.await(RunEnded.class);
            assertThat(end.outcome()).isEqualTo(RunOutcome.FAILED);
            assertThat(end.reason()).contains("finite").contains("diverged");
            federation.assertAlive();
        }
    }

    @Test
    void theLastRoundAsksEverySiteForTestMetrics(@TempDir Path runs) throws Exception {
        String plan = Federation.plan(3, 1, 1, 1, 2, Federation.FEDAVG) + "cohort-fraction: 0.5\n";
        try (Federation federation = Federation.started(runs)) {
            federation.hello("basel", "wien");
            federation.submit(plan);
            RoundOpened train = federation.await(RoundOpened.class);
            assertThat(train.cohort()).hasSize(1);
            federation.answerAll(train, 4);
            RoundOpened evaluation = federation.await(RoundOpened.class);
            assertThat(evaluation.purpose()).isEqualTo(Purpose.EVALUATE);
            assertThat(evaluation.place().round()).isEqualTo(2);
            assertThat(evaluation.cohort()).containsExactly(new SiteId("basel"), new SiteId("wien"));
        }
    }

    static RunEnded answerUntilEnd(Federation federation, int size) throws InterruptedException {
        while (true) {
            var next = federation.await(
                    dev.tacita.wire.AggregatorMessage.class,
                    message -> message instanceof RoundOpened || message instanceof RunEnded);
            if (next instanceof RunEnded end) {
                return end;
            }
            federation.answerAll((RoundOpened) next, size);
        }
    }

    private static RunEnded shuffledUntilEnd(Federation federation, int size, long seed) throws InterruptedException {
        var random = new SplittableRandom(seed);
        while (true) {
            var next = federation.await(
                    dev.tacita.wire.AggregatorMessage.class,
                    message -> message instanceof RoundOpened || message instanceof RunEnded);
            if (next instanceof RunEnded end) {
                return end;
            }
            RoundOpened round = (RoundOpened) next;
            List<List<Frame>> senders = new ArrayList<>();
            for (SiteId site : round.cohort()) {
                senders.add(Federation.frames(Federation.answer(round, site, size)));
            }
            federation.send(Federation.interleaved(senders, random));
        }
    }

    /** The slow oracle: every number as an exact decimal or integer. */
    static Hash byHand(String text, int rounds, List<String> sites) {
        RunPlan plan = Plans.read(text);
        ServerState state = ServerState.first(
                plan.algorithm(),
                plan.model().layout().initialValues(SeedStream.of(plan.seed()).derive("initial-parameters")));
        for (int round = 1; round <= rounds; round++) {
            BigInteger[] sum = new BigInteger[plan.algorithm().contributionSize(state.parameters().length)];
            java.util.Arrays.fill(sum, BigInteger.ZERO);
            long total = 0;
            for (String name : sites) {
                SiteId site = new SiteId(name);
                float[] update = Federation.update(site, round, sum.length);
                BigInteger weight = BigInteger.valueOf(Federation.weight(site));
                total += Federation.weight(site);
                for (int i = 0; i < sum.length; i++) {
                    sum[i] = sum[i].add(word(update[i]).multiply(weight)).mod(MODULUS);
                }
            }
            double[] mean = new double[sum.length];
            for (int i = 0; i < sum.length; i++) {
                mean[i] = plan.encoding().mean(sum[i].longValue(), total);
            }
            state = plan.algorithm().step(state, RoundMean.ofAll(mean, round, sites.size()));
        }
        return Tensors.sha256(state.parameters());
    }

    static BigInteger word(float value) {
        return new BigDecimal(value)
                .multiply(BigDecimal.valueOf(2).pow(32), MathContext.UNLIMITED)
                .setScale(0, RoundingMode.HALF_EVEN)
                .toBigIntegerExact();
    }

    static Optional<Hash> model(Federation federation, RunId run) {
        return federation.aggregator().state().run(run).flatMap(RunState::model);
    }
}

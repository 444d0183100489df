package dev.tacita.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.Channel;
import dev.tacita.wire.ElementType;
import dev.tacita.wire.Frame;
import dev.tacita.wire.Message;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.RefusedMessageException.Reason;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage.ContributionChunk;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.SiteMessage.Goodbye;
import dev.tacita.wire.SiteMessage.Refusal;
import dev.tacita.wire.TensorChunk;
import dev.tacita.wire.TensorHeader;
import dev.tacita.wire.Tensors;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadMessagesTest {
    private static final SiteId A = new SiteId("a");
    private static final SiteId B = new SiteId("b");
    private static final int SMALL = 4;
    private static final int LARGE = 132_496;
    private static final String SMALL_PLAN = Federation.plan(3, 1, 2, 2, 2, Federation.FEDAVG);
    private static final String LARGE_PLAN = Federation.plan(363, 364, 1, 2, 2, Federation.FEDAVG);

    private static RoundOpened opened(Federation federation, String plan) throws InterruptedException {
        federation.hello("a", "b");
        federation.submit(plan);
        return federation.await(RoundOpened.class);
    }

    private static void awaitRefusals(Federation federation, double count) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (federation.refused() < count && System.nanoTime() < until) {
            Thread.sleep(5);
        }
        assertThat(federation.refused()).isEqualTo(count);
    }

    private static void assertRefused(Federation federation, Reason reason, Message... messages) throws Exception {
        assertRefused(federation, reason, Federation.frames(List.of(messages)));
    }

    private static void assertRefused(Federation federation, Reason reason, List<Frame> frames) throws Exception {
        double before = federation.refused(reason);
        federation.send(frames);
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (federation.refused(reason) == before && System.nanoTime() < until) {
            Thread.sleep(2);
        }
        assertThat(federation.refused(reason)).as(reason.name()).isEqualTo(before + 1);
    }

    private static void assertEndsAsIfNothingHadBeen(Federation federation, RoundOpened round, int size, String plan)
            throws InterruptedException {
        federation.answerAll(round, size);
        RunEnded end = RoundsTest.answerUntilEnd(federation, size);
        int rounds = Plans.read(plan).rounds();
        assertThat(end.model()).contains(RoundsTest.byHand(plan, rounds, List.of("a", "b")));
        federation.assertAlive();
    }

    private static ContributionHeader changed(ContributionHeader h, RoundKey place, SiteId site, long weight) {
        return new ContributionHeader(
                place,
                site,
                h.session(),
                h.protection(),
                weight,
                h.tensor(),
                h.training(),
                h.validation(),
                h.test(),
                h.seconds(),
                h.epsilon());
    }

    @Test
    void aContributionWithoutWhatTheAlgorithmAddsIsRefusedByName(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            RoundOpened round = opened(federation, Federation.plan(3, 1, 2, 2, 2, Federation.SCAFFOLD));
            for (int size : new int[] {SMALL, 2 * SMALL - 1, 2 * SMALL + 1}) {
                assertRefused(
                        federation,
                        Reason.WRONG_SHAPE,
                        Federation.header(round, A, "s", 1, Optional.of(Tensors.header(new float[size]))));
            }
            federation.answerAll(round, 2 * SMALL);
            assertThat(federation.await(RoundClosed.class).counted()).hasSize(2);
        }
    }

    /** Each would leave the step of the round without a result if the sum held nothing else. */
    @Test
    void whatASiteAddsToAnUpdateKeepsTheAlgorithmsRule(@TempDir Path runs) throws Exception {
        String training = "{epochs: 1, batch-size: 10, optimizer: {sgd: {learning-rate: 0.1}}";
        Map<String, float[]> lies = Map.of(
                "fednova: " + training + "}",
                new float[] {0, 0, 0, 0, 0},
                "qfedavg: " + training + ", q: 1}",
                new float[] {0, 0, 0, 0, -1e-6f},
                "newton-raphson: {}",
                new float[] {0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 0, 1, 0, 0, 0, 1});
        for (Map.Entry<String, float[]> lie : lies.entrySet()) {
            boolean newton = lie.getKey().startsWith("newton");
            String plan = Federation.plan(3, 1, 2, 2, 2, lie.getKey());
            float[] honest = lie.getValue().clone();
            honest[honest.length - 1] = 1;
            if (newton) {
                plan = plan.replace("mean-squared-error", "binary-cross-entropy-with-logits");
                honest[11] = 0;
            }
            try (Federation federation =
                    Federation.started(runs.resolve(newton ? "n" : lie.getKey().substring(0, 3)))) {
                RoundOpened round = opened(federation, plan);
                assertRefused(
                        federation,
                        Reason.NOT_ENCODABLE,
                        Federation.contribution(round, A, "s", 1, lie.getValue())
                                .toArray(Message[]::new));
                for (SiteId site : round.cohort()) {
                    federation.send(Federation.frames(Federation.contribution(round, site, "t", 1, honest)));
                }
                assertThat(federation.await(RoundClosed.class).counted()).hasSize(2);
                assertThat(federation.await(RoundOpened.class).place().round()).isEqualTo(2);
            }
        }
    }

    @Test
    void whereSitesCountAlikeNoneCountsMore(@TempDir Path runs) throws Exception {
        String plan =
                Federation.plan(3, 1, 2, 2, 2, Federation.SCAFFOLD.replace("weighting: examples", "weighting: alike"));
        try (Federation federation = Federation.started(runs)) {
            RoundOpened round = opened(federation, plan);
            assertRefused(
                    federation,
                    Reason.NOT_ENCODABLE,
                    Federation.header(round, A, "s", 2, Optional.of(Tensors.header(new float[2 * SMALL]))));
        }
    }

    @Test
    void eachBrokenRuleIsRefusedByItsName(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            RoundOpened round = opened(federation, SMALL_PLAN);
            float[] values = Federation.update(A, 1, SMALL);
            List<Message> good = Federation.contribution(round, A, "s", 10, values);
            var header = (ContributionHeader) good.get(0);
            var chunk = (ContributionChunk) good.get(1);

            assertRefused(federation, Reason.UNKNOWN_RUN, changed(header, new RoundKey(new RunId("x"), 1, 1), A, 10));
            assertRefused(
                    federation,
                    Reason.OUT_OF_ORDER,
                    changed(header, new RoundKey(round.place().run(), 2, 1), A, 10));
            assertRefused(
                    federation,
                    Reason.OUT_OF_ORDER,
                    changed(header, new RoundKey(round.place().run(), 1, 2), A, 10));
            assertRefused(federation, Reason.NOT_IN_COHORT, changed(header, round.place(), new SiteId("thief"), 10));
            assertRefused(federation, Reason.NOT_ENCODABLE, changed(header, round.place(), A, 33_554_432));
            assertRefused(federation, Reason.OUT_OF_ORDER, chunk);
            assertRefused(
                    federation,
                    Reason.WRONG_SHAPE,
                    Federation.header(round, A, "s", 10, Optional.of(Tensors.header(new float[SMALL + 1]))));
            var words = new TensorHeader(
                    ElementType.INT32, SMALL, header.tensor().orElseThrow().chunks());
            assertRefused(federation, Reason.WRONG_SHAPE, Federation.header(round, A, "s", 10, Optional.of(words)));
            assertRefused(federation, Reason.WRONG_SHAPE, Federation.header(round, A, "s", 10, Optional.empty()));

            var wrong = new TensorChunk(0, ByteBuffer.allocate(SMALL * Float.BYTES));
            assertRefused(federation, Reason.WRONG_HASH, header, new ContributionChunk(round.place(), A, "s", wrong));
            var half = new TensorChunk(0, ByteBuffer.allocate(SMALL * Float.BYTES / 2));
            assertRefused(federation, Reason.WRONG_SHAPE, header, new ContributionChunk(round.place(), A, "s", half));
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 64.1f}) {
                float[] no = values.clone();
                no[SMALL - 1] = bad;
                assertRefused(
                        federation,
                        Reason.NOT_ENCODABLE,
                        Federation.contribution(round, A, "s", 10, no).toArray(Message[]::new));
            }
            assertRefused(federation, Reason.UNKNOWN_KIND, new Goodbye(A, "s"));
            assertThat(federation.refused()).isEqualTo(15);
            assertEndsAsIfNothingHadBeen(federation, round, SMALL, SMALL_PLAN);
        }
    }

    @Test
    void brokenEnvelopesAreRefusedByTheirName(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            RoundOpened round = opened(federation, SMALL_PLAN);
            Frame good = MessageCodec.encode(
                    Federation.contribution(round, A, "s", 10, new float[SMALL]).get(0));
            assertRefused(federation, Reason.NOT_A_MESSAGE, List.of(changed(good, 0, (byte) 'X')));
            assertRefused(federation, Reason.UNKNOWN_VERSION, List.of(changed(good, 4, (byte) 99)));
            assertRefused(federation, Reason.UNKNOWN_KIND, List.of(changed(good, 5, (byte) 99)));
            assertRefused(federation, Reason.UNKNOWN_VERSION, List.of(changed(good, 6, (byte) 99)));
            assertRefused(federation, Reason.OVERSIZE, List.of(changed(good, 15, (byte) 0x7f)));
            byte[] bytes = bytes(good);
            assertRefused(federation, Reason.TRUNCATED, List.of(frame(good, java.util.Arrays.copyOf(bytes, 40))));
            assertEndsAsIfNothingHadBeen(federation, round, SMALL, SMALL_PLAN);
        }
    }

    private static byte[] bytes(Frame frame) {
        byte[] bytes = new byte[frame.bytes().remaining()];
        frame.bytes().duplicate().get(bytes);
        return bytes;
    }

    private static Frame frame(Frame like, byte[] bytes) {
        return new Frame(like.key(), like.headers(), ByteBuffer.wrap(bytes));
    }

    private static Frame changed(Frame good, int at, byte to) {
        byte[] bytes = bytes(good);
        bytes[at] = to;
        return frame(good, bytes);
    }

    @Test
    void duplicatesLateAndStaleContributionsCountOnce(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            RoundOpened first = opened(federation, SMALL_PLAN);
            List<Frame> a = Federation.frames(Federation.answer(first, A, SMALL));
            List<Frame> b = Federation.frames(Federation.answer(first, B, SMALL));
            federation.send(a);
            federation.send(a);
            federation.send(b);
            awaitRefusals(federation, a.size());
            assertThat(federation.refused(Reason.DUPLICATE)).isEqualTo(a.size());
            RoundOpened second = federation.await(RoundOpened.class);
            federation.send(b);
            awaitRefusals(federation, 2.0 * a.size());
            assertThat(federation.refused(Reason.DUPLICATE)).isEqualTo(2 * a.size());

            federation.send(Federation.frames(Federation.answer(second, A, SMALL)));
            Thread.sleep(100);
            federation.send(Federation.frames(Federation.answer(second, B, SMALL)));
            RoundOpened evaluation = federation.await(RoundOpened.class);
            federation.send(a);
            awaitRefusals(federation, 3.0 * a.size());
            assertThat(federation.refused(Reason.STALE)).isEqualTo(a.size());

            federation.send(Federation.frames(Federation.answer(evaluation, A, SMALL)));
            Thread.sleep(100);
            federation.clock.advance(Duration.ofSeconds(60));
            RoundClosed closed =
                    federation.await(RoundClosed.class, it -> it.place().equals(evaluation.place()));
            assertThat(closed.counted()).hasSize(1);
            federation.hello("b");
            RoundOpened again = federation.await(RoundOpened.class);
            assertThat(again.place().attempt()).isEqualTo(2);
            federation.send(Federation.frames(Federation.answer(evaluation, B, SMALL)));
            awaitRefusals(federation, 3.0 * a.size() + 1);
            assertThat(federation.refused(Reason.LATE)).isEqualTo(1);
            federation.answerAll(again, SMALL);
            assertThat(federation.await(RunEnded.class).model())
                    .contains(RoundsTest.byHand(SMALL_PLAN, 2, List.of("a", "b")));
        }
    }

    @Test
    void aContributionThatGoesBadInItsLastChunkLeavesTheSumExact(@TempDir Path runs) throws Exception {
        for (boolean hash : new boolean[] {true, false}) {
            try (Federation federation = new Federation(runs, 2, 2)) {
                federation.start(federation.transport);
                RoundOpened round = opened(federation, LARGE_PLAN);
                float[] bad = Federation.update(A, 1, LARGE);
                bad[LARGE - 1] = hash ? bad[LARGE - 1] : Float.NaN;
                List<Message> messages = new ArrayList<>(Federation.contribution(round, A, "s", 77, bad));
                if (hash) {
                    var last = (ContributionChunk) messages.get(messages.size() - 1);
                    ByteBuffer other = ByteBuffer.allocate(last.chunk().bytes().remaining());
                    messages.set(
                            messages.size() - 1,
                            new ContributionChunk(
                                    round.place(),
                                    A,
                                    "s",
                                    new TensorChunk(last.chunk().index(), other)));
                }
                federation.send(Federation.frames(messages));
                awaitRefusals(federation, 1);
                assertThat(federation.refused(hash ? Reason.WRONG_HASH : Reason.NOT_ENCODABLE))
                        .isEqualTo(1);
                assertEndsAsIfNothingHadBeen(federation, round, LARGE, LARGE_PLAN);
                assertThat(federation.meters.counter("tacita.sums.rebuilt").count())
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void aContributionCutOffByARestartedAgentLeavesTheSumExact(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            RoundOpened round = opened(federation, LARGE_PLAN);
            List<Frame> cut = Federation.frames(
                    Federation.contribution(round, A, "earlier-life", 5, Federation.update(B, 9, LARGE)));
            federation.send(cut.subList(0, 2));
            Thread.sleep(100);
            assertEndsAsIfNothingHadBeen(federation, round, LARGE, LARGE_PLAN);
            assertThat(federation.meters.counter("tacita.sums.rebuilt").count()).isEqualTo(1);
            assertThat(federation.refused()).isZero();
        }
    }

    @Test
    void aContributionThatIsIncompleteAtTheDeadlineLeavesTheSumExact(@TempDir Path runs) throws Exception {
        String plan = Federation.plan(363, 364, 1, 1, 2, Federation.FEDAVG);
        try (Federation federation = Federation.started(runs)) {
            RoundOpened round = opened(federation, plan);
            List<Frame> cut = Federation.frames(Federation.answer(round, A, LARGE));
            federation.send(cut.subList(0, cut.size() - 1));
            federation.send(Federation.frames(Federation.answer(round, B, LARGE)));
            Thread.sleep(300);
            federation.clock.advance(Duration.ofSeconds(60));
            RoundClosed closed = federation.await(RoundClosed.class);
            assertThat(closed.missing()).isEqualTo(Map.of(A, "sent only part of it by the deadline"));
            assertThat(closed.model()).isEqualTo(RoundsTest.byHand(plan, 1, List.of("b")));
        }
    }

    @Test
    void tenThousandMessagesOfRandomBytesChangeNothing(@TempDir Path runs) throws Exception {
        long seed = 20260301;
        var random = new SplittableRandom(seed);
        try (Federation federation = new Federation(runs, 3, 2)) {
            federation.start(federation.transport);
            RoundOpened round = opened(federation, LARGE_PLAN);
            List<Frame> good = new ArrayList<>();
            for (SiteId site : round.cohort()) {
                good.addAll(Federation.frames(Federation.answer(round, site, LARGE)));
            }
            Frame sample = MessageCodec.encode(Federation.header(round, new SiteId("c"), "s", 1, Optional.empty()));
            Frame refusal = MessageCodec.encode(
                    new Refusal(new SiteId("c"), round.place().run(), Refusal.Kind.FAILURE, List.of("no")));
            int sent = 0;
            for (Frame each : good) {
                for (int i = 0; i < 10_000 / good.size() + 1; i++) {
                    boolean contribution = random.nextBoolean();
                    Frame junk = junk(contribution ? sample : refusal, random);
                    federation.transport.append(contribution ? Channel.CONTRIBUTIONS : Channel.SITES, List.of(junk));
                    sent++;
                }
                federation.send(List.of(each));
            }
            assertThat(sent).isGreaterThanOrEqualTo(10_000);
            RunEnded end = RoundsTest.answerUntilEnd(federation, LARGE);
            assertThat(end.model()).as("seed %s", seed).contains(RoundsTest.byHand(LARGE_PLAN, 1, List.of("a", "b")));
            awaitRefusals(federation, sent);
            federation.assertAlive();
            assertThat(federation.meters.counter("tacita.errors.unexpected").count())
                    .as("seed %s", seed)
                    .isZero();
        }
    }

    /** Random bytes, or a message of a site that was not asked with some of its bytes changed or cut off. */
    private static Frame junk(Frame like, RandomGenerator random) {
        byte[] bytes = bytes(like);
        switch (random.nextInt(3)) {
            case 0 -> {
                bytes = new byte[random.nextInt(2000)];
                random.nextBytes(bytes);
            }
            case 1 -> bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
            default -> {
                for (int i = random.nextInt(8); i >= 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
            }
        }
        return frame(like, bytes);
    }
}

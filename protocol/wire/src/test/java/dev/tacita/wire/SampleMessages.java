package dev.tacita.wire;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Protection;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** One message of each kind, the one whose bytes are kept; and more that differ in what is optional. */
final class SampleMessages {
    static final RunId RUN = new RunId("heart-1");
    static final SiteId BASEL = new SiteId("basel");
    static final SiteId CLEVELAND = new SiteId("cleveland");
    static final Instant AT = Instant.parse("2026-03-01T12:30:15.123456Z");
    static final RoundKey PLACE = new RoundKey(RUN, 3, 1);
    static final float[] VALUES = {1, -2.5f, 0.1f};
    static final Hash MODEL = Tensors.sha256(VALUES);
    static final Hash SHARED = Tensors.sha256(new float[] {0.5f, -0.25f});

    private static final Evaluation EVALUATION = new Evaluation(120, 60.25, 99);
    private static final Position SITES_READ = new Position(List.of(17L));
    private static final SiteMessage.Hello HELLO = new SiteMessage.Hello(
            BASEL,
            "s-1",
            "0.1.0",
            List.of(
                    new SiteMessage.DatasetOffer(
                            "heart", Optional.of(242L), Optional.of(Map.of("healthy", 130L, "ill", 112L))),
                    new SiteMessage.DatasetOffer("scans", Optional.empty(), Optional.empty())));
    private static final SiteMessage.Refusal REFUSAL = new SiteMessage.Refusal(
            BASEL, RUN, SiteMessage.Refusal.Kind.POLICY, List.of("the cohort must be >= 3. Provided value: 2"));

    private SampleMessages() {}

    static List<Message> ofEachKind() {
        return List.of(
                HELLO,
                new SiteMessage.Goodbye(BASEL, "s-1"),
                REFUSAL,
                new SiteMessage.ContributionHeader(
                        PLACE,
                        BASEL,
                        "s-1",
                        Protection.PLAIN,
                        242,
                        Optional.of(Tensors.header(VALUES)),
                        Optional.of(EVALUATION),
                        Optional.empty(),
                        Optional.empty(),
                        1.5,
                        OptionalDouble.of(0.75)),
                new SiteMessage.ContributionChunk(PLACE, BASEL, "s-1", Tensors.chunk(VALUES, 0)),
                new AggregatorMessage.SiteJoined(HELLO, SITES_READ, AT),
                new AggregatorMessage.SiteLeft(BASEL, "s-1", "did not answer in time", SITES_READ, AT),
                new AggregatorMessage.RunOpened(RUN, "run: heart-1\nrounds: 15\n", "0.1.0", AT),
                new AggregatorMessage.SiteRefused(REFUSAL, SITES_READ, AT),
                new AggregatorMessage.RoundOpened(
                        PLACE,
                        AggregatorMessage.Purpose.TRAIN,
                        List.of(BASEL, CLEVELAND),
                        MODEL,
                        2,
                        AT.plusSeconds(60),
                        new Position(List.of(0L, 17L, 70_000L, 5_000_000_000L)),
                        AT,
                        3,
                        Optional.of(SHARED)),
                new AggregatorMessage.RoundClosed(
                        PLACE,
                        AggregatorMessage.RoundClosed.RoundOutcome.BELOW_QUORUM,
                        List.of(new AggregatorMessage.Counted(
                                BASEL,
                                "s-1",
                                242,
                                Optional.of(EVALUATION),
                                Optional.empty(),
                                Optional.empty(),
                                1.5,
                                OptionalDouble.of(0.75),
                                Optional.of(new AggregatorMessage.EarlierRound(2, 1)))),
                        Map.of(CLEVELAND, "did not answer in time", new SiteId("zurich"), "failed"),
                        MODEL,
                        6_653_480,
                        AT,
                        OptionalDouble.of(1.25),
                        Optional.of(SHARED),
                        List.of(new SiteId("geneva"))),
                new AggregatorMessage.RunPaused(RUN, "below the quorum 3 times", AT),
                new AggregatorMessage.RunResumed(RUN, AT),
                new AggregatorMessage.RunEnded(
                        RUN,
                        AggregatorMessage.RunEnded.RunOutcome.COMPLETED,
                        "all rounds are done",
                        Optional.of(MODEL),
                        AT),
                new AggregatorMessage.ModelHeader(MODEL, Tensors.header(VALUES)),
                new AggregatorMessage.ModelChunk(MODEL, Tensors.chunk(VALUES, 0)),
                new SiteMessage.StageAnswer(PLACE, BASEL, "s-1", Stage.INPUTS, 2, bytes(1, 0x2a)),
                new AggregatorMessage.StageOpened(
                        PLACE,
                        Stage.SHARES,
                        List.of(
                                new AggregatorMessage.StageAnswered(BASEL, MODEL),
                                new AggregatorMessage.StageAnswered(CLEVELAND, MODEL)),
                        AT.plusSeconds(30),
                        AT),
                new AggregatorMessage.StageMessage(PLACE, Stage.INPUTS, Optional.of(BASEL), bytes(0, 0x2b)),
                new AggregatorMessage.RoundSummed(
                        PLACE, 3, 2, 650, Optional.of(EVALUATION), Optional.empty(), Optional.empty(), 1e-6));
    }

    private static TensorChunk bytes(int index, int value) {
        return new TensorChunk(index, ByteBuffer.wrap(new byte[] {(byte) value, 0, (byte) 0xff}));
    }

    static List<Message> others() {
        return List.of(
                new SiteMessage.Hello(BASEL, "", "0.1.0", List.of()),
                new SiteMessage.ContributionHeader(
                        PLACE,
                        BASEL,
                        "Sitzung \u00fc \ud83c\udfe5",
                        Protection.PLAIN,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Evaluation(1, 1e100, 0)),
                        Double.MIN_VALUE,
                        OptionalDouble.empty()),
                new SiteMessage.ContributionChunk(
                        new RoundKey(RUN, Integer.MAX_VALUE, Integer.MAX_VALUE),
                        BASEL,
                        "s",
                        new TensorChunk(Integer.MAX_VALUE, ByteBuffer.allocate(TensorHeader.CHUNK_BYTES))),
                new AggregatorMessage.RunResumed(RUN, Instant.parse("2026-03-01T12:30:15.123456789Z")),
                new AggregatorMessage.RunResumed(RUN, Instant.EPOCH),
                new AggregatorMessage.StageMessage(PLACE, Stage.KEYS, Optional.empty(), bytes(0, 1)),
                new AggregatorMessage.RoundSummed(
                        PLACE, 2, 2, 0, Optional.empty(), Optional.empty(), Optional.of(EVALUATION), 0),
                new AggregatorMessage.RunEnded(
                        RUN, AggregatorMessage.RunEnded.RunOutcome.FAILED, "no site", Optional.empty(), AT));
    }
}

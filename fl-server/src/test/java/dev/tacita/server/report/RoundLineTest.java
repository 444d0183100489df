package dev.tacita.server.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.EarlierRound;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RoundSummed;
import dev.tacita.wire.Hash;
import dev.tacita.wire.RoundKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RoundLineTest {
    private static final Instant OPENED = Instant.parse("2026-03-14T09:15:00Z");
    private static final Optional<Evaluation> NOTHING = Optional.empty();

    private static Counted site(String name, Optional<Evaluation> training, Optional<Evaluation> validation) {
        return new Counted(new SiteId(name), "s1", 100, training, validation, NOTHING, 0.25, OptionalDouble.empty());
    }

    private static RoundLine line(Purpose purpose, boolean classifies, RoundOutcome outcome, List<Counted> counted) {
        return new RoundLine(
                new RoundKey(new RunId("demo"), 7, outcome == RoundOutcome.COMPLETED ? 1 : 2),
                15,
                purpose,
                classifies,
                outcome,
                3,
                counted,
                new TreeMap<>(Map.of(new SiteId("c"), "no answer \"in time\"\n")),
                Hash.of(new byte[32]),
                1_234_567,
                OPENED,
                OPENED.plusMillis(812),
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty());
    }

    private static Optional<Evaluation> of(long examples, double lossSum, long correct) {
        return Optional.of(new Evaluation(examples, lossSum, correct));
    }

    private final RoundLine usual = line(
            Purpose.TRAIN,
            true,
            RoundOutcome.COMPLETED,
            List.of(site("b", of(100, 30, 90), of(20, 8, 18)), site("a", of(300, 55.36, 270), of(60, 12, 58))));

    @Test
    void theTextSaysWhatARoundGave() {
        assertThat(usual.text()).isEqualTo("round  7/15  loss 0.2134  accuracy 0.9500  sites 2/3  1.2 MB  0.8 s");
    }

    @Test
    void theTextOfARoundBelowItsQuorumSaysSo() {
        assertThat(line(Purpose.TRAIN, true, RoundOutcome.BELOW_QUORUM, List.of())
                        .text())
                .isEqualTo("round  7/15  attempt 2  below quorum  sites 0/3  1.2 MB  0.8 s");
    }

    @Test
    void accuracyFallsBackToTrainingRows() {
        RoundLine line =
                line(Purpose.TRAIN, true, RoundOutcome.COMPLETED, List.of(site("a", of(10, 5, 8), of(0, 0, 0))));
        assertThat(line.validation()).isEmpty();
        assertThat(line.accuracy()).hasValue(0.8);
    }

    @Test
    void regressionHasNoAccuracy() {
        RoundLine line =
                line(Purpose.TRAIN, false, RoundOutcome.COMPLETED, List.of(site("a", of(10, 5, 0), of(2, 1, 0))));
        assertThat(line.accuracy()).isEmpty();
        assertThat(line.text()).isEqualTo("round  7/15  loss 0.5000  sites 1/3  1.2 MB  0.8 s");
        assertThat(line.toJson()).doesNotContain("accuracy");
    }

    @Test
    void metricsThatNobodySharesAreADash() {
        RoundLine line = line(Purpose.EVALUATE, true, RoundOutcome.COMPLETED, List.of(site("a", NOTHING, NOTHING)));
        assertThat(line.text()).isEqualTo("final test  loss -  accuracy -  sites 1/3  1.2 MB  0.8 s");
    }

    @Test
    void jsonIsOneLineThatReadsBack() {
        assertThat(usual.toJson()).doesNotContain("\n");
        assertThat(RoundLine.parse(usual.toJson())).isEqualTo(usual);
        for (RoundLine line : SampleHistory.hostile().history().lines()) {
            assertThat(RoundLine.parse(line.toJson())).isEqualTo(line);
        }
    }

    @Test
    void jsonSaysWhichRoundALateSiteAnswers() {
        Counted late = new Counted(
                new SiteId("a"),
                "s1",
                1,
                NOTHING,
                NOTHING,
                NOTHING,
                0.25,
                OptionalDouble.empty(),
                Optional.of(new EarlierRound(5, 2)));
        RoundLine line = line(Purpose.TRAIN, true, RoundOutcome.COMPLETED, List.of(late, site("b", NOTHING, NOTHING)));
        assertThat(line.toJson()).containsOnlyOnce("\"answers\":{\"round\":5,\"attempt\":2,\"staleness\":2}");
        assertThat(RoundLine.parse(line.toJson())).isEqualTo(line);
    }

    @Test
    void jsonKeepsLossesThatAreNoNumbers() {
        for (double loss : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1e308}) {
            RoundLine line =
                    line(Purpose.TRAIN, true, RoundOutcome.COMPLETED, List.of(site("a", of(1, loss, 0), NOTHING)));
            assertThat(RoundLine.parse(line.toJson())).isEqualTo(line);
        }
    }

    @Test
    void versionOneIsWrittenAsItAlwaysWas() {
        assertThat(usual.toJson())
                .isEqualTo(
                        "{\"format\":1,\"run\":\"demo\",\"round\":7,\"rounds\":15,\"attempt\":1,\"purpose\":\"train\","
                                + "\"classifies\":true,\"outcome\":\"completed\",\"asked\":3,\"answered\":2,"
                                + "\"training\":{\"examples\":400,\"loss\":0.2134,\"accuracy\":0.9,\"loss-sum\":85.36,\"correct\":360},"
                                + "\"validation\":{\"examples\":80,\"loss\":0.25,\"accuracy\":0.95,\"loss-sum\":20.0,\"correct\":76},"
                                + "\"bytes\":1234567,\"seconds\":0.812,\"opened\":\"2026-03-14T09:15:00Z\","
                                + "\"closed\":\"2026-03-14T09:15:00.812Z\",\"model\":\"" + "0".repeat(64)
                                + "\",\"sites\":["
                                + "{\"site\":\"a\",\"session\":\"s1\",\"weight\":100,\"seconds\":0.25,"
                                + "\"training\":{\"examples\":300,\"loss\":0.18453333333333333,\"accuracy\":0.9,\"loss-sum\":55.36,\"correct\":270},"
                                + "\"validation\":{\"examples\":60,\"loss\":0.2,\"accuracy\":0.9666666666666667,\"loss-sum\":12.0,\"correct\":58}},"
                                + "{\"site\":\"b\",\"session\":\"s1\",\"weight\":100,\"seconds\":0.25,"
                                + "\"training\":{\"examples\":100,\"loss\":0.3,\"accuracy\":0.9,\"loss-sum\":30.0,\"correct\":90},"
                                + "\"validation\":{\"examples\":20,\"loss\":0.4,\"accuracy\":0.9,\"loss-sum\":8.0,\"correct\":18}}],"
                                + "\"missing\":{\"c\":\"no answer \\\"in time\\\"\\n\"}}");
    }

    @Test
    void whatIsNoLineIsRefusedWithTheReason() {
        assertThatThrownBy(() -> RoundLine.parse("{\"format\":2}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no line of metrics: format must be 1. Provided value: 2");
        String whole = usual.toJson();
        for (int length = 0; length < whole.length(); length++) {
            String half = whole.substring(0, length);
            assertThatThrownBy(() -> RoundLine.parse(half))
                    .as("the first %d characters", length)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("no line of metrics: ");
        }
    }

    @Test
    void bytesAreShownInDecimalUnits() {
        assertThat(List.of(0L, 999L, 1000L, 999_949L, 999_950L, 25_000_000L, 3_200_000_000L))
                .extracting(RoundText::bytes)
                .containsExactly("0 B", "999 B", "1.0 kB", "999.9 kB", "1.0 MB", "25.0 MB", "3.2 GB");
    }

    @Test
    void aLineUnderSecureAggregationHasTheMetricsOfTheSumAndReadsBack() {
        RoundLine plain = line(
                Purpose.TRAIN,
                true,
                RoundOutcome.COMPLETED,
                List.of(site("b", Optional.empty(), Optional.empty()), site("a", Optional.empty(), Optional.empty())));
        RoundSummed sum =
                new RoundSummed(plain.place(), 2, 2, 400, of(400, 85.36, 360), of(80, 20, 76), NOTHING, 2.5e-7);
        RoundLine line = new RoundLine(
                plain.place(),
                plain.rounds(),
                plain.purpose(),
                plain.classifies(),
                plain.outcome(),
                plain.asked(),
                plain.counted(),
                plain.missing(),
                plain.model(),
                plain.bytes(),
                plain.opened(),
                plain.closed(),
                plain.privacy(),
                Optional.of(sum),
                plain.epsilonOfModel());
        assertThat(line.text()).isEqualTo("round  7/15  loss 0.2134  accuracy 0.9500  sites 2/3  1.2 MB  0.8 s");
        assertThat(RoundLine.parse(line.toJson())).isEqualTo(line);
        assertThat(line.toJson()).contains("\"secure-aggregation\":{\"sites\":2,\"threshold\":2,\"weight\":400,");
    }
}

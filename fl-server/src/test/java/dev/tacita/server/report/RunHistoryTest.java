package dev.tacita.server.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RunPaused;
import dev.tacita.wire.RoundKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RunHistoryTest {
    private final SampleHistory sample = SampleHistory.small();
    private final RunHistory history = sample.history();

    @Test
    void aJournalGivesOneLineForEachClosedAttempt() {
        assertThat(history.lines()).hasSize(17);
        assertThat(history.roundsCompleted()).isEqualTo(15);
        assertThat(history.lines().stream().filter(line -> line.place().round() == 7))
                .extracting(line -> line.place().attempt(), RoundLine::outcome)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, RoundOutcome.BELOW_QUORUM),
                        org.assertj.core.groups.Tuple.tuple(2, RoundOutcome.COMPLETED));
    }

    @Test
    void pooledMetricsAreTheSumsOfTheSites() {
        RoundLine line = history.lines().get(0);
        long examples = line.counted().stream()
                .mapToLong(it -> it.training().orElse(Evaluation.NONE).examples())
                .sum();
        double loss = 0;
        for (var counted : line.counted()) {
            loss += counted.training().orElse(Evaluation.NONE).lossSum();
        }
        assertThat(line.training())
                .contains(new Evaluation(
                        examples, loss, line.training().orElseThrow().correct()));
        assertThat(line.accuracy()).hasValue(line.validation().orElseThrow().accuracy());
        assertThat(line.loss()).hasValue(loss / examples);
    }

    @Test
    void theFinalTestIsThatOfTheLastRound() {
        RoundLine test = history.finalTest().orElseThrow();
        assertThat(test.place().round()).isEqualTo(16);
        assertThat(test.test().orElseThrow().examples()).isEqualTo(115);
        assertThat(test.training()).isEmpty();
        assertThat(history.model()).contains(SampleHistory.hash(15));
    }

    @Test
    void sitesArePutTogetherFromOffersCohortsAndRefusals() {
        assertThat(history.sites())
                .extracting(SiteId::value)
                .containsExactly("basel-university", "lyon-sud", "st-mary", "torino-molinette", "zz-research-lab");
        assertThat(history.offer(new SiteId("st-mary")).orElseThrow().classCounts())
                .isEmpty();
        assertThat(history.offer(new SiteId("zz-research-lab"))).isEmpty();
        assertThat(history.refusals()).hasSize(1);
        assertThat(history.pauses())
                .singleElement()
                .satisfies(pause -> assertThat(pause.resumed()).isPresent());
    }

    @Test
    void messagesOfOtherRunsAndAfterTheEndChangeNothing() {
        var other = new RunPaused(new RunId("another"), "Somebody said so.", Instant.EPOCH);
        RunHistory half =
                RunHistory.of(sample.run, sample.plan, sample.journal().subList(0, 9));
        assertThat(half.with(other)).isEqualTo(half);
        var own = new RunPaused(sample.run, "Somebody said so.", Instant.EPOCH);
        assertThat(history.with(own)).isSameAs(history);
        assertThat(half.with(own).pauses()).hasSize(1);
    }

    @Test
    void foldingStepByStepEqualsFoldingAtOnce() {
        RunHistory step = RunHistory.empty(sample.run, sample.plan);
        List<AggregatorMessage> told = new ArrayList<>();
        for (AggregatorMessage message : sample.journal()) {
            step = step.with(message);
            told.add(message);
            assertThat(step).isEqualTo(RunHistory.of(sample.run, sample.plan, told));
        }
        assertThat(step).isEqualTo(history);
    }

    @Test
    void aRoundThatWasNeverOpenedCannotClose() {
        var closed = new RoundClosed(
                new RoundKey(sample.run, 3, 1),
                RoundOutcome.COMPLETED,
                List.of(),
                Map.of(),
                SampleHistory.hash(0),
                0,
                Instant.EPOCH,
                OptionalDouble.empty(),
                Optional.empty());
        assertThatThrownBy(() -> RunHistory.empty(sample.run, sample.plan).with(closed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be opened before it is closed")
                .hasMessageContaining("round 3 attempt 1");
    }

    @Test
    void aRunOfWhichNothingWasSaidHasNoModel() {
        RunHistory empty = RunHistory.empty(sample.run, sample.plan);
        assertThat(empty.model()).isEmpty();
        assertThat(empty.lastLine()).isEqualTo(Optional.empty());
        assertThat(empty.finalTest()).isEmpty();
    }
}

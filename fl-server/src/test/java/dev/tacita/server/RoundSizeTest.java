package dev.tacita.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.EarlierRound;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Message;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.Position;
import dev.tacita.wire.RefusedMessageException.Reason;
import dev.tacita.wire.RoundKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The messages of a round fit in the journal, whatever sites call themselves and say. */
class RoundSizeTest {
    private static final RoundKey PLACE = new RoundKey(new RunId("r".repeat(63)), Integer.MAX_VALUE, Integer.MAX_VALUE);
    private static final Hash HASH = Hash.parse("ab".repeat(32));
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00.123456789Z");
    private static final Position FAR = new Position(Collections.nCopies(1000, Long.MAX_VALUE));

    private static SortedSet<SiteId> sites(int count) {
        SortedSet<SiteId> sites = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            sites.add(new SiteId("%063d".formatted(i)));
        }
        return sites;
    }

    private static void assertFits(Message message) throws Exception {
        assertThat(MessageCodec.decode(MessageCodec.encode(message).bytes())).isEqualTo(message);
    }

    @Test
    void theLargestCohortFitsWhenItIsAsked() throws Exception {
        assertFits(new RoundOpened(
                PLACE,
                Purpose.TRAIN,
                List.copyOf(sites(Cohorts.MOST_SITES)),
                HASH,
                Integer.MAX_VALUE,
                NOW,
                FAR,
                NOW,
                Integer.MAX_VALUE,
                Optional.of(HASH)));
    }

    @Test
    void theLargestCohortFitsWhenAllCountWithTheLongestSessionsAndAllMetrics() throws Exception {
        String session = "\uD83D\uDE80".repeat(Cohorts.MOST_SESSION_BYTES / 4);
        assertThat(Cohorts.accepts(session)).isTrue();
        assertThat(Cohorts.accepts(session + "x")).isFalse();
        var metrics = Optional.of(new Evaluation(Long.MAX_VALUE, Math.PI, Long.MAX_VALUE));
        List<Counted> counted = sites(Cohorts.MOST_SITES).stream()
                .map(site -> new Counted(
                        site,
                        session,
                        Long.MAX_VALUE,
                        metrics,
                        metrics,
                        metrics,
                        Math.PI,
                        OptionalDouble.of(Math.E),
                        Optional.of(new EarlierRound(Integer.MAX_VALUE, Integer.MAX_VALUE))))
                .toList();
        assertFits(new RoundClosed(
                PLACE,
                RoundOutcome.COMPLETED,
                counted,
                Map.of(),
                HASH,
                Long.MAX_VALUE,
                NOW,
                OptionalDouble.of(Math.PI),
                Optional.of(HASH)));
    }

    @Test
    void theLargestCohortFitsWhenNoneCountsForTheLongestReasons() throws Exception {
        for (String letter : List.of("x", "\u00e9", "\u20ac", "\uD83D\uDE80", "\uD83D", "\n")) {
            String reason = Printable.of(letter.repeat(5000));
            assertThat(reason.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(296, Printable.MOST_BYTES);
            Map<SiteId, String> missing = new TreeMap<>();
            sites(Cohorts.MOST_SITES).forEach(site -> missing.put(site, reason));
            assertFits(new RoundClosed(
                    PLACE,
                    RoundOutcome.BELOW_QUORUM,
                    List.of(),
                    missing,
                    HASH,
                    0,
                    NOW,
                    OptionalDouble.empty(),
                    Optional.of(HASH)));
        }
    }

    @Test
    void aShortTextIsKeptButForItsControlCharacters() {
        assertThat(Printable.of("a\tb \u20ac")).isEqualTo("a?b \u20ac");
        assertThat(Printable.of("x".repeat(300))).isEqualTo("x".repeat(300));
        assertThat(Printable.of("x".repeat(301))).isEqualTo("x".repeat(297) + "...");
    }

    @Test
    void neitherARoundNorTheEvaluationAsksMoreSitesThanFit() {
        var plan = Plans.read(Federation.plan(3, 1, 1, 2, 2, Federation.FEDAVG));
        SortedSet<SiteId> all = sites(2500);
        List<SiteId> asked = Cohorts.sample(plan, 1, 1, all);
        assertThat(asked).hasSize(Cohorts.MOST_SITES).isSorted().doesNotHaveDuplicates();
        assertThat(Cohorts.sample(plan, 1, 1, all)).isEqualTo(asked);
        assertThat(Cohorts.all(plan, 2, 1, all)).hasSize(Cohorts.MOST_SITES);
        assertThat(Cohorts.all(plan, 2, 1, sites(Cohorts.MOST_SITES)))
                .containsExactlyElementsOf(sites(Cohorts.MOST_SITES));
    }

    @Test
    void neverMoreSitesAreAtWorkThanFit() {
        var plan = Plans.read(Federation.plan(3, 1, 1, 2, 2, Federation.FEDAVG));
        SortedSet<SiteId> all = sites(2500);
        List<SiteId> first = Cohorts.idle(plan, 900, 1, 1, all, List.of());
        assertThat(first).hasSize(900);
        SortedSet<SiteId> others = new TreeSet<>(all);
        others.removeAll(first.subList(0, 500));
        List<SiteId> second = Cohorts.idle(plan, 900, 2, 1, others, first);
        assertThat(second).as("500 of those at work are away").hasSize(100).doesNotContainAnyElementsOf(first);
        assertThat(Cohorts.idle(plan, 900, 2, 1, new TreeSet<>(first), first)).isEmpty();
    }

    @Test
    void aPlanThatAsksForMoreSitesOrMoreMemoryThanThereIsIsRefusedWithBothReasons() {
        String plan = Federation.plan(5000, 5000, 1, 1001, 2000, Federation.FEDAVG);
        assertThatThrownBy(() -> Plans.submitted(plan, 512L << 20, false))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("quorum: a round asks at most 1000 sites")
                .hasMessageContaining("cohort-fraction: a round asks at most 1000 sites")
                .hasMessageContaining("heap of 512 MB; 25005000 parameters need 732 MB")
                .hasMessageContaining("-Xmx732m");
        String within = Federation.plan(5000, 5000, 1, 1000, 1000, Federation.FEDAVG);
        assertThat(Plans.submitted(within, 732L << 20, false).quorum()).isEqualTo(1000);
    }

    @Test
    void aSessionTooLongForTheJournalIsRefused(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.helloAs("basel", "s".repeat(Cohorts.MOST_SESSION_BYTES + 1));
            federation.hello("wien");
            federation.submit(Federation.plan(3, 1, 1, 1, 1, Federation.FEDAVG));
            RoundOpened round = federation.await(RoundOpened.class);
            assertThat(round.cohort()).containsExactly(new SiteId("wien"));
            assertThat(federation.refused(Reason.OVERSIZE)).isEqualTo(1);
            var long65 = Federation.contribution(
                    round, new SiteId("wien"), "s".repeat(Cohorts.MOST_SESSION_BYTES + 1), 1, new float[4]);
            federation.send(Federation.frames(long65));
            long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (federation.refused(Reason.OVERSIZE) < 2 && System.nanoTime() < until) {
                Thread.sleep(5);
            }
            assertThat(federation.refused(Reason.OVERSIZE)).isEqualTo(2);
        }
    }
}

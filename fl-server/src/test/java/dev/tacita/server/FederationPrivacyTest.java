package dev.tacita.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.ledger.BudgetAccountant;
import dev.tacita.dp.ledger.LedgerContents;
import dev.tacita.dp.ledger.PrivacyBudget;
import dev.tacita.server.CrashingTransport.Moment;
import dev.tacita.wire.AggregatorLog;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import dev.tacita.wire.Channel;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.RefusedMessageException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Noise of the aggregator, and its ledger, when it dies before it has committed a round. */
class FederationPrivacyTest {
    private static final int SIZE = 12;
    private static final int ROUNDS = 2;
    private static final String PLAN = Federation.plan(3, 3, ROUNDS, 2, 2, Federation.FEDAVG)
            .replace("privacy: none", "privacy: {federation: {clip: 1, noise-multiplier: 8, delta: 0.001}}");
    private static final Map<String, PrivacyBudget> BUDGETS =
            Map.of("cases", new PrivacyBudget(9, 1e-3, NeighbouringRelation.REPLACE_ONE, BudgetAccountant.RDP));

    @Test
    void aRoundThatIsClosedAgainAfterACrashHasNewNoiseAndBothAreCounted(@TempDir Path runs) throws Exception {
        try (Federation federation = new Federation(runs, 1, 1)) {
            federation.hello("a", "b");
            federation.start(new CrashingTransport(federation.transport, Moment.BEFORE_A_ROUND_IS_CLOSED, 1), BUDGETS);
            federation.submit(PLAN);
            RoundOpened first = federation.await(RoundOpened.class);
            answer(federation, first);
            awaitDeath(federation);
            assertThat(spent(runs))
                    .as("entered before the commit that never was")
                    .isEqualTo(1);
            federation.start(federation.transport, BUDGETS);
            RunEnded end = answerUntilTheEnd(federation, first);
            assertThat(end.outcome()).as(end.reason()).isEqualTo(RunEnded.RunOutcome.COMPLETED);
            assertThat(spent(runs))
                    .as("a noise for each round, and the one that was never used")
                    .isEqualTo(ROUNDS + 1);
            List<RoundClosed> closed = federation.journal().stream()
                    .filter(RoundClosed.class::isInstance)
                    .map(RoundClosed.class::cast)
                    .toList();
            assertThat(closed).hasSize(ROUNDS + 1);
            assertThat(closed.get(0).epsilon().getAsDouble())
                    .isLessThan(closed.get(1).epsilon().getAsDouble());
            assertThat(closed.get(2).epsilon()).isEqualTo(closed.get(1).epsilon());
        }
    }

    @Test
    void whetherASiteTakesPartDoesNotDependOnItsRows(@TempDir Path runs) throws Exception {
        try (Federation federation = new Federation(runs, 1, 1)) {
            federation.start(federation.transport, BUDGETS);
            assertThatThrownBy(() -> federation.submit(PLAN.replace("clip: 1", "clip: 64")))
                    .isInstanceOf(ProblemsException.class)
                    .hasMessageContaining("encoding.limit must be above federation.clip")
                    .hasMessageContaining("Provided values: 64, 64.0.");
        }
    }

    @Test
    void aPlanOfAnOlderVersionThatIsRefusedNowEndsItsRunAndHoldsUpNoOther(@TempDir Path runs) throws Exception {
        String plan = PLAN.replace("clip: 1", "clip: 64");
        try (Federation federation = new Federation(runs, 1, 1)) {
            AggregatorMessage older = new RunOpened(new RunId("older"), plan, "test", Instant.EPOCH);
            try (AggregatorLog log = federation.transport.aggregatorLog()) {
                log.commit(List.of(new AggregatorLog.Write(Channel.ROUNDS, MessageCodec.encode(older))));
            }
            federation.start(federation.transport, BUDGETS);
            federation.hello("a", "b");
            answer(federation, federation.await(RoundOpened.class));
            RunEnded end = federation.await(RunEnded.class);
            assertThat(end.outcome()).isEqualTo(RunEnded.RunOutcome.FAILED);
            assertThat(end.reason()).contains("encoding.limit must be above federation.clip");
            federation.submit(PLAN);
            assertThat(federation.await(RoundOpened.class).place().run()).isNotEqualTo(new RunId("older"));
        }
    }

    @Test
    void aSiteCannotCountForMoreThanOthers(@TempDir Path runs) throws Exception {
        try (Federation federation = new Federation(runs, 1, 1)) {
            federation.start(federation.transport, BUDGETS);
            federation.hello("a", "b");
            federation.submit(PLAN);
            RoundOpened round = federation.await(RoundOpened.class);
            federation.send(Federation.frames(
                    Federation.contribution(round, new SiteId("a"), Federation.SESSION, 7, new float[SIZE])));
            answer(federation, round);
            federation.await(RoundClosed.class);
            assertThat(federation.refused(Reason.NOT_ENCODABLE)).isEqualTo(1);
        }
    }

    private static void answer(Federation federation, RoundOpened round) throws InterruptedException {
        for (SiteId site : round.cohort()) {
            boolean train = round.purpose() == Purpose.TRAIN;
            federation.send(Federation.frames(
                    train
                            ? Federation.contribution(round, site, Federation.SESSION, 1, new float[SIZE])
                            : List.of(Federation.header(round, site, Federation.SESSION, 0, Optional.empty()))));
        }
    }

    private static RunEnded answerUntilTheEnd(Federation federation, RoundOpened answered) throws InterruptedException {
        while (true) {
            AggregatorMessage next = federation.await(AggregatorMessage.class);
            if (next instanceof RoundOpened opened && !opened.place().equals(answered.place())) {
                answer(federation, opened);
            } else if (next instanceof RunEnded ended) {
                return ended;
            }
        }
    }

    private static void awaitDeath(Federation federation) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!federation.aggregator().ended().isDone() && System.nanoTime() < until) {
            Thread.sleep(5);
        }
        assertThat(federation.aggregator().ended()).isCompletedExceptionally();
    }

    private static long spent(Path runs) {
        LedgerContents ledger = LedgerContents.read(runs.resolve("privacy.ledger"));
        return Optional.ofNullable(ledger.accounts().get("cases"))
                .orElseThrow()
                .steps()
                .getOrDefault(new Event.Gaussian(4), 0L);
    }
}

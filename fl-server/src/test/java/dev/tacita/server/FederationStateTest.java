package dev.tacita.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunEnded.RunOutcome;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import dev.tacita.wire.AggregatorMessage.RunPaused;
import dev.tacita.wire.AggregatorMessage.RunResumed;
import dev.tacita.wire.AggregatorMessage.SiteJoined;
import dev.tacita.wire.AggregatorMessage.SiteLeft;
import dev.tacita.wire.AggregatorMessage.SiteRefused;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Position;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage.Hello;
import dev.tacita.wire.SiteMessage.Refusal;
import dev.tacita.wire.Tensors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class FederationStateTest {
    private static final Instant AT = Instant.parse("2026-03-01T08:00:00Z");
    private static final SiteId A = new SiteId("a");
    private static final SiteId B = new SiteId("b");
    private static final RunId RUN = new RunId("run-1");
    private static final Hash MODEL = Tensors.sha256(new float[] {1});
    private static final Hash NEXT = Tensors.sha256(new float[] {2});

    private static FederationState fold(FederationState from, List<AggregatorMessage> messages) {
        FederationState state = from;
        for (AggregatorMessage message : messages) {
            state = state.apply(message);
        }
        return state;
    }

    private static Position read(long offset) {
        return new Position(List.of(offset));
    }

    private static SiteJoined joined(SiteId site, String session, long read) {
        return new SiteJoined(new Hello(site, session, "1", List.of()), read(read), AT);
    }

    private static RoundOpened opened(int round, int attempt, SiteId... cohort) {
        return new RoundOpened(
                new RoundKey(RUN, round, attempt),
                Purpose.TRAIN,
                List.of(cohort),
                MODEL,
                1,
                AT,
                read(0),
                AT,
                3,
                Optional.empty());
    }

    private static RoundClosed closed(int round, int attempt, RoundOutcome outcome) {
        Hash model = outcome == RoundOutcome.COMPLETED ? NEXT : MODEL;
        return new RoundClosed(
                new RoundKey(RUN, round, attempt),
                outcome,
                List.of(),
                Map.of(),
                model,
                0,
                AT,
                OptionalDouble.empty(),
                Optional.empty());
    }

    private static Refusal refusal(Refusal.Kind kind) {
        return new Refusal(A, RUN, kind, List.of("because"));
    }

    @Test
    void aJournalFoldedAtOnceOrInTwoPartsGivesEqualStates() {
        for (long seed = 1; seed <= 300; seed++) {
            var random = new SplittableRandom(seed);
            List<AggregatorMessage> journal = new ArrayList<>();
            int length = random.nextInt(60);
            for (int i = 0; i < length; i++) {
                journal.add(anyMessage(random));
            }
            int cut = length == 0 ? 0 : random.nextInt(length);
            FederationState whole = fold(FederationState.EMPTY, journal);
            FederationState parts =
                    fold(fold(FederationState.EMPTY, journal.subList(0, cut)), journal.subList(cut, journal.size()));
            assertThat(parts).as("seed %s", seed).isEqualTo(whole);
            assertThat(List.copyOf(parts.runs().keySet()))
                    .as("seed %s", seed)
                    .isEqualTo(List.copyOf(whole.runs().keySet()));
        }
    }

    private static AggregatorMessage anyMessage(RandomGenerator random) {
        SiteId site = new SiteId("site-" + random.nextInt(3));
        RunId run = new RunId("run-" + (1 + random.nextInt(2)));
        RoundKey place = new RoundKey(run, 1 + random.nextInt(3), 1 + random.nextInt(2));
        return switch (random.nextInt(10)) {
            case 0 -> joined(site, "s" + random.nextInt(2), random.nextInt(100));
            case 1 ->
                new SiteLeft(site, "s0", random.nextBoolean() ? "gone" : "said goodbye", read(random.nextInt(100)), AT);
            case 2 -> new RunOpened(run, "plan", "1", AT);
            case 3 ->
                new SiteRefused(
                        new Refusal(
                                site,
                                run,
                                random.nextBoolean() ? Refusal.Kind.POLICY : Refusal.Kind.FAILURE,
                                List.of("no")),
                        read(random.nextInt(100)),
                        AT);
            case 4, 5 ->
                new RoundOpened(
                        place,
                        Purpose.TRAIN,
                        List.of(site),
                        MODEL,
                        1,
                        AT,
                        read(0),
                        AT,
                        1 + random.nextInt(9),
                        Optional.of(MODEL));
            case 6, 7 ->
                new RoundClosed(
                        place,
                        random.nextBoolean() ? RoundOutcome.COMPLETED : RoundOutcome.BELOW_QUORUM,
                        List.of(),
                        Map.of(),
                        NEXT,
                        0,
                        AT,
                        OptionalDouble.empty(),
                        Optional.of(NEXT),
                        random.nextBoolean() ? List.of() : List.of(site));
            case 8 -> random.nextBoolean() ? new RunPaused(run, "wait", AT) : new RunResumed(run, AT);
            default -> new RunEnded(run, RunOutcome.STOPPED, "stop", Optional.of(MODEL), AT);
        };
    }

    @Test
    void whoIsAtWorkFollowsFromWhoWasAskedAndWhatTheClosingsSay() {
        RoundOpened first = opened(1, 1, A, B);
        FederationState state = fold(
                FederationState.EMPTY,
                List.of(new RunOpened(RUN, "plan", "1", AT), joined(A, "s1", 1), joined(B, "s1", 2), first));
        assertThat(asks(state)).isEqualTo(Map.of(A, first, B, first));
        assertThat(asks(fold(state, List.of(closed(1, 1, RoundOutcome.COMPLETED)))))
                .isEmpty();

        RoundClosed goesOn = new RoundClosed(
                first.place(),
                RoundOutcome.COMPLETED,
                List.of(),
                Map.of(),
                NEXT,
                0,
                AT,
                OptionalDouble.empty(),
                Optional.empty(),
                List.of(B));
        RoundOpened second = opened(2, 1, A);
        FederationState later = fold(state, List.of(goesOn, second));
        assertThat(asks(later)).isEqualTo(Map.of(A, second, B, first));
        assertThat(asks(later.apply(new SiteRefused(refusal(Refusal.Kind.FAILURE), read(3), AT))))
                .containsOnlyKeys(B);
        assertThat(asks(later.apply(new SiteLeft(B, "s1", "did not answer", read(3), AT))))
                .containsOnlyKeys(A);
        assertThat(asks(later.apply(new SiteLeft(B, "s1", "said goodbye", read(3), AT))))
                .containsOnlyKeys(A, B);
    }

    private static Map<SiteId, RoundOpened> asks(FederationState state) {
        return state.run(RUN).orElseThrow().asks();
    }

    @Test
    void attemptsAreCountedUntilARoundCompletesAndRetriesUntilARunResumes() {
        FederationState state = fold(
                FederationState.EMPTY,
                List.of(
                        new RunOpened(RUN, "plan", "1", AT),
                        opened(1, 1, A),
                        closed(1, 1, RoundOutcome.BELOW_QUORUM),
                        opened(1, 2, A),
                        closed(1, 2, RoundOutcome.BELOW_QUORUM)));
        RunState run = state.run(RUN).orElseThrow();
        assertThat(run.attempts()).isEqualTo(2);
        assertThat(run.attemptsSinceResume()).isEqualTo(2);
        assertThat(run.roundsDone()).isZero();
        assertThat(run.model()).contains(MODEL);

        state = fold(state, List.of(new RunPaused(RUN, "too few", AT), joined(A, "s", 7)));
        assertThat(state.run(RUN).orElseThrow().joinedSincePause()).isTrue();
        state = state.apply(new RunResumed(RUN, AT));
        assertThat(state.run(RUN).orElseThrow().attempts()).isEqualTo(2);
        assertThat(state.run(RUN).orElseThrow().attemptsSinceResume()).isZero();

        state = fold(state, List.of(opened(1, 3, A), closed(1, 3, RoundOutcome.COMPLETED)));
        assertThat(state.run(RUN).orElseThrow().attempts()).isZero();
        assertThat(state.run(RUN).orElseThrow().roundsDone()).isEqualTo(1);
        assertThat(state.run(RUN).orElseThrow().model()).contains(NEXT);
    }

    @Test
    void aFailureIsForgottenWithItsRoundAndAPolicyWithItsRun() {
        FederationState state = fold(
                FederationState.EMPTY,
                List.of(
                        joined(A, "s", 1),
                        new RunOpened(RUN, "plan", "1", AT),
                        opened(1, 1, A),
                        new SiteRefused(refusal(Refusal.Kind.FAILURE), read(2), AT)));
        assertThat(state.run(RUN).orElseThrow().open().orElseThrow().failed()).containsKey(A);
        assertThat(state.run(RUN).orElseThrow().open().orElseThrow().sessions()).containsEntry(A, "s");
        state = fold(
                state,
                List.of(
                        closed(1, 1, RoundOutcome.COMPLETED),
                        opened(2, 1, A),
                        new SiteRefused(refusal(Refusal.Kind.POLICY), read(3), AT)));
        assertThat(state.run(RUN).orElseThrow().open().orElseThrow().failed()).isEmpty();
        assertThat(state.run(RUN).orElseThrow().refused()).containsEntry(A, List.of("because"));
        assertThat(state.sitesRead()).contains(read(3));
    }

    @Test
    void theFirstRunThatHasNotEndedHasItsTurn() {
        RunId second = new RunId("run-2");
        FederationState state = fold(
                FederationState.EMPTY,
                List.of(new RunOpened(RUN, "plan", "1", AT), new RunOpened(second, "plan", "1", AT)));
        assertThat(state.current().orElseThrow().opened().run()).isEqualTo(RUN);
        state = state.apply(new RunEnded(RUN, RunOutcome.FAILED, "why", Optional.empty(), AT));
        assertThat(state.current().orElseThrow().opened().run()).isEqualTo(second);
    }
}

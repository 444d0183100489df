package dev.tacita.server;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.SiteId;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Position;
import dev.tacita.wire.RoundKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run as the log has it so far.
 *
 * @param opened how it was submitted
 * @param open the round that asks now
 * @param lastClosed the round that closed last
 * @param roundsDone how many rounds met their quorum, the final evaluation included
 * @param attempts how often the next round has been tried already
 * @param attemptsSinceResume of those, how many since the run began or resumed last
 * @param model SHA-256 of its parameters; empty before the first round
 * @param sites the most that were there when a round of it was opened, and those that refuse; 0 before the first
 * @param refused sites out for the whole run, with their reasons
 * @param asks the round that each site was asked last, of those whose answers may still count
 * @param paused why it waits
 * @param joinedSincePause whether a site has said hello since the run was paused
 * @param ended how it ended
 */
public record RunState(
        RunOpened opened,
        Optional<OpenRound> open,
        Optional<RoundClosed> lastClosed,
        int roundsDone,
        int attempts,
        int attemptsSinceResume,
        Optional<Hash> model,
        int sites,
        Map<SiteId, List<String>> refused,
        Map<SiteId, RoundOpened> asks,
        Optional<String> paused,
        boolean joinedSincePause,
        Optional<RunEnded> ended) {
    public RunState {
        requireNonNull(opened, "opened is null");
        requireNonNull(open, "open is null");
        requireNonNull(lastClosed, "lastClosed is null");
        requireNonNull(model, "model is null");
        refused = Map.copyOf(refused);
        asks = Map.copyOf(asks);
        requireNonNull(paused, "paused is null");
        requireNonNull(ended, "ended is null");
    }

    /** SHA-256 of what its algorithm sends beside the parameters in the next round; empty if nothing, or before the first. */
    Optional<Hash> shared() {
        return lastClosed.flatMap(RoundClosed::shared);
    }

    /** Where in the log of contributions those begin that may still count; empty if none may. */
    Optional<Position> contributionsFrom() {
        return open.map(OpenRound::opened)
                .or(() -> asks.values().stream()
                        .min(Comparator.comparingInt(
                                        (RoundOpened asked) -> asked.place().round())
                                .thenComparingInt(asked -> asked.place().attempt())))
                .map(RoundOpened::contributionsFrom);
    }

    /** Whether what the site was asked last is this, and its answer may still count. */
    boolean isAsked(SiteId site, RoundKey place) {
        return Optional.ofNullable(asks.get(site))
                .filter(asked -> asked.place().equals(place))
                .isPresent();
    }

    /** Where a run stands. */
    public enum Status {
        /** Another run is before it. */
        QUEUED,
        /** Its turn, but too few sites are there. */
        WAITING_FOR_SITES,
        /** A round asks, or is about to. */
        RUNNING,
        /** Waits for an operator, or for sites to come back. */
        PAUSED,
        /** All rounds are done. */
        COMPLETED,
        /** Somebody stopped it. */
        STOPPED,
        /** It could not go on. */
        FAILED
    }

    static RunState of(RunOpened opened) {
        return new RunState(
                opened,
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                0,
                Optional.empty(),
                0,
                Map.of(),
                Map.of(),
                Optional.empty(),
                false,
                Optional.empty());
    }

    RunState open(OpenRound round) {
        return new RunState(
                opened,
                Optional.of(round),
                lastClosed,
                roundsDone,
                attempts + 1,
                attemptsSinceResume + 1,
                Optional.of(round.opened().model()),
                Math.max(sites, round.opened().sites() + refused.size()),
                refused,
                asksWith(round.opened()),
                paused,
                joinedSincePause,
                ended);
    }

    RunState with(OpenRound round) {
        return new RunState(
                opened,
                Optional.of(round),
                lastClosed,
                roundsDone,
                attempts,
                attemptsSinceResume,
                model,
                sites,
                refused,
                asks,
                paused,
                joinedSincePause,
                ended);
    }

    RunState close(RoundClosed closed) {
        boolean completed = closed.outcome() == RoundClosed.RoundOutcome.COMPLETED;
        return new RunState(
                opened,
                Optional.empty(),
                Optional.of(closed),
                completed ? roundsDone + 1 : roundsDone,
                completed ? 0 : attempts,
                completed ? 0 : attemptsSinceResume,
                Optional.of(closed.model()),
                sites,
                refused,
                stillAtWork(closed),
                paused,
                joinedSincePause,
                ended);
    }

    RunState refused(Map<SiteId, List<String>> refusals) {
        return with(refusals, asks);
    }

    /** No answer of the site to what it was asked counts any more. */
    RunState withoutAsk(SiteId site) {
        if (!asks.containsKey(site)) {
            return this;
        }
        Map<SiteId, RoundOpened> others = new HashMap<>(asks);
        others.remove(site);
        return with(refused, others);
    }

    private RunState with(Map<SiteId, List<String>> refusals, Map<SiteId, RoundOpened> asked) {
        return new RunState(
                opened,
                open,
                lastClosed,
                roundsDone,
                attempts,
                attemptsSinceResume,
                model,
                sites,
                refusals,
                asked,
                paused,
                joinedSincePause,
                ended);
    }

    private Map<SiteId, RoundOpened> asksWith(RoundOpened round) {
        Map<SiteId, RoundOpened> asked = new HashMap<>(round.purpose() == Purpose.TRAIN ? asks : Map.of());
        round.cohort().forEach(site -> asked.put(site, round));
        return asked;
    }

    private Map<SiteId, RoundOpened> stillAtWork(RoundClosed closed) {
        Map<SiteId, RoundOpened> asked = new HashMap<>(asks);
        asked.keySet().retainAll(closed.atWork());
        return asked;
    }

    RunState pause(String reason) {
        return new RunState(
                opened,
                open,
                lastClosed,
                roundsDone,
                attempts,
                attemptsSinceResume,
                model,
                sites,
                refused,
                asks,
                Optional.of(reason),
                false,
                ended);
    }

    RunState joined() {
        return new RunState(
                opened,
                open,
                lastClosed,
                roundsDone,
                attempts,
                attemptsSinceResume,
                model,
                sites,
                refused,
                asks,
                paused,
                paused.isPresent(),
                ended);
    }

    RunState resume() {
        return new RunState(
                opened,
                open,
                lastClosed,
                roundsDone,
                attempts,
                0,
                model,
                sites,
                refused,
                asks,
                Optional.empty(),
                false,
                ended);
    }

    RunState end(RunEnded message) {
        return new RunState(
                opened,
                Optional.empty(),
                lastClosed,
                roundsDone,
                attempts,
                attemptsSinceResume,
                message.model().or(this::model),
                sites,
                refused,
                Map.of(),
                Optional.empty(),
                false,
                Optional.of(message));
    }
}

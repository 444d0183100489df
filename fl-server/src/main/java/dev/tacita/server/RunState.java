package dev.tacita.server;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.SiteId;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import dev.tacita.wire.Hash;
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
        Optional<String> paused,
        boolean joinedSincePause,
        Optional<RunEnded> ended) {
    public RunState {
        requireNonNull(opened, "opened is null");
        requireNonNull(open, "open is null");
        requireNonNull(lastClosed, "lastClosed is null");
        requireNonNull(model, "model is null");
        refused = Map.copyOf(refused);
        requireNonNull(paused, "paused is null");
        requireNonNull(ended, "ended is null");
    }

    /** SHA-256 of what its algorithm sends beside the parameters in the next round; empty if nothing, or before the first. */
    Optional<Hash> shared() {
        return lastClosed.flatMap(RoundClosed::shared);
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
                paused,
                joinedSincePause,
                ended);
    }

    RunState refused(Map<SiteId, List<String>> refusals) {
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
                paused,
                joinedSincePause,
                ended);
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
                Optional.empty(),
                false,
                Optional.of(message));
    }
}

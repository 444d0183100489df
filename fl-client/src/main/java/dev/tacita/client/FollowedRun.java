package dev.tacita.client;

import dev.tacita.core.RunId;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.Position;
import dev.tacita.wire.RoundKey;
import java.util.Optional;

/** A run that is not over, as one site follows it. For one thread. */
final class FollowedRun {
    private final RunId id;
    private String plan;
    private final Position opened;
    private boolean refusalKnown;
    private Optional<AskedRound> round = Optional.empty();
    private Optional<RoundOpened> newest = Optional.empty();
    private Optional<Judgement> judgement = Optional.empty();

    FollowedRun(RunId id, String plan, Position opened) {
        this.id = id;
        this.plan = plan;
        this.opened = opened;
    }

    RunId id() {
        return id;
    }

    /** The place just before the message that opened it. */
    Position opened() {
        return opened;
    }

    /** The round that is open; empty between rounds. */
    Optional<AskedRound> round() {
        return round;
    }

    /**
     * Opens a round, unless it is one that an aggregator that keeps to the protocol never opens: one that does not come
     * after all before it, or another try that starts from another model. So a run asks of the site's data at most as
     * many questions as its plan has rounds, whoever writes the log.
     *
     * @return why it is not opened; empty if it is
     */
    Optional<String> open(AskedRound asked) {
        Optional<String> refusal = newest.flatMap(before -> breach(before, asked.message()));
        if (refusal.isEmpty()) {
            newest = Optional.of(asked.message());
            round = Optional.of(asked);
        }
        return refusal;
    }

    private static Optional<String> breach(RoundOpened before, RoundOpened next) {
        RoundKey last = before.place();
        RoundKey place = next.place();
        boolean sameRound = place.round() == last.round();
        if (place.round() < last.round() || (sameRound && place.attempt() <= last.attempt())) {
            return Optional.of(place + " must come after " + last);
        }
        if (sameRound && !next.model().equals(before.model())) {
            return Optional.of(place + " must start from the model of " + last);
        }
        return Optional.empty();
    }

    void closeRound() {
        round = Optional.empty();
    }

    /** Whether the aggregator knows, or has been told by this agent, that the site refuses. */
    boolean isRefusalKnown() {
        return refusalKnown;
    }

    void refusalIsKnown() {
        refusalKnown = true;
    }

    /** What the site makes of the plan; worked out once. */
    Judgement judgement(PlanJudge judge) {
        Judgement made = judgement.orElseGet(() -> judge.judge(id, plan));
        judgement = Optional.of(made);
        plan = "";
        return made;
    }
}

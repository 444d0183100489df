package dev.tacita.client;

import dev.tacita.core.RunId;
import dev.tacita.wire.Position;
import java.util.Optional;

/** A run that is not over, as one site follows it. For one thread. */
final class FollowedRun {
    private final RunId id;
    private final String plan;
    private final Position opened;
    private boolean refusalKnown;
    private Optional<AskedRound> round = Optional.empty();
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

    void open(AskedRound asked) {
        round = Optional.of(asked);
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
        return made;
    }
}

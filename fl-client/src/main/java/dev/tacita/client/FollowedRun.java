package dev.tacita.client;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.secureagg.AggregationMessage.UnmaskRequest;
import dev.tacita.secureagg.MalformedMessageException;
import dev.tacita.secureagg.MessageCodec;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.StageMessage;
import dev.tacita.wire.AggregatorMessage.StageOpened;
import dev.tacita.wire.Position;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.Stage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A run that is not over, as one site follows it. For one thread. */
final class FollowedRun {
    /** An aggregator that keeps to the protocol says four things to a site in a round. */
    private static final int MOST_SAID = 16;

    private final RunId id;
    private String plan;
    private final Position opened;
    private boolean refusalKnown;
    private Optional<AskedRound> round = Optional.empty();
    private Optional<AskedRound> outstanding = Optional.empty();
    private Optional<RoundOpened> newest = Optional.empty();
    private Optional<RoundOpened> counted = Optional.empty();
    private Optional<Judgement> judgement = Optional.empty();
    private Optional<Stage> countedOut = Optional.empty();
    private final List<StageMessage> said = new ArrayList<>();
    private final Map<Integer, Set<SiteId>> revealed = new HashMap<>();

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
     * A round that closed while the site was at work on it, and whose answer the aggregator may still count; empty if there is
     * none, or the site was asked something else since.
     */
    Optional<AskedRound> outstanding() {
        return outstanding;
    }

    /**
     * Opens a round, unless it is one that an aggregator that keeps to the protocol never opens: one that does not come
     * after all before it, or another try that starts from another model. So a run asks of the site's data at most as
     * many questions as its plan has rounds, whoever writes the log.
     *
     * @return why it is not opened; empty if it is
     */
    Optional<String> open(AskedRound asked, SiteId site) {
        Optional<String> refusal = newest.flatMap(before -> breach(before, asked.message()));
        if (refusal.isEmpty()) {
            said.clear();
            countedOut = Optional.empty();
            if (newest.filter(before ->
                            before.place().round() == asked.message().place().round())
                    .isEmpty()) {
                revealed.clear();
            }
            newest = Optional.of(asked.message());
            round = Optional.of(asked);
            outstanding = outstanding.filter(
                    before -> asked.message().purpose() == Purpose.TRAIN && !isOf(asked.message(), site));
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
        if (sameRound && !next.start().equals(before.start())) {
            return Optional.of(place + " must start from the model of " + last + ", and from what was shared with it");
        }
        return Optional.empty();
    }

    /** A stage of the round that is open begins. */
    void hear(StageOpened opened, SiteId site) {
        boolean here = round.filter(asked -> asked.message().place().equals(opened.place()))
                .isPresent();
        boolean counted = opened.stage() == Stage.KEYS
                || opened.counted().stream().anyMatch(each -> each.site().equals(site));
        if (here && !counted && countedOut.isEmpty()) {
            countedOut = Optional.of(opened.stage());
        }
    }

    /** The stage before which the aggregator had no answer of this site: it was late, or was cut off. */
    Optional<Stage> countedOut() {
        return countedOut;
    }

    /** What the aggregator says to this site in the round that is open. */
    void hear(StageMessage message, SiteId site) {
        boolean here = round.filter(asked -> asked.message().place().equals(message.place()))
                .isPresent();
        if (!here || !message.to().map(site::equals).orElse(true) || said.size() >= MOST_SAID) {
            return;
        }
        said.add(message);
        request(message)
                .filter(request -> request.selfMasksOf().contains(site))
                .ifPresent(request -> revealed.merge(
                        message.place().attempt(), Set.copyOf(request.selfMasksOf()), (first, second) -> first));
    }

    /** What it has said in the round that is open. */
    List<StageMessage> said() {
        return List.copyOf(said);
    }

    /**
     * Of which sites the aggregator may have sums of this round: those that it asked this site to take the masks off, in this
     * life of the agent or an earlier one.
     */
    Collection<Set<SiteId>> revealed() {
        return List.copyOf(revealed.values());
    }

    private static Optional<UnmaskRequest> request(StageMessage message) {
        if (message.stage() != Stage.ANSWERS) {
            return Optional.empty();
        }
        ByteBuffer view = message.chunk().bytes().duplicate();
        byte[] bytes = new byte[view.remaining()];
        view.get(bytes);
        try {
            return MessageCodec.decode(bytes) instanceof UnmaskRequest request
                    ? Optional.of(request)
                    : Optional.empty();
        } catch (MalformedMessageException e) {
            return Optional.empty();
        }
    }

    /** Closes the round that is open. */
    void close(RoundClosed closed, SiteId site) {
        boolean isCounted = closed.outcome() == RoundClosed.RoundOutcome.COMPLETED
                && closed.counted().stream().anyMatch(each -> each.site().equals(site));
        counted = round.map(AskedRound::message)
                .filter(message -> isCounted && message.purpose() == Purpose.TRAIN)
                .or(() -> counted);
        outstanding = round.filter(asked -> isOf(asked.message(), site))
                .or(() -> outstanding)
                .filter(asked -> closed.atWork().contains(site));
        round = Optional.empty();
    }

    private static boolean isOf(RoundOpened message, SiteId site) {
        return message.cohort().contains(site);
    }

    /** The newest round of training in whose sum the site is, whichever life of its agent answered it. */
    Optional<RoundOpened> counted() {
        return counted;
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

package dev.tacita.server;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import dev.tacita.wire.AggregatorMessage.RunPaused;
import dev.tacita.wire.AggregatorMessage.RunResumed;
import dev.tacita.wire.AggregatorMessage.SiteJoined;
import dev.tacita.wire.AggregatorMessage.SiteLeft;
import dev.tacita.wire.AggregatorMessage.SiteRefused;
import dev.tacita.wire.AggregatorMessage.StageOpened;
import dev.tacita.wire.Position;
import dev.tacita.wire.SiteMessage.Refusal;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What the aggregator knows: the fold of its journal. The same messages in the same order give an equal state; nothing
 * else changes it.
 *
 * @param sites those present, sorted
 * @param runs all there ever were, in the order of their submission
 * @param sitesRead how far what sites say has been taken in; empty if nothing has
 */
public record FederationState(
        SortedMap<SiteId, Presence> sites, Map<RunId, RunState> runs, Optional<Position> sitesRead) {
    /** Before the first message. */
    public static final FederationState EMPTY =
            new FederationState(Collections.emptySortedMap(), Map.of(), Optional.empty());

    public FederationState {
        sites = Collections.unmodifiableSortedMap(new TreeMap<>(sites));
        runs = Collections.unmodifiableMap(new LinkedHashMap<>(runs));
    }

    /** The run whose turn it is: the first that has not ended. A paused run keeps its turn. */
    public Optional<RunState> current() {
        return runs.values().stream().filter(run -> run.ended().isEmpty()).findFirst();
    }

    /** The run of this name. */
    public Optional<RunState> run(RunId run) {
        return Optional.ofNullable(runs.get(run));
    }

    /** The state after one more message of the journal; messages about runs that are not known change nothing. */
    public FederationState apply(AggregatorMessage message) {
        if (message instanceof SiteJoined joined) {
            return joined(joined);
        } else if (message instanceof SiteLeft left) {
            return left(left);
        } else if (message instanceof SiteRefused refused) {
            return refused(refused.refusal()).read(refused.sitesRead());
        } else if (message instanceof RunOpened opened) {
            return with(opened.run(), RunState.of(opened));
        } else if (message instanceof RoundOpened opened) {
            return change(
                    opened.place().run(),
                    run -> run.open(new OpenRound(opened, sessions(opened), List.of(), Map.of())));
        } else if (message instanceof StageOpened stage) {
            return change(stage.place().run(), run -> stage(run, stage));
        } else if (message instanceof RoundClosed closed) {
            return change(closed.place().run(), run -> run.close(closed));
        } else if (message instanceof RunPaused paused) {
            return change(paused.run(), run -> run.pause(paused.reason()));
        } else if (message instanceof RunResumed resumed) {
            return change(resumed.run(), RunState::resume);
        } else if (message instanceof RunEnded ended) {
            return change(ended.run(), run -> run.end(ended));
        }
        return this;
    }

    private FederationState joined(SiteJoined message) {
        SortedMap<SiteId, Presence> next = new TreeMap<>(sites);
        next.put(message.hello().site(), new Presence(message.hello(), message.at()));
        Map<RunId, RunState> changed = new LinkedHashMap<>(runs);
        changed.replaceAll((id, run) -> run.paused().isPresent() ? run.joined() : run);
        return new FederationState(next, changed, Optional.of(message.sitesRead()));
    }

    private FederationState left(SiteLeft message) {
        SortedMap<SiteId, Presence> next = new TreeMap<>(sites);
        next.remove(message.site());
        Map<RunId, RunState> changed = new LinkedHashMap<>(runs);
        if (!SiteLog.isGoodbye(message)) {
            // Who said goodbye may have answered before, or come back and answer.
            changed.replaceAll((id, run) -> run.withoutAsk(message.site()));
        }
        return new FederationState(next, changed, Optional.of(message.sitesRead()));
    }

    private FederationState refused(Refusal refusal) {
        return change(refusal.run(), run -> refused(run, refusal).withoutAsk(refusal.site()));
    }

    private static RunState refused(RunState run, Refusal refusal) {
        return switch (refusal.kind()) {
            case POLICY -> run.refused(plus(run.refused(), refusal));
            case FAILURE ->
                run.open()
                        .map(round -> run.with(round.failed(plus(round.failed(), refusal))))
                        .orElse(run);
        };
    }

    private static RunState stage(RunState run, StageOpened stage) {
        return run.open()
                .filter(round -> round.opened().place().equals(stage.place()))
                .map(round -> run.with(round.with(stage)))
                .orElse(run);
    }

    private static Map<SiteId, List<String>> plus(Map<SiteId, List<String>> reasons, Refusal refusal) {
        Map<SiteId, List<String>> next = new HashMap<>(reasons);
        next.put(refusal.site(), refusal.reasons());
        return next;
    }

    private Map<SiteId, String> sessions(RoundOpened opened) {
        Map<SiteId, String> sessions = new HashMap<>();
        for (SiteId site : opened.cohort()) {
            Optional.ofNullable(sites.get(site))
                    .ifPresent(present -> sessions.put(site, present.hello().session()));
        }
        return sessions;
    }

    private FederationState read(Position place) {
        return new FederationState(sites, runs, Optional.of(place));
    }

    private FederationState change(RunId id, UnaryOperator<RunState> change) {
        return run(id).map(run -> with(id, change.apply(run))).orElse(this);
    }

    private FederationState with(RunId id, RunState run) {
        Map<RunId, RunState> next = new LinkedHashMap<>(runs);
        next.put(id, run);
        return new FederationState(sites, next, sitesRead);
    }
}

package dev.tacita.server;

import dev.tacita.core.SiteId;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.SiteLeft;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is said of a cohort when its round closes. */
final class Closing {
    private final FederationState state;
    private final RunState run;
    private final OpenRound round;
    private final Collector collector;

    Closing(FederationState state, RunState run, OpenRound round, Collector collector) {
        this.state = state;
        this.run = run;
        this.round = round;
        this.collector = collector;
    }

    /** The sites that may still answer. */
    List<SiteId> pending() {
        return round.opened().cohort().stream().filter(this::isPending).toList();
    }

    /** Whether the whole cohort has answered. */
    boolean allAnswered() {
        return round.opened().cohort().stream().allMatch(collector::has);
    }

    private boolean isPending(SiteId site) {
        return !collector.has(site)
                && !round.failed().containsKey(site)
                && !run.refused().containsKey(site)
                && isPresent(site);
    }

    private boolean isPresent(SiteId site) {
        return Optional.ofNullable(state.sites().get(site))
                .filter(presence ->
                        presence.hello().session().equals(round.sessions().get(site)))
                .isPresent();
    }

    /** Leaves out who did not answer. */
    List<AggregatorMessage> leftOut(Position sitesRead, Instant now) {
        List<AggregatorMessage> messages = new ArrayList<>();
        for (SiteId site : pending()) {
            messages.add(new SiteLeft(
                    site,
                    Optional.ofNullable(round.sessions().get(site)).orElseThrow(),
                    "did not answer " + round.opened().place() + " by its deadline",
                    sitesRead,
                    now));
        }
        return messages;
    }

    /** Leaves out who did not answer, then closes. */
    List<AggregatorMessage> messages(
            Hash model, OptionalDouble epsilon, Optional<Hash> shared, Position sitesRead, Instant now) {
        List<AggregatorMessage> messages = leftOut(sitesRead, now);
        List<Counted> counted = collector.sum().counted();
        messages.addAll(collector.sum().summary());
        messages.add(new RoundClosed(
                round.opened().place(),
                counted.size() >= round.opened().quorum() ? RoundOutcome.COMPLETED : RoundOutcome.BELOW_QUORUM,
                counted,
                missing(counted),
                model,
                collector.sum().bytes(),
                now,
                epsilon,
                shared));
        return messages;
    }

    private Map<SiteId, String> missing(List<Counted> counted) {
        Map<SiteId, String> missing = new TreeMap<>();
        TreeSet<SiteId> others = new TreeSet<>(round.opened().cohort());
        counted.forEach(each -> others.remove(each.site()));
        others.forEach(site -> missing.put(site, reason(site)));
        return missing;
    }

    private String reason(SiteId site) {
        return Printable.of(reasonInFull(site));
    }

    private String reasonInFull(SiteId site) {
        List<String> refused = run.refused().getOrDefault(site, round.failed().getOrDefault(site, List.of()));
        if (!refused.isEmpty()) {
            return String.join("; ", refused);
        }
        String why = collector
                .lastRefusal(site)
                .map(refusal -> "; what it sent was refused: " + refusal)
                .orElse("");
        boolean present = isPresent(site);
        String otherwise = present ? "did not answer by the deadline" : "its agent went away";
        return collector.sum().absence(site, present).orElse(otherwise) + why;
    }
}

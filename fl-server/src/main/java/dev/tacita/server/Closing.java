package dev.tacita.server;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.SiteLeft;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Position;
import dev.tacita.wire.RoundKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is said of a cohort when its round closes. */
sealed class Closing permits BufferClosing {
    final FederationState state;
    final RunState run;
    final OpenRound round;
    final Collector collector;

    Closing(FederationState state, RunState run, OpenRound round, Collector collector) {
        this.state = state;
        this.run = run;
        this.round = round;
        this.collector = collector;
    }

    /** Of a run's open round. */
    static Closing of(FederationState state, RunState run, OpenRound round, RunPlan plan, Collector collector) {
        return collector
                .buffered()
                .<Closing>map(buffer -> new BufferClosing(state, run, round, plan, collector, buffer))
                .orElseGet(() -> new Closing(state, run, round, collector));
    }

    /** The sites that may still answer. */
    List<SiteId> pending() {
        return round.opened().cohort().stream().filter(this::isPending).toList();
    }

    /** Whether all has arrived that the round waits for. */
    boolean hasAll() {
        return round.opened().cohort().stream().allMatch(collector::has);
    }

    /** Whether waiting for those that may still answer makes sense. */
    boolean canGoOn() {
        return !pending().isEmpty();
    }

    /** The sites whose own time is over while the round goes on. */
    List<SiteId> overdue(Instant now) {
        return List.of();
    }

    /** What each of the round's sites was asked last. */
    RoundKey asked(SiteId site) {
        return round.opened().place();
    }

    /** The sites that go on with what they were asked. */
    List<SiteId> atWork(Instant now) {
        return List.of();
    }

    boolean isPending(SiteId site) {
        return !collector.has(site)
                && !round.failed().containsKey(site)
                && !run.refused().containsKey(site)
                && isPresent(site);
    }

    boolean isPresent(SiteId site) {
        return Optional.ofNullable(state.sites().get(site))
                .filter(presence ->
                        presence.hello().session().equals(round.sessions().get(site)))
                .isPresent();
    }

    /** Leaves out who did not answer when the round is over. */
    List<AggregatorMessage> leftOut(Position sitesRead, Instant now) {
        return leftOut(pending(), sitesRead, now);
    }

    /** Leaves out these sites, which are present. */
    List<AggregatorMessage> leftOut(List<SiteId> silent, Position sitesRead, Instant now) {
        List<AggregatorMessage> messages = new ArrayList<>();
        for (SiteId site : silent) {
            messages.add(new SiteLeft(
                    site,
                    Optional.ofNullable(state.sites().get(site))
                            .orElseThrow()
                            .hello()
                            .session(),
                    "did not answer " + asked(site) + " by its deadline",
                    sitesRead,
                    now));
        }
        return messages;
    }

    /** Leaves out who did not answer, then closes. */
    List<AggregatorMessage> messages(
            Hash model, OptionalDouble epsilon, Optional<Hash> shared, Position sitesRead, Instant now) {
        List<AggregatorMessage> messages = new ArrayList<>(leftOut(sitesRead, now));
        List<Counted> counted = counted();
        messages.addAll(collector.sum().summary());
        List<SiteId> atWork = atWork(now);
        messages.add(new RoundClosed(
                round.opened().place(),
                counted.size() >= round.opened().quorum() ? RoundOutcome.COMPLETED : RoundOutcome.BELOW_QUORUM,
                counted,
                missing(counted, atWork),
                model,
                collector.sum().bytes(),
                now,
                epsilon,
                shared,
                atWork));
        return messages;
    }

    /** What counts. */
    List<Counted> counted() {
        return collector.sum().counted();
    }

    /** All whose answer the round could count. */
    Set<SiteId> sites() {
        return Set.copyOf(round.opened().cohort());
    }

    private Map<SiteId, String> missing(List<Counted> counted, List<SiteId> atWork) {
        Map<SiteId, String> missing = new TreeMap<>();
        TreeSet<SiteId> others = new TreeSet<>(sites());
        others.removeAll(atWork);
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
        String otherwise = present ? silence() : "its agent went away";
        return collector.sum().absence(site, present).orElse(otherwise) + why;
    }

    /** What is said of a site that is present and did not answer. */
    String silence() {
        return "did not answer by the deadline";
    }
}

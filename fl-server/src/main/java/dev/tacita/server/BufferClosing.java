package dev.tacita.server;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.Position;
import dev.tacita.wire.RoundKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is said of the sites at work when a round of buffered contributions closes. Each has its own deadline, that of the round
 * that asked it, and goes on with its work when a round closes without it.
 */
final class BufferClosing extends Closing {
    private final RunPlan plan;
    private final BufferedRound buffer;

    BufferClosing(
            FederationState state,
            RunState run,
            OpenRound round,
            RunPlan plan,
            Collector collector,
            BufferedRound buffer) {
        super(state, run, round, collector);
        this.plan = plan;
        this.buffer = buffer;
    }

    @Override
    List<SiteId> pending() {
        return run.asks().keySet().stream().filter(this::isPending).sorted().toList();
    }

    @Override
    boolean isPending(SiteId site) {
        return !buffer.has(site) && isPresent(site);
    }

    /** In any life of its agent, which goes on where an earlier one was. */
    @Override
    boolean isPresent(SiteId site) {
        return state.sites().containsKey(site);
    }

    @Override
    boolean hasAll() {
        return buffer.isFull();
    }

    @Override
    boolean canGoOn() {
        return pending().size() >= buffer.free();
    }

    @Override
    List<SiteId> overdue(Instant now) {
        return pending().stream().filter(site -> isOverdue(site, now)).toList();
    }

    private boolean isOverdue(SiteId site, Instant now) {
        return Optional.ofNullable(run.asks().get(site))
                .map(RoundOpened::deadline)
                .filter(deadline -> !now.isBefore(deadline))
                .isPresent();
    }

    @Override
    RoundKey asked(SiteId site) {
        return Optional.ofNullable(run.asks().get(site)).map(RoundOpened::place).orElseGet(() -> super.asked(site));
    }

    /** Nobody, where the buffer is full: what is in the log by now may be an answer in time. */
    @Override
    List<AggregatorMessage> leftOut(Position sitesRead, Instant now) {
        return buffer.isFull() ? List.of() : leftOut(overdue(now), sitesRead, now);
    }

    @Override
    List<SiteId> atWork(Instant now) {
        return isLast()
                ? List.of()
                : run.asks().keySet().stream()
                        .filter(site -> goesOn(site, now))
                        .sorted()
                        .toList();
    }

    private boolean isLast() {
        return buffer.isFull() && round.opened().place().round() == plan.rounds();
    }

    @Override
    String silence() {
        return isLast() ? "was still at work when the last round was over" : super.silence();
    }

    private boolean goesOn(SiteId site, Instant now) {
        if (buffer.isFull()) {
            boolean isLost = !isPresent(site) && isOverdue(site, now) && !buffer.isUncounted(site);
            return !buffer.has(site) && !isLost;
        }
        return buffer.has(site) || !isOverdue(site, now);
    }

    /** Below its quorum a round counts nothing: what it has is kept for the next. */
    @Override
    List<Counted> counted() {
        return buffer.isFull() ? super.counted() : List.of();
    }

    @Override
    Set<SiteId> sites() {
        Set<SiteId> sites = new TreeSet<>(super.sites());
        sites.addAll(run.asks().keySet());
        sites.addAll(round.failed().keySet());
        return sites;
    }
}

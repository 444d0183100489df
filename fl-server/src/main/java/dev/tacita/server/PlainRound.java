package dev.tacita.server;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.Message;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.Position;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.RefusedMessageException.Reason;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage;
import dev.tacita.wire.SiteMessage.ContributionChunk;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A round whose contributions nothing hides: one stage, in which they are added as they arrive. */
final class PlainRound implements RoundSum {
    private static final Logger LOG = LoggerFactory.getLogger(PlainRound.class);
    private static final Duration SLICE = Duration.ofMillis(100);

    private final RoundOpened round;
    private final Asks asks;
    private final RunPlan plan;
    private final Transport transport;
    private final AggregatorMetrics metrics;
    private final Contributions contributions;

    PlainRound(
            RoundOpened round, Asks asks, RunPlan plan, Transport transport, AggregatorMetrics metrics, ExactSum sum) {
        this.round = round;
        this.asks = asks;
        this.plan = plan;
        this.transport = transport;
        this.metrics = metrics;
        this.contributions = new Contributions(
                round,
                asks,
                plan,
                plan.algorithm().contributionSize(plan.model().layout().size()),
                sum,
                Optional.empty());
    }

    @Override
    public void take(Entry entry, SiteMessage message, BiConsumer<SiteId, RefusedMessageException> refused)
            throws RefusedMessageException, InterruptedException {
        if (message instanceof ContributionHeader header) {
            contributions.header(entry, header, refused);
        } else if (message instanceof ContributionChunk chunk) {
            contributions.chunk(entry, chunk);
        } else {
            throw new RefusedMessageException(
                    Reason.WRONG_PROTECTION, message.site() + ", " + round.place() + ": the run's protection is plain");
        }
    }

    @Override
    public void settle(BiConsumer<SiteId, RefusedMessageException> refused) throws InterruptedException {
        contributions.settle(refused);
    }

    @Override
    public void drop(SiteId site) {
        contributions.drop(site);
    }

    @Override
    public boolean has(SiteId site) {
        return contributions.has(site);
    }

    @Override
    public boolean isFinal(SiteId site) {
        return contributions.has(site);
    }

    @Override
    public Optional<String> absence(SiteId site, boolean present) {
        return present && contributions.hasBegun(site)
                ? Optional.of("sent only part of it by the deadline")
                : Optional.empty();
    }

    @Override
    public Instant deadline() {
        return round.deadline();
    }

    @Override
    public Duration patience() {
        return plan.deadline();
    }

    @Override
    public Decision nextStage(Instant now) {
        return Decision.NONE;
    }

    @Override
    public List<Counted> counted() {
        return contributions.counted();
    }

    /** How many contributions are complete. */
    int count() {
        return contributions.count();
    }

    @Override
    public long bytes() {
        return contributions.bytes();
    }

    @Override
    public List<AggregatorMessage> summary() {
        return List.of();
    }

    @Override
    public Optional<double[]> mean() throws InterruptedException {
        return clean().map(Contributions::mean);
    }

    @Override
    public void end() {}

    /** The sum of the complete contributions and of nothing else: what is there if it is clean, else computed again. */
    private Optional<Contributions> clean() throws InterruptedException {
        if (!contributions.tainted()) {
            return Optional.of(contributions);
        }
        LOG.info("{}: adding again from the log, a contribution had been added in part", round.place());
        metrics.rebuilt();
        Contributions again = contributions.restrictedTo(contributions.places());
        Position end = transport.end(Channel.CONTRIBUTIONS);
        try (LogReader from = transport.read(Channel.CONTRIBUTIONS, round.contributionsFrom())) {
            while (again.counted().size() < contributions.counted().size()
                    && !from.position().hasReached(end)) {
                for (Entry entry : from.poll(SLICE)) {
                    addAgain(again, entry);
                }
                again.settle((site, refusal) -> {});
            }
        }
        return Optional.of(again).filter(it -> it.counted().equals(contributions.counted()));
    }

    private void addAgain(Contributions again, Entry entry) throws InterruptedException {
        try {
            Message message = MessageCodec.decode(entry.frame().bytes());
            if (message instanceof ContributionHeader header && isAnswer(header, header.place())) {
                again.header(entry, header, (site, refusal) -> {});
            } else if (message instanceof ContributionChunk chunk && isAnswer(chunk, chunk.place())) {
                again.chunk(entry, chunk);
            }
        } catch (RefusedMessageException e) {
            LOG.debug("passed over while adding again: {}", e.getMessage());
        }
    }

    private boolean isAnswer(SiteMessage message, RoundKey place) {
        return place.equals(asks.place(message.site()));
    }
}

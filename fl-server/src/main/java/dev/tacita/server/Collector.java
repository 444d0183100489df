package dev.tacita.server;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
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
import dev.tacita.wire.SiteMessage.StageAnswer;
import dev.tacita.wire.Transport;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the log of contributions and lets each count, or refuses it by the name of the rule it breaks. */
final class Collector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);
    private static final Duration SLICE = Duration.ofMillis(100);
    private static final String NOT_WAITED_FOR =
            "the site's answer is not waited for any more: its deadline is over, it failed, or it was counted";

    private final Transport transport;
    private final RoundSums sums;
    private final Supplier<FederationState> state;
    private final Refusals refusals;
    private final AggregatorMetrics metrics;
    private final LogReader reader;
    private final Map<SiteId, String> lastRefusal = new HashMap<>();
    private Optional<RoundSum> sum = Optional.empty();
    private Optional<Position> left = Optional.empty();
    private Optional<Position> again = Optional.empty();

    Collector(
            Transport transport,
            Position from,
            Supplier<FederationState> state,
            Refusals refusals,
            AggregatorMetrics metrics,
            RoundSums sums) {
        this.transport = transport;
        this.state = state;
        this.refusals = refusals;
        this.metrics = metrics;
        this.sums = sums;
        this.reader = transport.read(Channel.CONTRIBUTIONS, from);
    }

    /** Starts to collect for the open round of a run, or goes on where the journal shows it to be. */
    void begin(RunState run, RunPlan plan) throws InterruptedException {
        end();
        left = Optional.empty();
        lastRefusal.clear();
        sum = Optional.of(sums.of(run, plan));
        again = buffered().flatMap(round -> run.contributionsFrom());
    }

    /** Stops collecting. */
    void end() {
        Optional<Position> uncounted = buffered().map(round -> round.uncounted(reader.position()));
        sum.ifPresent(RoundSum::end);
        sum = Optional.empty();
        again = Optional.empty();
        left = uncounted.or(() -> left);
    }

    /** Where in the log all begins that may count in the next round, if that were opened now. */
    Position uncounted() {
        return buffered()
                .map(round -> round.uncounted(reader.position()))
                .orElseGet(() -> isHeld() ? left.orElseGet(reader::position) : transport.end(Channel.CONTRIBUTIONS));
    }

    /** What the open round has, if it counts what sites were asked in earlier ones too. */
    Optional<BufferedRound> buffered() {
        return sum.filter(BufferedRound.class::isInstance).map(BufferedRound.class::cast);
    }

    /** Between rounds, what sites at work send stays in the log for the next one. */
    private boolean isHeld() {
        return sum.isEmpty()
                && state.get()
                        .current()
                        .filter(run -> run.open().isEmpty() && !run.asks().isEmpty())
                        .isPresent();
    }

    /** What was read and did not count in the round before comes before all that is new: so it counts in this one. */
    private void readAgain(Position from) throws InterruptedException {
        Position read = reader.position();
        if (from.hasReached(read)) {
            return;
        }
        try (LogReader earlier = transport.read(Channel.CONTRIBUTIONS, from)) {
            while (!earlier.position().hasReached(read)) {
                for (Entry entry : earlier.poll(SLICE)) {
                    if (!read.isBeforeOrAt(entry)) {
                        take(entry, true);
                    }
                }
                settle();
            }
        }
    }

    /** What the open round has; call only while one is open. */
    RoundSum sum() {
        return sum.orElseThrow();
    }

    /** Forgets what a site has begun to send. */
    void drop(SiteId site) {
        sum.ifPresent(it -> it.drop(site));
    }

    /** Whether nobody waits now for a contribution of the site to the open round. */
    boolean has(SiteId site) {
        return sum.filter(it -> it.has(site)).isPresent();
    }

    /** Whether the site's contribution to the open round is complete. */
    boolean isFinal(SiteId site) {
        return sum.filter(it -> it.isFinal(site)).isPresent();
    }

    /** Why a message of the site was refused last in this round. */
    Optional<String> lastRefusal(SiteId site) {
        return Optional.ofNullable(lastRefusal.get(site));
    }

    /** Takes in what arrives in this time, and settles it. */
    void poll(Duration timeout) throws InterruptedException {
        if (isHeld()) {
            return;
        }
        if (again.isPresent()) {
            readAgain(again.get());
            again = Optional.empty();
        }
        for (Entry entry : reader.poll(timeout)) {
            take(entry, false);
        }
        settle();
    }

    private void settle() throws InterruptedException {
        if (sum.isPresent()) {
            sum.get().settle(this::refused);
        }
    }

    /** Takes in all that the log holds at this moment. */
    void drain() throws InterruptedException {
        Position end = transport.end(Channel.CONTRIBUTIONS);
        while (!isHeld() && (again.isPresent() || !reader.position().hasReached(end))) {
            poll(SLICE);
        }
    }

    private void take(Entry entry, boolean known) throws InterruptedException {
        try {
            if (!known) {
                metrics.received("contributions", entry.frame().bytes().remaining());
            }
            Message message = MessageCodec.decode(entry.frame().bytes());
            if (message instanceof ContributionHeader header) {
                take(entry, header, header.place());
            } else if (message instanceof ContributionChunk chunk) {
                take(entry, chunk, chunk.place());
            } else if (message instanceof StageAnswer answer) {
                take(entry, answer, answer.place());
            } else {
                throw new RefusedMessageException(
                        Reason.UNKNOWN_KIND, "contributions must hold headers and chunks of contributions only");
            }
        } catch (RefusedMessageException e) {
            if (!known) {
                refusals.add(Channel.CONTRIBUTIONS, entry, e);
            }
        } catch (RuntimeException e) {
            metrics.unexpected();
            LOG.error("a message of {}/{} could not be handled", entry.partition(), entry.offset(), e);
            refusals.add(Channel.CONTRIBUTIONS, entry, unexpected(e));
        }
    }

    private void take(Entry entry, SiteMessage message, RoundKey place)
            throws RefusedMessageException, InterruptedException {
        SiteId site = message.site();
        RoundSum to = find(place, site, entry);
        try {
            to.take(entry, message, this::refused);
        } catch (RefusedMessageException e) {
            lastRefusal.put(site, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    static RefusedMessageException unexpected(RuntimeException e) {
        return new RefusedMessageException(Reason.MALFORMED, "handling it failed: " + e, e);
    }

    private void refused(SiteId site, RefusedMessageException refusal) {
        lastRefusal.put(site, String.valueOf(refusal.getMessage()));
        refusals.add(site.value(), refusal);
    }

    private RoundSum find(RoundKey place, SiteId site, Entry entry) throws RefusedMessageException {
        RunState run = state.get()
                .run(place.run())
                .filter(it -> it.ended().isEmpty())
                .orElseThrow(() -> refusal(Reason.UNKNOWN_RUN, site, place, "the run is not known, or is over"));
        boolean asked = run.isAsked(site, place);
        Optional<OpenRound> open = run.open()
                .filter(it -> it.opened().place().equals(place)
                        || (asked && buffered().isPresent()));
        if (open.isEmpty() || sum.isEmpty()) {
            throw notOpen(run, place, site);
        }
        RoundOpened round = open.get().opened();
        if (!round.contributionsFrom().isBeforeOrAt(entry)) {
            throw refusal(Reason.STALE, site, place, "it was sent before the round opened");
        }
        if (!asked && !round.cohort().contains(site)) {
            throw refusal(Reason.NOT_IN_COHORT, site, place, "the site was not asked");
        }
        if (open.get().failed().containsKey(site) || run.refused().containsKey(site)) {
            throw refusal(Reason.NOT_IN_COHORT, site, place, "the site has said that it does not take part");
        }
        if (!asked && buffered().isPresent()) {
            throw refusal(Reason.LATE, site, place, NOT_WAITED_FOR);
        }
        return sum.get();
    }

    private RefusedMessageException notOpen(RunState run, RoundKey place, SiteId site) {
        Optional<RoundClosed> last = run.lastClosed().filter(it -> it.place().equals(place));
        if (last.isPresent() && last.get().missing().containsKey(site)) {
            return refusal(Reason.LATE, site, place, "the round is closed");
        }
        if (last.isPresent()
                && last.get().counted().stream().anyMatch(it -> it.site().equals(site))) {
            return refusal(Reason.DUPLICATE, site, place, "the site's contribution was counted");
        }
        boolean over = place.round() <= run.roundsDone()
                || (place.round() == run.roundsDone() + 1 && place.attempt() <= run.attempts());
        if (over && buffered().isPresent()) {
            return refusal(Reason.LATE, site, place, NOT_WAITED_FOR);
        }
        return over
                ? refusal(Reason.STALE, site, place, "the round is closed")
                : refusal(Reason.OUT_OF_ORDER, site, place, "the round has not been opened");
    }

    private static RefusedMessageException refusal(Reason reason, SiteId site, RoundKey place, String why) {
        return new RefusedMessageException(reason, site + ", " + place + ": " + why);
    }

    @Override
    public void close() {
        reader.close();
    }
}

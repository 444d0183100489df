package dev.tacita.server;

import dev.tacita.core.SiteId;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.SiteJoined;
import dev.tacita.wire.AggregatorMessage.SiteLeft;
import dev.tacita.wire.AggregatorMessage.SiteRefused;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.Message;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.Position;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.RefusedMessageException.Reason;
import dev.tacita.wire.SiteMessage.Goodbye;
import dev.tacita.wire.SiteMessage.Hello;
import dev.tacita.wire.SiteMessage.Refusal;
import dev.tacita.wire.Transport;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads what sites say, and decides what follows for who is present. */
final class SiteLog implements AutoCloseable {
    /** What sites say is repeated in the journal, where it must fit in one message with what else is said there. */
    private static final int MOST_BYTES = 64 * 1024;

    private static final String GOODBYE = "said goodbye";

    private final LogReader reader;
    private final Clock clock;
    private final Refusals refusals;
    private final AggregatorMetrics metrics;
    private final Predicate<SiteId> hasAnswered;
    private Position read;

    /**
     * Reads on from a place.
     *
     * @param hasAnswered whether a site's contribution to the open round is complete
     */
    SiteLog(
            Transport transport,
            Position from,
            Clock clock,
            Refusals refusals,
            AggregatorMetrics metrics,
            Predicate<SiteId> hasAnswered) {
        this.reader = transport.read(Channel.SITES, from);
        this.read = from;
        this.clock = clock;
        this.refusals = refusals;
        this.metrics = metrics;
        this.hasAnswered = hasAnswered;
    }

    /** Whether the site left of its own will. */
    static boolean isGoodbye(SiteLeft left) {
        return left.reason().equals(GOODBYE);
    }

    /** How far it has read. */
    Position read() {
        return read;
    }

    /** What follows from what arrives in this time. */
    List<AggregatorMessage> poll(Duration timeout, FederationState state) throws InterruptedException {
        List<AggregatorMessage> decided = new ArrayList<>();
        FederationState after = state;
        for (Entry entry : reader.poll(timeout)) {
            read = read.after(entry);
            Optional<AggregatorMessage> decision = take(entry, after);
            if (decision.isPresent()) {
                after = after.apply(decision.get());
                decided.add(decision.get());
            }
        }
        return decided;
    }

    private Optional<AggregatorMessage> take(Entry entry, FederationState state) {
        try {
            metrics.received("sites", entry.frame().bytes().remaining());
            if (entry.frame().bytes().remaining() > MOST_BYTES) {
                throw new RefusedMessageException(
                        Reason.OVERSIZE,
                        "what a site says must be <= " + MOST_BYTES + " bytes. Provided length: "
                                + entry.frame().bytes().remaining());
            }
            Message message = MessageCodec.decode(entry.frame().bytes());
            if (message instanceof Hello hello) {
                return hello(hello, state);
            } else if (message instanceof Goodbye goodbye) {
                return Optional.of(goodbye(goodbye, state));
            } else if (message instanceof Refusal refusal) {
                return Optional.of(refusal(refusal, state));
            }
            throw new RefusedMessageException(
                    Reason.UNKNOWN_KIND, "what sites say must be a hello, a goodbye or a refusal");
        } catch (RefusedMessageException e) {
            refusals.add(Channel.SITES, entry, e);
        } catch (RuntimeException e) {
            metrics.unexpected();
            refusals.add(Channel.SITES, entry, Collector.unexpected(e));
        }
        return Optional.empty();
    }

    private Optional<AggregatorMessage> hello(Hello hello, FederationState state) throws RefusedMessageException {
        if (!Cohorts.accepts(hello.session())) {
            throw new RefusedMessageException(
                    Reason.OVERSIZE,
                    hello.site() + " must name its session in at most " + Cohorts.MOST_SESSION_BYTES + " bytes");
        }
        boolean known = Optional.ofNullable(state.sites().get(hello.site()))
                .filter(presence -> presence.hello().equals(hello))
                .isPresent();
        return known ? Optional.empty() : Optional.of(new SiteJoined(hello, read, clock.instant()));
    }

    private AggregatorMessage goodbye(Goodbye goodbye, FederationState state) throws RefusedMessageException {
        boolean present = Optional.ofNullable(state.sites().get(goodbye.site()))
                .filter(presence -> presence.hello().session().equals(goodbye.session()))
                .isPresent();
        if (!present) {
            throw new RefusedMessageException(
                    Reason.STALE, goodbye.site() + " said goodbye in a session that is not present");
        }
        return new SiteLeft(goodbye.site(), goodbye.session(), GOODBYE, read, clock.instant());
    }

    private AggregatorMessage refusal(Refusal refusal, FederationState state) throws RefusedMessageException {
        SiteId site = refusal.site();
        RunState run = state.run(refusal.run())
                .filter(it -> it.ended().isEmpty())
                .orElseThrow(() -> new RefusedMessageException(
                        Reason.UNKNOWN_RUN, site + " refuses " + refusal.run() + ", which is not known, or is over"));
        if (!state.sites().containsKey(site)) {
            throw new RefusedMessageException(Reason.NOT_IN_COHORT, site + " refuses, but is not present");
        }
        boolean inCohort = run.asks().containsKey(site)
                || run.open()
                        .filter(round -> round.opened().cohort().contains(site))
                        .isPresent();
        boolean failedAlready = refusal.kind() == Refusal.Kind.FAILURE
                && run.open().filter(round -> round.failed().containsKey(site)).isPresent();
        if (run.refused().containsKey(site) || failedAlready) {
            throw new RefusedMessageException(Reason.DUPLICATE, site + " has refused already");
        }
        if (refusal.kind() == Refusal.Kind.FAILURE && !inCohort) {
            throw new RefusedMessageException(Reason.NOT_IN_COHORT, site + " reports a failure, but is not asked");
        }
        if (inCohort && hasAnswered.test(site)) {
            throw new RefusedMessageException(Reason.DUPLICATE, site + " refuses, but its contribution is complete");
        }
        return new SiteRefused(refusal, read, clock.instant());
    }

    @Override
    public void close() {
        reader.close();
    }
}

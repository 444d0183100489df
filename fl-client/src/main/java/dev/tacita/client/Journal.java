package dev.tacita.client;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import dev.tacita.wire.AggregatorMessage.SiteJoined;
import dev.tacita.wire.AggregatorMessage.SiteLeft;
import dev.tacita.wire.AggregatorMessage.SiteRefused;
import dev.tacita.wire.AggregatorMessage.StageMessage;
import dev.tacita.wire.AggregatorMessage.StageOpened;
import dev.tacita.wire.Message;
import dev.tacita.wire.Position;
import dev.tacita.wire.SiteMessage.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the aggregator's log comes to for one site: a fold, so that reading it again from {@link #restartPlace} gives
 * the same. Does nothing and asks nobody. Follows at most 256 runs at once; more are passed over. For one thread.
 */
final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    /** A plan has up to 448 KiB, so that this many fit in any agent's memory. */
    private static final int MOST_RUNS = 256;

    private final SiteId site;
    private final String session;
    private final Map<RunId, FollowedRun> runs = new LinkedHashMap<>();
    private final Set<RunId> ended = new HashSet<>();
    private Standing standing = Standing.UNKNOWN;
    private long counted;

    /** What the aggregator takes this agent for. */
    enum Standing {
        /** It has not answered the hello yet. */
        UNKNOWN,
        /** Present. */
        PRESENT,
        /** Left out until it says hello again. */
        LEFT_OUT,
        /** Replaced by another agent of the same site. */
        REPLACED
    }

    Journal(SiteId site, String session) {
        this.site = site;
        this.session = session;
    }

    /**
     * Takes the next message.
     *
     * @param place just before it
     * @param now by the site's clock
     * @param fresh whether it was written just now, so that its deadline can be counted from now and the clocks of
     *     site and aggregator need not agree
     */
    void take(Message message, Position place, Instant now, boolean fresh) {
        if (message instanceof RunOpened opened) {
            follow(opened, place);
        } else if (message instanceof RunEnded ended) {
            runs.remove(ended.run());
            this.ended.add(ended.run());
        } else if (message instanceof RoundOpened opened) {
            Duration open = Duration.between(opened.at(), opened.deadline());
            Instant expires = fresh ? now.plus(open) : opened.deadline();
            run(opened.place().run())
                    .flatMap(run -> run.open(
                            new AskedRound(opened, standing == Standing.PRESENT, expires, run.counted()), site))
                    .ifPresent(breach -> LOG.warn("{}: a round is passed over: {}", site, breach));
        } else if (message instanceof StageOpened stage) {
            run(stage.place().run()).ifPresent(run -> run.hear(stage, site));
        } else if (message instanceof StageMessage said) {
            run(said.place().run()).ifPresent(run -> run.hear(said, site));
        } else if (message instanceof RoundClosed closed) {
            counted += closed.counted().stream()
                    .filter(each -> each.site().equals(site) && each.session().equals(session))
                    .count();
            run(closed.place().run())
                    .filter(run -> run.round()
                            .filter(round -> round.message().place().equals(closed.place()))
                            .isPresent())
                    .ifPresent(run -> run.close(closed, site));
        } else if (message instanceof AggregatorMessage aggregator) {
            takeStanding(aggregator);
        }
    }

    /** The runs that are not over, in the order in which they were opened. */
    Collection<FollowedRun> runs() {
        return List.copyOf(runs.values());
    }

    /** The runs whose end it has read. */
    Set<RunId> ended() {
        return Set.copyOf(ended);
    }

    /** How many contributions of this agent have counted. */
    long counted() {
        return counted;
    }

    Standing standing() {
        return standing;
    }

    /**
     * Where an agent that starts anew must begin to read so as to end with the same.
     *
     * @param read the place up to which this one has read
     */
    Position restartPlace(Position read) {
        return runs.values().stream().findFirst().map(FollowedRun::opened).orElse(read);
    }

    private void follow(RunOpened opened, Position place) {
        if (runs.size() < MOST_RUNS) {
            runs.putIfAbsent(opened.run(), new FollowedRun(opened.run(), opened.plan(), place));
        } else if (!runs.containsKey(opened.run())) {
            LOG.warn("{}: run {} is passed over: {} runs are open already", site, opened.run(), MOST_RUNS);
        }
    }

    private void takeStanding(AggregatorMessage message) {
        if (message instanceof SiteJoined joined && joined.hello().site().equals(site)) {
            if (joined.hello().session().equals(session)) {
                standing = Standing.PRESENT;
            } else if (standing != Standing.UNKNOWN) {
                standing = Standing.REPLACED;
            }
        } else if (message instanceof SiteLeft left
                && left.site().equals(site)
                && left.session().equals(session)
                && standing != Standing.REPLACED) {
            standing = Standing.LEFT_OUT;
        } else if (message instanceof SiteRefused refused
                && refused.refusal().site().equals(site)
                && refused.refusal().kind() == Refusal.Kind.POLICY) {
            run(refused.refusal().run()).ifPresent(FollowedRun::refusalIsKnown);
        }
    }

    private Optional<FollowedRun> run(RunId id) {
        return Optional.ofNullable(runs.get(id));
    }
}

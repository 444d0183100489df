package dev.tacita.client;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.Regions;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.secureagg.AggregationMessage;
import dev.tacita.secureagg.AggregationMessage.FromAggregator;
import dev.tacita.secureagg.AggregationMessage.FromSite;
import dev.tacita.secureagg.AggregationMessage.KeyAdvertisement;
import dev.tacita.secureagg.AggregationMessage.MaskedInput;
import dev.tacita.secureagg.AggregationMessage.SharesSent;
import dev.tacita.secureagg.AggregationMessage.SurvivorList;
import dev.tacita.secureagg.AggregationMessage.SurvivorsConfirmed;
import dev.tacita.secureagg.AggregationMessage.UnmaskRequest;
import dev.tacita.secureagg.MalformedMessageException;
import dev.tacita.secureagg.MessageCodec;
import dev.tacita.secureagg.Octets;
import dev.tacita.secureagg.PlannedTerms;
import dev.tacita.secureagg.ProtocolViolationException;
import dev.tacita.secureagg.RoundTerms;
import dev.tacita.secureagg.SiteSession;
import dev.tacita.secureagg.Workers;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.StageMessage;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage.Refusal;
import dev.tacita.wire.Stage;
import dev.tacita.wire.TransportException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A site's part in one attempt at a round under secure aggregation. Its keys are drawn when it begins, are never written, and
 * are gone when it ends: so an agent that was started anew has dropped out of the attempt.
 *
 * <p>What the aggregator has said is judged by the site's own policy, registry and log. What an aggregator that keeps to the
 * protocol would not say ends this site's part in the attempt, and its people read why.
 */
final class SecureAnswer implements RoundWork {
    private static final Logger LOG = LoggerFactory.getLogger(SecureAnswer.class);

    private final SiteId site;
    private final SitePolicy policy;
    private final SiteKeys keys;
    private final Judgement.Accepted accepted;
    private final SecureAggregation protection;
    private final AskedRound asked;
    private final Collection<Set<SiteId>> revealed;
    private final SummedRounds sums;
    private final SiteWork round;
    private final Outbox outbox;
    private final Outage outage;
    private final Backoff backoff;
    private final Clock clock;
    private final ReentrantLock turn = new ReentrantLock();
    private final Queue<StageMessage> inbox = new ArrayDeque<>();
    private int heard;
    private boolean scheduled = true;
    private volatile boolean withdrawn;
    private volatile boolean over;
    private Optional<SiteSession> session = Optional.empty();

    /**
     * Begins with nothing sent.
     *
     * @param revealed of which sites the aggregator may have sums of this very round already, by an earlier attempt in which
     *     this site took part, as the log says
     * @param sums the same, as the site's own record says
     */
    SecureAnswer(
            SiteId site,
            SitePolicy policy,
            SiteKeys keys,
            Judgement.Accepted accepted,
            SecureAggregation protection,
            AskedRound asked,
            Collection<Set<SiteId>> revealed,
            SummedRounds sums,
            SiteWork round,
            Outbox outbox,
            Outage outage,
            Backoff backoff,
            Clock clock) {
        this.site = site;
        this.policy = policy;
        this.keys = keys;
        this.accepted = accepted;
        this.protection = protection;
        this.asked = asked;
        this.revealed = List.copyOf(revealed);
        this.sums = sums;
        this.round = round;
        this.outbox = outbox;
        this.outage = outage;
        this.backoff = backoff;
        this.clock = clock;
    }

    @Override
    public RoundKey place() {
        return asked.message().place();
    }

    @Override
    public boolean isOf(AskedRound other) {
        return asked.message().equals(other.message());
    }

    @Override
    public void withdraw() {
        withdrawn = true;
        endIfWithdrawn();
    }

    @Override
    public boolean hear(List<StageMessage> said) {
        synchronized (inbox) {
            inbox.addAll(said.subList(heard, said.size()));
            heard = said.size();
            boolean needed = !inbox.isEmpty() && !scheduled;
            scheduled |= needed;
            return needed;
        }
    }

    @Override
    public void countedOut(Stage stage) {
        if (!withdrawn) {
            LOG.warn(
                    "{}: {}: the aggregator went on to the stage of {} without this site: its answer came too late, or was"
                            + " kept from it. The site has no further part in this attempt",
                    site,
                    place(),
                    stage);
        }
        withdraw();
    }

    /** At once, unless the answer is being worked on: then when that is over. */
    private void endIfWithdrawn() {
        while (withdrawn && !over && turn.tryLock()) {
            try {
                end();
            } finally {
                turn.unlock();
            }
        }
    }

    private Optional<StageMessage> next() {
        synchronized (inbox) {
            Optional<StageMessage> next = Optional.ofNullable(inbox.poll());
            scheduled = next.isPresent();
            return next;
        }
    }

    @Override
    public void run() {
        turn.lock();
        try {
            work();
        } finally {
            turn.unlock();
        }
        endIfWithdrawn();
    }

    private void work() {
        try {
            if (session.isEmpty() && isWanted()) {
                begin();
            }
            for (Optional<StageMessage> next = next(); next.isPresent(); next = next()) {
                if (isWanted()) {
                    answer(next.get());
                }
            }
        } catch (InterruptedException e) {
            end();
            Thread.currentThread().interrupt();
        } catch (EgressException e) {
            end();
            LOG.error("{}: {}: {}", site, place(), e.getMessage(), e);
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            end();
            LOG.error("{}: {}: the answer could not be sent", site, place(), e);
        }
    }

    private boolean isWanted() {
        return !over && !withdrawn && clock.instant().isBefore(asked.expires());
    }

    private void begin() throws InterruptedException {
        RoundOpened message = asked.message();
        Optional<String> breach = new RoundJudge(policy).judge(accepted.plan(), message);
        if (breach.isPresent()) {
            giveUp(breach.get());
            return;
        }
        try {
            SiteSession opened = SiteSession.open(
                    terms(message),
                    site,
                    keys.identity(),
                    keys.registry(),
                    policy.leastProtection().rules(policy.smallestCohort()),
                    keys.aggregatorKey(),
                    Workers.allProcessors());
            session = Optional.of(opened);
            send(opened.advertisement());
        } catch (ProblemsException e) {
            giveUp("the terms of the round are not what this site asks for: "
                    + String.join(
                            "; ", e.problems().stream().map(Object::toString).toList()));
        }
    }

    private RoundTerms terms(RoundOpened message) {
        return PlannedTerms.of(
                accepted.plan(),
                protection,
                message.place().run(),
                message.place().round(),
                message.place().attempt(),
                Octets.copyOf(message.start().bytes()),
                message.cohort(),
                message.purpose() == Purpose.TRAIN,
                keys.aggregatorKey());
    }

    private void answer(StageMessage said) throws InterruptedException {
        SiteSession mine = session.orElseThrow();
        try {
            if (!(decoded(said) instanceof FromAggregator message)) {
                violated("it sent what only sites say");
                return;
            }
            if (message instanceof SurvivorList list) {
                Optional<String> danger = danger(list);
                if (danger.isPresent()) {
                    giveUp(danger.get());
                    return;
                }
            }
            if (mine.awaitsContribution() && !contributed(mine)) {
                return;
            }
            Optional<FromSite> answer = mine.receive(message);
            if (answer.isPresent() && message instanceof UnmaskRequest request) {
                sums.note(question(), Set.copyOf(request.selfMasksOf()));
            }
            if (answer.isPresent()) {
                send(answer.get());
            }
            over |= mine.isOver();
        } catch (ProtocolViolationException e) {
            violated(e.rule() + ": " + e.getMessage());
        } catch (MalformedMessageException e) {
            violated("it sent what cannot be read: " + e.getMessage());
        } catch (IOException e) {
            LOG.error("{}: {}: the record of sums cannot be written", site, place(), e);
            giveUp("this site cannot write down which sum it helps to, so it does not");
        }
    }

    private static AggregationMessage decoded(StageMessage said) throws MalformedMessageException {
        ByteBuffer view = said.chunk().bytes().duplicate();
        byte[] bytes = new byte[view.remaining()];
        view.get(bytes);
        return MessageCodec.decode(bytes);
    }

    /** Two sums over different sites differ by what the sites sent that are in one of them only. */
    private Optional<String> danger(SurvivorList list) {
        Stream<Set<SiteId>> known = Stream.concat(revealed.stream(), sums.find(question()).stream());
        return known.anyMatch(before -> !before.equals(Set.copyOf(list.survivors())))
                ? Optional.of(
                        "an earlier attempt at this round may have given a sum over other sites, and the difference of"
                                + " the two would show what some sent; this site is in one sum of a round only")
                : Optional.empty();
    }

    /** Of the whole run, where this one is a part of it: a region begins its part anew when its rounds came to nothing. */
    private SummedRounds.Question question() {
        RoundOpened message = asked.message();
        RunPlan plan = accepted.plan();
        RunId run = plan.part()
                .map(Regions.PartOf::run)
                .orElseGet(() -> message.place().run());
        int round = plan.algorithm().counted(message.place().round());
        return new SummedRounds.Question(run, round, message.start());
    }

    /** Trains, when all shares are there: so stages that wait for nobody's training stay short. */
    private boolean contributed(SiteSession mine) throws InterruptedException {
        Answer answer = withModel();
        if (answer instanceof Answer.Hidden hidden) {
            mine.contribute(hidden.contribution());
            return true;
        }
        if (answer instanceof Answer.Refused refused) {
            end();
            refuse(Refusal.Kind.POLICY, refused.reason());
        } else if (answer instanceof Answer.Failed failed) {
            giveUp(failed.reason());
        }
        return false;
    }

    private Answer withModel() throws InterruptedException {
        while (true) {
            try {
                return round.answer(accepted, asked);
            } catch (TransportException e) {
                outage.began(e);
                Thread.sleep(backoff.next().toMillis());
            }
        }
    }

    private void send(FromSite message) throws InterruptedException {
        Stage stage = stage(message);
        byte[] bytes = MessageCodec.encode(message);
        while (isWanted()) {
            try {
                outbox.answerStage(place(), stage, bytes);
                outage.over();
                LOG.info("{}: {}: answered in the stage of {}", site, place(), stage);
                return;
            } catch (TransportException e) {
                outage.began(e);
                Thread.sleep(backoff.next().toMillis());
            }
        }
    }

    private static Stage stage(FromSite message) {
        if (message instanceof KeyAdvertisement) {
            return Stage.KEYS;
        } else if (message instanceof SharesSent) {
            return Stage.SHARES;
        } else if (message instanceof MaskedInput) {
            return Stage.INPUTS;
        }
        return message instanceof SurvivorsConfirmed ? Stage.SIGNATURES : Stage.ANSWERS;
    }

    private void violated(String what) throws InterruptedException {
        LOG.error(
                "{}: {}: the aggregator, or who writes in its name, broke the protocol of secure aggregation: {}. This site's"
                        + " keys of the attempt are gone, and it sends nothing more in it. Ask the aggregator's people why",
                site,
                place(),
                what);
        end();
        refuse(Refusal.Kind.FAILURE, "the aggregator broke the protocol of secure aggregation: " + what);
    }

    private void giveUp(String reason) throws InterruptedException {
        LOG.warn("{}: {}: {}", site, place(), reason);
        end();
        refuse(Refusal.Kind.FAILURE, reason);
    }

    private void refuse(Refusal.Kind kind, String reason) throws InterruptedException {
        while (!withdrawn && clock.instant().isBefore(asked.expires())) {
            try {
                outbox.refuse(place().run(), kind, List.of(PlanJudge.bounded(reason)));
                return;
            } catch (TransportException e) {
                outage.began(e);
                Thread.sleep(backoff.next().toMillis());
            }
        }
    }

    private void end() {
        over = true;
        session.ifPresent(SiteSession::close);
    }
}

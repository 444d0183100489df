package dev.tacita.client;

import dev.tacita.client.Journal.Standing;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.BesideTheUpdate;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.Protection;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.dp.plan.RunLedger;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.Position;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.SiteMessage.DatasetOffer;
import dev.tacita.wire.SiteMessage.Refusal;
import dev.tacita.wire.Transport;
import dev.tacita.wire.TransportException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the log of rounds for one site and does what it asks: one thread that reads, and answers that run on another.
 * Whatever the aggregator writes, and whatever fails, it goes on until it is told to end.
 */
final class SiteAgent implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SiteAgent.class);

    private final AgentSetup setup;
    private final SiteId site;
    private final Transport transport;
    private final String session = UUID.randomUUID().toString();
    private final Outage outage;
    private final Outage sending;
    private final Outbox outbox;
    private final PlanJudge judge;
    private final SiteWork work;
    private final KeptUpdates kept;
    private final SiteMemories memories;
    private final SummedRounds sums;
    private final Answers answers;
    private final AgentMemory memory;
    private final Backoff reconnect;
    private final Backoff returning;
    private final Set<RunId> announced = new HashSet<>();
    private Journal journal;
    private Optional<Position> read = Optional.empty();
    private Instant nextHello = Instant.MIN;
    private long counted;
    private boolean greeted;
    private boolean hasReachedTheEnd;
    private boolean replacedIsKnown;
    private volatile boolean ending;

    SiteAgent(
            AgentSetup setup,
            ModelCache models,
            EgressRecord egress,
            Optional<RunLedger> ledger,
            KeptUpdates kept,
            SiteMemories memories,
            PersonalModels personal,
            SummedRounds sums,
            Answers answers,
            AgentMemory memory) {
        this.setup = setup;
        this.site = setup.site();
        this.transport = setup.transport();
        this.outage = new Outage(site);
        this.sending = new Outage(site);
        this.outbox = new Outbox(transport, site, session, egress, setup.clock());
        this.kept = kept;
        this.memories = memories;
        this.sums = sums;
        PrivateTraining privately = new PrivateTraining(ledger, kept, setup.trainer(), setup.gradients());
        this.judge = new PlanJudge(
                setup.policy(),
                setup.keys().isPresent(),
                setup.datasets(),
                setup.trainer(),
                privately,
                ledger,
                setup.region());
        this.work = setup.region()
                .<SiteWork>map(region -> new RegionalRound(site, setup.policy(), region, models))
                .orElseGet(() -> new LocalRound(
                        site,
                        setup.policy(),
                        setup.datasets(),
                        setup.trainer(),
                        privately,
                        memories,
                        personal,
                        models));
        this.answers = answers;
        this.memory = memory;
        this.reconnect = backoff();
        this.returning = backoff();
        this.journal = new Journal(site, session);
    }

    /** Asks the agent to say goodbye and end; its thread must be interrupted too. */
    void end() {
        ending = true;
    }

    @Override
    public void run() {
        read = memory.rounds();
        while (!ending) {
            try {
                try {
                    follow();
                } catch (TransportException e) {
                    if (ending) {
                        break;
                    }
                    outage.began(e);
                    Thread.sleep(reconnect.next().toMillis());
                } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                    if (ending) {
                        break;
                    }
                    LOG.error("{}: something went wrong; reading the log again from its place", site, e);
                    Thread.sleep(reconnect.next().toMillis());
                }
            } catch (InterruptedException e) {
                ending = true;
            }
        }
        leave();
    }

    private void follow() throws InterruptedException {
        if (!greeted) {
            hello();
            greeted = true;
        }
        Position end = transport.end(Channel.ROUNDS);
        Position place = startPlace(end);
        read = Optional.of(place);
        try (LogReader reader = transport.read(Channel.ROUNDS, place)) {
            boolean caughtUp = place.hasReached(end);
            hasReachedTheEnd |= caughtUp;
            long lastEntry = System.nanoTime();
            while (!ending) {
                if (caughtUp) {
                    act();
                    outage.over();
                    reconnect.reset();
                }
                List<Entry> entries = reader.poll(setup.timing().poll());
                for (Entry entry : entries) {
                    place = take(entry, place, caughtUp);
                }
                lastEntry = entries.isEmpty() ? lastEntry : System.nanoTime();
                boolean atTheEnd = reader.position().hasReached(end);
                hasReachedTheEnd |= atTheEnd;
                caughtUp |= atTheEnd
                        || System.nanoTime() - lastEntry
                                >= setup.timing().quiet().toNanos();
            }
        }
    }

    private Position startPlace(Position end) {
        Position beginning = transport.beginning(Channel.ROUNDS);
        if (read.isPresent()) {
            Position place = read.get();
            if (place.offsets().size() == beginning.offsets().size()
                    && place.hasReached(beginning)
                    && end.hasReached(place)) {
                return place;
            }
            LOG.warn("{}: the log of rounds has nothing at {}; it is read from its beginning", site, place);
            journal = new Journal(site, session);
            memories.logBeginsAnew();
            hasReachedTheEnd = false;
        }
        return beginning;
    }

    private Position take(Entry entry, Position place, boolean fresh) {
        try {
            journal.take(
                    MessageCodec.decode(entry.frame().bytes()),
                    place,
                    setup.clock().instant(),
                    fresh);
        } catch (RefusedMessageException e) {
            LOG.warn("{}: entry {} of the log of rounds is passed over: {}", site, entry.offset(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{}: entry {} of the log of rounds is passed over", site, entry.offset(), e);
        }
        Position next = place.after(entry);
        read = Optional.of(next);
        return next;
    }

    private void act() throws InterruptedException {
        Map<RunId, FollowedRun> runs = journal.runs().stream().collect(Collectors.toMap(FollowedRun::id, run -> run));
        answers.keepOnly(runs.keySet());
        announced.retainAll(runs.keySet());
        kept.keepOnly(runs.keySet());
        memories.erase(journal.ended());
        if (isReplaced()) {
            answers.keepOnly(Set.of());
            return;
        }
        helloAgain();
        if (hasReachedTheEnd) {
            setup.region().ifPresent(region -> region.keepOnly(runs.keySet()));
        }
        for (FollowedRun run : journal.runs()) {
            act(run);
        }
        memory.save(journal.restartPlace(read.orElseThrow()));
    }

    private void act(FollowedRun run) throws InterruptedException {
        Judgement judgement = run.judgement(judge);
        if (judgement instanceof Judgement.Refused refused) {
            refuse(run, refused);
        } else if (judgement instanceof Judgement.Accepted accepted) {
            announce(run.id(), accepted);
            Optional<AskedRound> asked = run.round().filter(this::isAsked);
            if (asked.isEmpty() && accepted.plan().algorithm() instanceof FedBuff) {
                asked = run.outstanding().filter(this::isAsked);
            }
            if (asked.isEmpty()) {
                answers.stop(run.id());
            } else {
                if (!answers.isStarted(asked.get())) {
                    answer(run, accepted, asked.get());
                }
                answers.hear(run.id(), run.said(), run.countedOut());
            }
        }
    }

    private void announce(RunId run, Judgement.Accepted accepted) {
        if (announced.add(run)) {
            LOG.info(
                    "{}: takes part in run {}: {}",
                    site,
                    run,
                    BesideTheUpdate.sentence(accepted.plan().algorithm(), accepted.parameters()));
        }
    }

    private void refuse(FollowedRun run, Judgement.Refused refused) throws InterruptedException {
        if (!run.isRefusalKnown()) {
            outbox.refuse(run.id(), Refusal.Kind.POLICY, refused.reasons());
            run.refusalIsKnown();
            LOG.info("{}: refused run {}: {}", site, run.id(), String.join("; ", refused.reasons()));
        }
    }

    /**
     * A round of an earlier life may be long over while the log has only been silent: to answer it would put what it leaves in the
     * place of what later rounds left.
     */
    private boolean isAsked(AskedRound round) {
        return round.message().cohort().contains(site) && (round.inThisLife() || hasReachedTheEnd);
    }

    private void answer(FollowedRun run, Judgement.Accepted accepted, AskedRound asked) {
        RoundOpened message = asked.message();
        if (!setup.clock().instant().isBefore(asked.expires())) {
            answers.stop(message.place().run());
            return;
        }
        if (accepted.plan().protection() instanceof SecureAggregation protection) {
            answerSecurely(run, accepted, protection, asked);
        } else {
            answers.start(new RoundAnswer(site, accepted, asked, work, outbox, sending, backoff(), setup.clock()));
        }
    }

    /** An attempt that began in an earlier life of the agent is not answered: its keys are gone. */
    private void answerSecurely(
            FollowedRun run, Judgement.Accepted accepted, SecureAggregation protection, AskedRound asked) {
        if (asked.inThisLife()) {
            answers.start(new SecureAnswer(
                    site,
                    setup.policy(),
                    setup.keys().orElseThrow(),
                    accepted,
                    protection,
                    asked,
                    run.revealed(),
                    sums,
                    work,
                    outbox,
                    sending,
                    backoff(),
                    setup.clock()));
        }
    }

    private boolean isReplaced() {
        boolean replaced = journal.standing() == Standing.REPLACED;
        if (replaced && !replacedIsKnown) {
            LOG.error("{}: another agent has taken this site's place; this one does nothing any more", site);
        }
        replacedIsKnown = replaced;
        return replaced;
    }

    private void helloAgain() throws InterruptedException {
        if (journal.counted() != counted) {
            counted = journal.counted();
            returning.reset();
        }
        if (journal.standing() != Standing.LEFT_OUT) {
            nextHello = Instant.MIN;
            return;
        }
        Instant now = setup.clock().instant();
        if (nextHello.equals(Instant.MIN)) {
            nextHello = now.plus(returning.next());
        } else if (!now.isBefore(nextHello)) {
            LOG.info("{}: the aggregator has left this site out; saying hello again", site);
            hello();
            nextHello = now.plus(returning.next());
        }
    }

    private void hello() throws InterruptedException {
        outbox.hello(
                setup.version(),
                setup.region().isPresent()
                        ? new TreeSet<>(setup.policy().datasets())
                                .stream().map(SiteAgent::offer).toList()
                        : new TreeMap<>(setup.datasets())
                                .entrySet().stream()
                                        .filter(entry ->
                                                setup.policy().datasets().contains(entry.getKey()))
                                        .map(entry -> offer(entry.getKey(), entry.getValue()))
                                        .toList());
    }

    /** Of a region, whose sites know how many rows they have. */
    private static DatasetOffer offer(String name) {
        return new DatasetOffer(name, Optional.empty(), Optional.empty());
    }

    private DatasetOffer offer(String name, OfferedDataset dataset) {
        return new DatasetOffer(
                name,
                setup.policy().leastProtection().least() == Protection.SECURE_AGGREGATION
                        ? Optional.empty()
                        : Optional.of((long) dataset.data().train().size()),
                setup.policy().classBalance().share(dataset.classCounts()));
    }

    private void leave() {
        answers.close();
        Thread.interrupted();
        if (!greeted) {
            return;
        }
        try {
            outbox.goodbye();
        } catch (TransportException | EgressException e) {
            LOG.warn("{}: ended without a goodbye: {}", site, e.getMessage());
        } catch (InterruptedException e) {
            LOG.warn("{}: ended without a goodbye: there was no time", site);
        }
    }

    private Backoff backoff() {
        return new Backoff(setup.timing().firstRetry(), setup.timing().longestRetry(), new SplittableRandom());
    }
}

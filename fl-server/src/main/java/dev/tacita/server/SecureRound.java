package dev.tacita.server;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.number.Quantization;
import dev.tacita.secureagg.Aggregate;
import dev.tacita.secureagg.AggregationFailedException;
import dev.tacita.secureagg.AggregationMessage.FromAggregator;
import dev.tacita.secureagg.AggregationMessage.SharesDelivered;
import dev.tacita.secureagg.AggregatorSession;
import dev.tacita.secureagg.MessageCodec;
import dev.tacita.secureagg.Octets;
import dev.tacita.secureagg.PlannedTerms;
import dev.tacita.secureagg.Reception;
import dev.tacita.secureagg.RingVector;
import dev.tacita.secureagg.RoundTerms;
import dev.tacita.secureagg.SummedMetrics;
import dev.tacita.secureagg.Workers;
import dev.tacita.server.StageAnswers.Complete;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RoundSummed;
import dev.tacita.wire.AggregatorMessage.StageAnswered;
import dev.tacita.wire.AggregatorMessage.StageMessage;
import dev.tacita.wire.AggregatorMessage.StageOpened;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Hash;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.Position;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.RefusedMessageException.Reason;
import dev.tacita.wire.SiteMessage;
import dev.tacita.wire.SiteMessage.StageAnswer;
import dev.tacita.wire.Stage;
import dev.tacita.wire.TensorChunk;
import dev.tacita.wire.Transport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A round under secure aggregation: five stages, and a sum at their end. That a stage is over, and whose answers counted in it, is
 * in the journal before the next one begins; so what a crash interrupts goes on from the journal and the contributions that it
 * names, or is given up and tried again as another attempt, for which every site has fresh keys.
 */
final class SecureRound implements RoundSum {
    private static final Logger LOG = LoggerFactory.getLogger(SecureRound.class);
    private static final Duration SLICE = Duration.ofMillis(100);

    private final RoundOpened round;
    private final RunPlan plan;
    private final SecureAggregation protection;
    private final Map<SiteId, String> sessions;
    private final RoundTerms terms;
    private final AggregatorSession session;
    private final StageAnswers incoming;
    private final SortedMap<SiteId, StageAnswered> counted = new TreeMap<>();
    private final Map<SiteId, String> dropped = new HashMap<>();
    private final Set<SiteId> readAgain = new HashSet<>();
    private Stage stage = Stage.KEYS;
    private Instant deadline;
    private Optional<String> failure = Optional.empty();
    private long bytes;

    private SecureRound(OpenRound open, RunPlan plan, SecureAggregation protection, SecureSettings settings) {
        this.round = open.opened();
        this.plan = plan;
        this.protection = protection;
        this.sessions = open.sessions();
        this.terms = PlannedTerms.of(
                plan,
                protection,
                round.place().run(),
                round.place().round(),
                round.place().attempt(),
                Octets.copyOf(round.start().bytes()),
                round.cohort(),
                round.purpose() == Purpose.TRAIN,
                settings.key().publicKey());
        this.session = AggregatorSession.open(terms, settings.key(), settings.registry(), Workers.allProcessors());
        this.incoming = new StageAnswers(terms);
        this.deadline = round.at().plus(protection.stageDeadline());
    }

    /** Begins a round, or goes on with one that the journal shows to be open. */
    static SecureRound open(
            OpenRound open, RunPlan plan, SecureAggregation protection, SecureSettings settings, Transport transport)
            throws InterruptedException {
        SecureRound round = new SecureRound(open, plan, protection, settings);
        for (StageOpened next : open.stages()) {
            if (next.stage() != Stage.KEYS && round.failure.isEmpty()) {
                round.repeat(next, transport);
            }
            round.deadline = next.deadline();
        }
        return round;
    }

    /** Closes a stage once more, with the answers that counted in it. */
    private void repeat(StageOpened next, Transport transport) throws InterruptedException {
        Map<SiteId, Hash> wanted = new HashMap<>();
        next.counted().forEach(each -> wanted.put(each.site(), each.answer()));
        Position end = transport.end(Channel.CONTRIBUTIONS);
        try (LogReader reader = transport.read(Channel.CONTRIBUTIONS, round.contributionsFrom())) {
            while (counted.size() < wanted.size() && !reader.position().hasReached(end)) {
                for (Entry entry : reader.poll(SLICE)) {
                    takeAgain(entry, wanted);
                }
            }
        }
        readAgain.addAll(round.cohort());
        if (!counted.keySet().equals(wanted.keySet())) {
            fail("the log no longer holds what sites answered in the stage of " + stage);
            return;
        }
        Decision repeated = nextStage(next.at());
        if (!repeated.messages().contains(next) && failure.isEmpty()) {
            fail("the log and the journal do not fit together in the stage of " + stage);
        }
    }

    private void takeAgain(Entry entry, Map<SiteId, Hash> wanted) {
        try {
            if (dev.tacita.wire.MessageCodec.decode(entry.frame().bytes()) instanceof StageAnswer answer
                    && answer.place().equals(round.place())
                    && answer.stage() == stage
                    && wanted.containsKey(answer.site())
                    && answer.session().equals(sessions.get(answer.site()))) {
                Optional<Complete> complete = incoming.add(entry, answer);
                if (complete.isPresent()
                        && complete.get().hash().equals(wanted.get(answer.site()))
                        && !counted.containsKey(answer.site())) {
                    count(answer.site(), complete.get());
                }
            }
        } catch (RefusedMessageException e) {
            LOG.debug("passed over while reading again: {}", e.getMessage());
        }
    }

    @Override
    public void take(Entry entry, SiteMessage message, BiConsumer<SiteId, RefusedMessageException> refused)
            throws RefusedMessageException {
        if (!(message instanceof StageAnswer answer)) {
            throw refusal(
                    Reason.WRONG_PROTECTION, message.site(), "must protect with secure aggregation, as the plan says");
        }
        SiteId site = answer.site();
        if (!answer.session().equals(sessions.get(site))) {
            throw refusal(Reason.STALE, site, "was asked in another life of its agent, whose keys are gone with it");
        }
        if (answer.stage() != stage) {
            if (answer.stage().compareTo(stage) < 0 && readAgain.contains(site)) {
                return;
            }
            throw answer.stage().compareTo(stage) < 0
                    ? refusal(Reason.LATE, site, "the stage of " + answer.stage() + " is over")
                    : refusal(Reason.OUT_OF_ORDER, site, "the stage of " + answer.stage() + " has not begun");
        }
        if (!session.asked().contains(site)) {
            throw refusal(Reason.NOT_IN_COHORT, site, "has dropped out");
        }
        if (counted.containsKey(site)) {
            throw refusal(Reason.DUPLICATE, site, "has answered in this stage already");
        }
        Optional<Complete> complete = incoming.add(entry, answer);
        if (complete.isPresent()) {
            count(site, complete.get());
        }
    }

    private void count(SiteId site, Complete answer) throws RefusedMessageException {
        if (!answer.message().site().equals(site)) {
            throw refusal(Reason.MALFORMED, site, "sent an answer in the name of another");
        }
        Reception reception = session.receive(answer.message());
        if (reception != Reception.COUNTED) {
            throw refusal(
                    Reason.MALFORMED, site, "its answer in the stage of " + stage + " is not taken: " + reception);
        }
        counted.put(site, new StageAnswered(site, answer.hash()));
        bytes += answer.bytes();
    }

    @Override
    public void settle(BiConsumer<SiteId, RefusedMessageException> refused) {}

    @Override
    public void drop(SiteId site) {
        incoming.drop(site);
    }

    @Override
    public boolean has(SiteId site) {
        return !session.asked().contains(site) || counted.containsKey(site);
    }

    @Override
    public boolean isFinal(SiteId site) {
        return stage == Stage.ANSWERS && counted.containsKey(site);
    }

    @Override
    public Optional<String> absence(SiteId site, boolean present) {
        return Optional.ofNullable(dropped.get(site)).or(() -> failure);
    }

    @Override
    public Instant deadline() {
        return deadline;
    }

    @Override
    public Duration patience() {
        return length(stage);
    }

    private Duration length(Stage of) {
        return of == Stage.INPUTS ? plan.deadline() : protection.stageDeadline();
    }

    @Override
    public Decision nextStage(Instant now) {
        if (failure.isPresent() || session.aggregate().isPresent()) {
            return Decision.NONE;
        }
        Stage closed = stage;
        session.asked().stream()
                .filter(site -> !counted.containsKey(site))
                .forEach(site -> dropped.put(site, "dropped out in the stage of " + closed));
        List<AggregatorMessage> messages = new ArrayList<>();
        try {
            List<FromAggregator> said = session.closeStage();
            if (closed == Stage.ANSWERS) {
                checkWeight();
                return Decision.NONE;
            }
            stage = closed.next();
            deadline = now.plus(length(stage));
            messages.add(new StageOpened(round.place(), stage, List.copyOf(counted.values()), deadline, now));
            said.forEach(message -> messages.add(new StageMessage(round.place(), stage, to(message), chunk(message))));
        } catch (AggregationFailedException e) {
            fail("no sum: " + e.getMessage());
            return Decision.NONE;
        }
        counted.clear();
        incoming.clear();
        return new Decision(List.of(), messages, Optional.empty());
    }

    private void checkWeight() {
        if (round.purpose() == Purpose.TRAIN && weight() < 1) {
            fail("no mean: the weights must add up to at least 1. Provided value: " + weight());
        }
    }

    private void fail(String why) {
        LOG.warn("{}: {}", round.place(), why);
        failure = Optional.of(why);
        session.close();
    }

    private static Optional<SiteId> to(FromAggregator message) {
        return message instanceof SharesDelivered delivered ? Optional.of(delivered.to()) : Optional.empty();
    }

    private static TensorChunk chunk(FromAggregator message) {
        return new TensorChunk(0, ByteBuffer.wrap(MessageCodec.encode(message)));
    }

    private Optional<Aggregate> aggregate() {
        return failure.isEmpty() ? session.aggregate() : Optional.empty();
    }

    @Override
    public List<Counted> counted() {
        return aggregate().map(Aggregate::survivors).orElse(List.of()).stream()
                .map(site -> new Counted(
                        site,
                        Optional.ofNullable(sessions.get(site)).orElse(""),
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        OptionalDouble.empty()))
                .toList();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public List<AggregatorMessage> summary() {
        Optional<Aggregate> sum = aggregate();
        if (sum.isEmpty()) {
            return List.of();
        }
        SummedMetrics metrics = SummedMetrics.of(sum.get().sum(SummedMetrics.SPEC.name()));
        boolean training = round.purpose() == Purpose.TRAIN;
        int sites = sum.get().survivors().size();
        return List.of(new RoundSummed(
                round.place(),
                sites,
                terms.sharing().threshold(),
                training ? weight() : 0,
                metrics.training(),
                metrics.validation(),
                metrics.test(),
                training ? protection.quantization().errorBound(sites, weight()) : 0));
    }

    private long weight() {
        return aggregate().orElseThrow().sum(PlannedTerms.UPDATE).number(0);
    }

    @Override
    public Optional<double[]> mean() {
        RingVector sum = aggregate().orElseThrow().sum(PlannedTerms.UPDATE);
        Quantization quantization = protection.quantization();
        long weight = weight();
        double[] mean = new double[sum.length() - 1];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = quantization.mean(sum.number(1 + i), weight);
        }
        return Optional.of(mean);
    }

    @Override
    public void end() {
        session.close();
        incoming.clear();
    }

    private RefusedMessageException refusal(Reason reason, SiteId site, String rule) {
        return new RefusedMessageException(reason, site + ", " + round.place() + ": " + rule);
    }
}

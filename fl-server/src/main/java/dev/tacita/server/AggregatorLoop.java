package dev.tacita.server;

import dev.tacita.core.FederationId;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.dp.ledger.BudgetExceededException;
import dev.tacita.server.Decision.Parameters;
import dev.tacita.wire.AggregatorLog.Write;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.Counted;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunEnded.RunOutcome;
import dev.tacita.wire.AggregatorMessage.SiteLeft;
import dev.tacita.wire.AggregatorMessage.SiteRefused;
import dev.tacita.wire.Channel;
import dev.tacita.wire.FencedException;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Position;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.Transport;
import dev.tacita.wire.TransportException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of an aggregator: it reads, decides, writes the decision, and lets it take effect. */
final class AggregatorLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AggregatorLoop.class);
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration SHORT = Duration.ofMillis(25);
    private static final Duration BACK_OFF = Duration.ofSeconds(1);

    private final Transport transport;
    private final Clock clock;
    private final AggregatorListener listener;
    private final AggregatorMetrics metrics;
    private final Refusals refusals;
    private final ExactSum sum;
    private final Plans plans = new Plans();
    private final RunRecords records;
    private final FederationPrivacy privacy;
    private final Journal journal;
    private final Opening opening;
    private final Collector collector;
    private final Patience patience;
    private final SiteLog sites;
    private final Queue<Command> commands = new ConcurrentLinkedQueue<>();
    private volatile FederationState state = FederationState.EMPTY;
    private volatile Optional<String> waitingFor = Optional.empty();
    private Optional<Parameters> parameters = Optional.empty();
    private final Contact contact;
    private boolean live;
    private volatile boolean stopping;

    /** What an operator asks for; it runs on the loop's thread. */
    interface Command {
        void run() throws InterruptedException;

        /** The loop ended; without effect once it has run. */
        void abandon();
    }

    /** Takes the right to write, and takes in all that was decided before. */
    AggregatorLoop(
            FederationId federation,
            Transport transport,
            AggregatorSettings settings,
            Clock clock,
            AggregatorMetrics metrics,
            AggregatorListener listener)
            throws InterruptedException {
        this.transport = transport;
        this.clock = clock;
        this.listener = listener;
        this.metrics = metrics;
        this.refusals = new Refusals(metrics, clock);
        this.records = new RunRecords(settings.runsDirectory(), plans);
        this.privacy = FederationPrivacy.open(settings, federation);
        this.contact = new Contact(transport, clock);
        this.journal = new Journal(transport, contact, this::decided);
        journal.replay();
        this.sum = new ExactSum(settings.aggregationThreads());
        this.collector = new Collector(
                transport,
                contributionsFrom(),
                this::state,
                refusals,
                metrics,
                new RoundSums(transport, metrics, sum, settings.secure()));
        this.opening = new Opening(clock, plans, collector::uncounted, settings.secure());
        this.patience = new Patience(clock, contact, collector);
        this.sites = new SiteLog(
                transport,
                state.sitesRead().orElseGet(() -> transport.beginning(Channel.SITES)),
                clock,
                refusals,
                metrics,
                collector::isFinal);
    }

    FederationState state() {
        return state;
    }

    RunRecords records() {
        return records;
    }

    FederationPrivacy privacy() {
        return privacy;
    }

    Optional<String> waitingFor() {
        return waitingFor;
    }

    void submit(Command command) {
        commands.add(command);
    }

    /** Tells who asked for what was never done; any thread, when the loop has ended. */
    void abandonCommands() {
        for (Command command = commands.poll(); command != null; command = commands.poll()) {
            command.abandon();
        }
    }

    /** Lets the loop end after the step it is at. */
    void stop() {
        stopping = true;
    }

    /** Goes on where the journal ends, until it is stopped, or the thread is interrupted. */
    void run() throws InterruptedException {
        boolean recovered = false;
        do {
            try {
                if (!recovered) {
                    recover();
                    recovered = true;
                }
                step();
            } catch (FencedException e) {
                throw e;
            } catch (TransportException e) {
                LOG.warn("the log cannot be used now, trying again: {}", e.getMessage());
                Thread.sleep(BACK_OFF.toMillis());
            } catch (RuntimeException e) {
                metrics.unexpected();
                LOG.error("a step failed that never should, trying again", e);
                Thread.sleep(BACK_OFF.toMillis());
            }
        } while (!stopping);
    }

    private Position contributionsFrom() {
        return state.current()
                .flatMap(RunState::contributionsFrom)
                .orElseGet(() -> transport.end(Channel.CONTRIBUTIONS));
    }

    private void recover() throws InterruptedException {
        if (!live) {
            live = true;
            goOn();
        }
        collector.drain();
        for (RunState run : state.runs().values()) {
            if (run.ended().isEmpty()) {
                records.write(run.opened().run());
            }
        }
        countNow();
    }

    private void goOn() throws InterruptedException {
        Optional<RunState> run = state.current().filter(it -> it.open().isPresent());
        if (run.isPresent()) {
            RoundOpened opened = run.get().open().orElseThrow().opened();
            begin(opened.place().run());
            LOG.info("{} was open when the aggregator stopped; it goes on", opened.place());
            contact.begin();
        }
    }

    /** What belongs in the directory of a run that ends. */
    private Optional<Parameters> last(RunEnded ended) throws InterruptedException {
        Optional<RunState> run = state.run(ended.run());
        if (run.isEmpty()
                || ended.model().isEmpty()
                || records.history(ended.run()).isEmpty()) {
            return Optional.empty();
        }
        return find(run.get(), ended.model().get());
    }

    private void step() throws InterruptedException {
        for (Command command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
        }
        boolean open = state.current().flatMap(RunState::open).isPresent();
        collector.poll(open ? SHORT : AT_ONCE);
        commit(new Decision(List.of(), sites.poll(open ? AT_ONCE : SHORT, state), Optional.empty()));
        try {
            advance();
        } catch (ProblemsException e) {
            fail("the plan cannot be read by this version: " + e.getMessage());
        }
        waitingFor = opening.waitingFor();
    }

    private void advance() throws InterruptedException {
        Optional<RunState> current = state.current();
        if (current.isEmpty()) {
            return;
        }
        Optional<OpenRound> open = current.get().open();
        if (open.isEmpty()) {
            commit(opening.next(state));
        } else {
            Closing closing = closing(current.get(), open.get());
            if (patience.isOver(closing)) {
                goOn(current.get(), open.get(), closing);
            } else {
                commit(new Decision(
                        List.of(),
                        closing.leftOut(patience.overdue(closing), sites.read(), clock.instant()),
                        Optional.empty()));
            }
        }
    }

    private Closing closing(RunState run, OpenRound round) {
        return Closing.of(state, run, round, plans.of(run.opened()), collector);
    }

    private void goOn(RunState run, OpenRound round, Closing closing) throws InterruptedException {
        List<AggregatorMessage> leftOut = closing.leftOut(sites.read(), clock.instant());
        Decision stage = collector.sum().nextStage(clock.instant());
        if (stage.isEmpty()) {
            close(run, round);
        } else {
            commit(new Decision(List.of(), leftOut, Optional.empty()).and(stage));
        }
    }

    private void close(RunState run, OpenRound round) throws InterruptedException {
        RunPlan plan = plans.of(run.opened());
        Hash model = round.opened().model();
        Optional<Parameters> next = Optional.empty();
        List<Counted> counted = collector.sum().counted();
        boolean enough = counted.size() >= round.opened().quorum();
        if (enough && round.opened().purpose() == Purpose.TRAIN) {
            Optional<double[]> sum = collector.sum().mean();
            Optional<Parameters> from = findWithMemory(run, plan, model);
            if (sum.isEmpty() || from.isEmpty()) {
                fail("the log no longer holds " + (sum.isEmpty() ? "the contributions to " : "the model of ")
                        + round.opened().place());
                return;
            }
            double[] mean;
            try {
                mean = privacy.withNoise(
                        round.opened().place(),
                        plan,
                        sum.get(),
                        counted.size(),
                        round.opened().cohort().size());
            } catch (BudgetExceededException e) {
                fail(round.opened().place() + ": " + e.getMessage());
                return;
            }
            Step step = Step.of(plan, round.opened(), from.get(), mean, counted.size());
            if (step.problem().isPresent()) {
                fail(round.opened().place() + ": " + step.problem().get());
                return;
            }
            next = step.parameters();
        }
        Hash after = next.map(Parameters::model).orElse(model);
        RoundKey place = round.opened().place();
        Optional<Shared> shared =
                next.filter(it -> place.round() < plan.rounds()).flatMap(it -> Shared.by(plan, it));
        Optional<Hash> goesOn =
                next.isPresent() ? shared.map(Shared::hash) : round.opened().shared();
        List<AggregatorMessage> closed = closing(run, round)
                .messages(after, privacy.spentBy(run.opened().run(), plan), goesOn, sites.read(), clock.instant());
        FederationState then = state;
        for (AggregatorMessage message : closed) {
            then = then.apply(message);
        }
        List<Write> models = new ArrayList<>(next.filter(it -> !it.model().equals(model))
                .map(it -> Models.writes(it.model(), it.values()))
                .orElse(List.of()));
        // Also what stays as it was: models are kept for days, and runs last longer.
        shared.ifPresent(it -> models.addAll(it.writes()));
        next.ifPresent(it -> models.addAll(ServerMemory.writes(place.run(), place.round(), it.memory())));
        commit(new Decision(models, closed, next).and(opening.next(then)));
    }

    private Optional<Parameters> findWithMemory(RunState run, RunPlan plan, Hash model) throws InterruptedException {
        Optional<Parameters> found = find(run, model);
        return found.isEmpty()
                ? found
                : ServerMemory.join(transport, run.opened().run(), plan, run.roundsDone(), found.get());
    }

    private Optional<Parameters> find(RunState run, Hash model) throws InterruptedException {
        if (parameters.filter(it -> it.model().equals(model)).isEmpty()) {
            int size = plans.of(run.opened()).model().layout().size();
            Optional<Parameters> stored = records.parameters(run.opened().run(), model);
            parameters = stored.isPresent()
                    ? stored
                    : Models.read(transport, model, size).map(values -> new Parameters(model, values));
        }
        return parameters;
    }

    private void fail(String reason) throws InterruptedException {
        RunState run = state.current().orElseThrow();
        LOG.error("run {} failed: {}", run.opened().run(), reason);
        commit(Decision.of(new RunEnded(run.opened().run(), RunOutcome.FAILED, reason, run.model(), clock.instant())));
    }

    /** The newest parameters of a run; empty if it has none, or nothing holds them any more. */
    Optional<float[]> newest(RunId id) throws InterruptedException {
        Optional<RunState> run = state.run(id).filter(it -> it.model().isPresent());
        return run.isEmpty()
                ? Optional.empty()
                : find(run.get(), run.get().model().orElseThrow()).map(Parameters::values);
    }

    /** Writes a decision; it takes effect when it is durable. */
    void commit(Decision decision) throws InterruptedException {
        if (decision.isEmpty()) {
            return;
        }
        if (decision.parameters().isPresent()) {
            parameters = decision.parameters();
        }
        for (AggregatorMessage message : decision.messages()) {
            if (message instanceof RunEnded ended) {
                // Found before anything is written: nothing may fail between the log and what is seen.
                last(ended);
            }
        }
        journal.commit(decision.models(), decision.messages());
    }

    private void decided(AggregatorMessage message) throws InterruptedException {
        measure(message);
        try {
            record(message);
        } catch (RuntimeException e) {
            metrics.unexpected();
            LOG.error("a decision takes effect, but could not be recorded", e);
        }
        state = state.apply(message);
        if (live) {
            follow(message);
            countNow();
        }
        try {
            listener.decided(message);
        } catch (RuntimeException e) {
            metrics.unexpected();
            LOG.error("a decision took effect, but somebody who was told of it failed", e);
        }
    }

    /** Whoever sees that a run ended finds its files: so they come first, and are mended where a crash came between. */
    private void record(AggregatorMessage message) throws InterruptedException {
        if (live || !(message instanceof RunEnded ended)) {
            records.add(message, live, parameters);
        } else if (records.isComplete(ended.run(), ended.model().isPresent())) {
            records.add(message, false, Optional.empty());
        } else {
            records.add(message, true, last(ended));
        }
    }

    private void follow(AggregatorMessage message) throws InterruptedException {
        if (message instanceof RoundOpened opened) {
            begin(opened.place().run());
        } else if (message instanceof RoundClosed || message instanceof RunEnded) {
            if (state.current().flatMap(RunState::open).isEmpty()) {
                collector.end();
            }
        } else if (message instanceof SiteRefused refused) {
            collector.drop(refused.refusal().site());
        }
    }

    private void begin(RunId id) throws InterruptedException {
        RunState run = state.run(id).orElseThrow();
        collector.begin(run, plans.of(run.opened()));
    }

    private void measure(AggregatorMessage message) {
        if (message instanceof RoundClosed closed) {
            state.run(closed.place().run())
                    .flatMap(RunState::open)
                    .ifPresent(round -> metrics.roundClosed(
                            round.opened().purpose().name(),
                            closed.outcome().name(),
                            Duration.between(round.opened().at(), closed.at()),
                            closed.counted().size()));
        } else if (message instanceof SiteLeft left && !SiteLog.isGoodbye(left)) {
            metrics.pruned();
        }
    }

    private void countNow() {
        metrics.now(state.sites().size(), (int) state.runs().values().stream()
                .filter(run -> run.ended().isEmpty())
                .count());
    }

    @Override
    public void close() {
        collector.close();
        sites.close();
        sum.close();
        privacy.close();
        journal.close();
    }
}

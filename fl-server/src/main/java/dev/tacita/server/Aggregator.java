package dev.tacita.server;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.FederationId;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.Regions;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.server.RunState.Status;
import dev.tacita.server.report.RunHistory;
import dev.tacita.wire.AggregatorLog.Write;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunEnded.RunOutcome;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import dev.tacita.wire.AggregatorMessage.RunResumed;
import dev.tacita.wire.FencedException;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Tensors;
import dev.tacita.wire.Transport;
import dev.tacita.wire.TransportException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The aggregator of a federation: runs queue and execute one at a time, in the order of their submission.
 *
 * <p>Guarantees: every decision is in the log before it takes effect, so that an aggregator that is killed at any
 * moment and started again on the same log ends with the same bits; the order of arrival and the number of threads
 * change nothing; no message of a peer ends it. Only one aggregator writes: a second one takes over, and the first
 * ends with {@link FencedException}. A paused run keeps its turn. Who sees here that a run ended, in a state, a history
 * or by a listener, finds its directory complete, unless the disk refused it, which the aggregator's log says.
 *
 * <p>Safe for use by several threads.
 */
public final class Aggregator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Aggregator.class);

    private static final long PATIENCE_MILLIS = 10_000;

    private final FederationId federation;
    private final Clock clock;
    private final boolean secure;
    private final AggregatorLoop loop;
    private final Thread thread;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Object changed = new Object();
    private long changes;

    private Aggregator(
            FederationId federation,
            Transport transport,
            AggregatorSettings settings,
            Clock clock,
            MeterRegistry meters,
            AggregatorListener listener)
            throws InterruptedException {
        this.federation = requireNonNull(federation, "federation is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.secure = settings.secure().isPresent();
        this.loop =
                new AggregatorLoop(federation, transport, settings, clock, new AggregatorMetrics(meters), message -> {
                    listener.decided(message);
                    noteChange();
                });
        this.thread = new Thread(this::run, "aggregator-" + federation);
    }

    /**
     * Takes the right to write, reads the journal and goes on where it ends. The transport stays the caller's.
     *
     * @throws TransportException if the log cannot be reached, or cannot be read
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public static Aggregator start(
            FederationId federation,
            Transport transport,
            AggregatorSettings settings,
            Clock clock,
            MeterRegistry meters,
            AggregatorListener listener)
            throws InterruptedException {
        Aggregator aggregator = new Aggregator(federation, transport, settings, clock, meters, listener);
        aggregator.thread.start();
        return aggregator;
    }

    /** Which federation it serves. */
    public FederationId federation() {
        return federation;
    }

    /** What it knows now. */
    public FederationState state() {
        return loop.state();
    }

    /** What a run did; empty if no run has that name. */
    public Optional<RunHistory> history(RunId run) {
        return loop.records().history(run);
    }

    /** Where a run stands; empty if no run has that name. */
    public Optional<Status> status(RunId run) {
        FederationState now = state();
        return now.run(run).map(it -> status(now, it));
    }

    /** What the run whose turn it is waits for, if it is sites. */
    public Optional<String> waitingFor() {
        return loop.waitingFor();
    }

    /**
     * Queues a run, when its plan is durable in the log.
     *
     * @param plan its text, YAML
     * @return its name; completed exceptionally if the aggregator ends first
     * @throws ProblemsException with every problem of the plan, also if its model does not fit in this JVM's heap, a round
     *     would need more than 1,000 sites, the federation's privacy budget does not allow the run, or the plan is a region's
     *     part in another run
     */
    public CompletableFuture<RunId> submit(String plan) {
        RunPlan read = Plans.submitted(plan, Runtime.getRuntime().maxMemory(), secure);
        if (read.part().isPresent()) {
            throw new ProblemsException(
                    "plan",
                    List.of(Problem.of(
                            "algorithm",
                            "a region's part in a run is submitted by the region, when it is asked for it.")));
        }
        return submit(plan, read, List.of(), Optional.empty());
    }

    /**
     * Queues a region's part in a round of another run, when its plan and the model that it begins from are durable in the log.
     *
     * @param plan its text, YAML
     * @param parameters of the model that the plan names
     * @return its name; completed exceptionally if the aggregator ends first
     * @throws ProblemsException with every problem of the plan, as for any other
     * @throws IllegalArgumentException if the plan is no such part, or names another model
     */
    public CompletableFuture<RunId> submitPart(String plan, float[] parameters) {
        RunPlan read = Plans.submitted(plan, Runtime.getRuntime().maxMemory(), secure);
        Hash model = Tensors.sha256(parameters);
        if (!read.part().map(Regions.PartOf::model).equals(Optional.of(model.toString()))) {
            throw new IllegalArgumentException(
                    "the plan must be a region's part that begins from the model given, " + model
                            + ". Provided value: "
                            + read.part().map(Object::toString).orElse("no part"));
        }
        return submit(
                plan, read, Models.writes(model, parameters), Optional.of(new Decision.Parameters(model, parameters)));
    }

    /** @param parameters that the run begins from, if not drawn; kept, so that nothing has to look for them in the log */
    private CompletableFuture<RunId> submit(
            String plan, RunPlan read, List<Write> models, Optional<Decision.Parameters> parameters) {
        List<Problem> problems =
                loop.privacy().problemsWith(Plans.name(read, loop.state().runs().keySet()), read);
        if (!problems.isEmpty()) {
            throw new ProblemsException("plan", problems);
        }
        return ask(state -> {
            RunId run = Plans.name(read, state.runs().keySet());
            var opened = new RunOpened(run, plan, loop.records().version(), clock.instant());
            return new Answer<>(new Decision(models, List.of(opened), parameters), run);
        });
    }

    /** The newest parameters of a run, not to be changed; empty if it has none, or nothing holds them any more. */
    public CompletableFuture<Optional<float[]>> parameters(RunId run) {
        return ask(state -> new Answer<>(Decision.NONE, loop.newest(run)));
    }

    /** Ends a run, whatever it does; completed exceptionally with {@link RunStateException} if it is over. */
    public CompletableFuture<RunId> stop(RunId run) {
        return stop(run, "stopped by an operator");
    }

    /** The same, for a reason in one sentence that the log and the reports will have. */
    public CompletableFuture<RunId> stop(RunId run, String reason) {
        return ask(state -> {
            RunState found = state.run(run).orElseThrow(() -> new UnknownRunException(run));
            if (found.ended().isPresent()) {
                throw new RunStateException("run " + run + " is over");
            }
            var end = new RunEnded(run, RunOutcome.STOPPED, reason, found.model(), clock.instant());
            return new Answer<>(Decision.of(end), run);
        });
    }

    /** Lets a paused run go on; completed exceptionally with {@link RunStateException} if it is not paused. */
    public CompletableFuture<RunId> resume(RunId run) {
        return ask(state -> {
            RunState found = state.run(run).orElseThrow(() -> new UnknownRunException(run));
            if (found.paused().isEmpty()) {
                throw new RunStateException("run " + run + " is not paused");
            }
            return new Answer<>(Decision.of(new RunResumed(run, clock.instant())), run);
        });
    }

    /** Completed when the aggregator has ended: normally if it was closed, else with what ended it. */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /** A number that grows with every decision. */
    public long changes() {
        synchronized (changed) {
            return changes;
        }
    }

    /** Waits until {@link #changes} is not {@code seen}, the aggregator has ended, or this many milliseconds passed. */
    public long awaitChange(long seen, long milliseconds) throws InterruptedException {
        long until = System.nanoTime() + milliseconds * 1_000_000;
        synchronized (changed) {
            long left = until - System.nanoTime();
            while (changes == seen && left > 0 && !ended.isDone()) {
                changed.wait(Math.max(1, left / 1_000_000));
                left = until - System.nanoTime();
            }
            return changes;
        }
    }

    private Status status(FederationState now, RunState run) {
        if (run.ended().isPresent()) {
            return switch (run.ended().get().outcome()) {
                case COMPLETED -> Status.COMPLETED;
                case STOPPED -> Status.STOPPED;
                case FAILED -> Status.FAILED;
            };
        }
        boolean turn = now.current().filter(run::equals).isPresent();
        if (!turn) {
            return Status.QUEUED;
        }
        if (run.paused().isPresent()) {
            return Status.PAUSED;
        }
        return run.open().isEmpty() && waitingFor().isPresent() ? Status.WAITING_FOR_SITES : Status.RUNNING;
    }

    private record Answer<T>(Decision decision, T value) {}

    private interface Question<T> {
        Answer<T> answer(FederationState state) throws InterruptedException;
    }

    private <T> CompletableFuture<T> ask(Question<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.submit(new AggregatorLoop.Command() {
            @Override
            public void run() throws InterruptedException {
                try {
                    Answer<T> found = question.answer(loop.state());
                    loop.commit(found.decision());
                    answer.complete(found.value());
                } catch (UnknownRunException | RunStateException e) {
                    answer.completeExceptionally(e);
                } finally {
                    abandon();
                }
            }

            @Override
            public void abandon() {
                answer.completeExceptionally(
                        new TransportException("the aggregator of " + federation + " ended before it answered"));
            }
        });
        if (ended.isDone()) {
            loop.abandonCommands();
        }
        return answer;
    }

    private void run() {
        Optional<Throwable> failure = Optional.empty();
        try (loop) {
            loop.run();
        } catch (InterruptedException e) {
            LOG.debug("the aggregator was closed");
        } catch (FencedException e) {
            LOG.error("another aggregator of federation {} has taken over; this one ends", federation);
            failure = Optional.of(e);
        } catch (RuntimeException | Error e) {
            LOG.error("the aggregator ends", e);
            failure = Optional.of(e);
        } finally {
            failure.ifPresentOrElse(ended::completeExceptionally, () -> ended.complete(null));
            loop.abandonCommands();
            noteChange();
        }
    }

    private void noteChange() {
        synchronized (changed) {
            changes++;
            changed.notifyAll();
        }
    }

    /**
     * Ends after the decision it is at, with the files of that decision written; the runs go on when an aggregator is
     * started again.
     */
    @Override
    public void close() {
        loop.stop();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join(PATIENCE_MILLIS);
                loop.records().interrupt(thread);
            } catch (InterruptedException e) {
                interrupted = true;
                loop.records().interrupt(thread);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.tacita.client;

import dev.tacita.core.RunId;
import dev.tacita.wire.AggregatorMessage.StageMessage;
import dev.tacita.wire.Stage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The answers that an agent works on, at most one for each run, each round once. For one thread, but for its tasks. */
final class Answers implements AutoCloseable {
    private final ExecutorService executor;
    private final boolean own;
    private final Duration shutdown;
    private final Map<RunId, Started> started = new HashMap<>();

    private record Started(RoundWork answer, Future<?> future) {
        void stop() {
            answer.withdraw();
            future.cancel(true);
        }
    }

    /** Runs on the executor, which stays the caller's; empty means on a thread of its own, named after the agent. */
    Answers(Optional<ExecutorService> shared, String name, Duration shutdown) {
        this.own = shared.isEmpty();
        this.executor = shared.orElseGet(() -> ownExecutor(name));
        this.shutdown = shutdown;
    }

    /** Whether this round has been begun: this one, not one of the same name in a run that is over. */
    boolean isStarted(AskedRound asked) {
        return Optional.ofNullable(started.get(asked.message().place().run()))
                .filter(each -> each.answer().isOf(asked))
                .isPresent();
    }

    /** Begins an answer; what was under way in its run is stopped. */
    void start(RoundWork answer) {
        stop(answer.place().run());
        started.put(answer.place().run(), new Started(answer, executor.submit(answer)));
    }

    /** Lets the answer in a run go on with what the aggregator has said in its round so far, unless it was counted out. */
    void hear(RunId run, List<StageMessage> said, Optional<Stage> countedOut) {
        Started under = started.get(run);
        if (under != null && countedOut.isPresent()) {
            under.answer().countedOut(countedOut.get());
        } else if (under != null && under.answer().hear(said)) {
            started.put(run, new Started(under.answer(), executor.submit(under.answer())));
        }
    }

    /** Stops what is under way in a run. */
    void stop(RunId run) {
        Optional.ofNullable(started.get(run)).ifPresent(Started::stop);
    }

    /** Forgets, and stops, all runs but these. */
    void keepOnly(Set<RunId> runs) {
        Set.copyOf(started.keySet()).stream().filter(run -> !runs.contains(run)).forEach(run -> {
            stop(run);
            started.remove(run);
        });
    }

    /** Stops everything; waits for a thread of its own for as long as a shutdown may take. */
    @Override
    public void close() {
        keepOnly(Set.of());
        if (own) {
            executor.shutdownNow();
        }
    }

    /** Whether the thread of its own has ended in time; true if there is none. */
    boolean awaitEnd() throws InterruptedException {
        return !own || executor.awaitTermination(shutdown.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ExecutorService ownExecutor(String name) {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}

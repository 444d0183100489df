package dev.tacita.simulations;

import dev.tacita.core.learning.PerExampleGradients;
import dev.tacita.engine.EnginePerExampleGradients;
import dev.tacita.engine.EngineTrainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that take the next piece of work when they are done with one. Phases come from one thread. */
final class Workers implements AutoCloseable {
    private final List<Worker> workers = new ArrayList<>();
    private final ExecutorService threads;

    /** One thread's own: a trainer, and a sum of words modulo 2^64. */
    static final class Worker {
        final EngineTrainer trainer = new EngineTrainer();
        long[] sum = {};
        private Optional<PerExampleGradients> gradients = Optional.empty();

        /** Gradients of single examples; what they need is made when they are first asked for. */
        PerExampleGradients gradients() {
            PerExampleGradients made = gradients.orElseGet(EnginePerExampleGradients::new);
            gradients = Optional.of(made);
            return made;
        }
    }

    /** A piece of work. */
    interface Piece {
        void run(Worker worker, int index) throws InterruptedException;
    }

    Workers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("workers must be >= 1. Provided value: " + count);
        }
        for (int i = 0; i < count; i++) {
            workers.add(new Worker());
        }
        AtomicInteger number = new AtomicInteger();
        threads = Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, "simulation-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    List<Worker> all() {
        return workers;
    }

    /** Does pieces 0 to {@code count} - 1, begun in this order, and returns when all are done. */
    void run(int count, Piece piece) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (Worker worker : workers) {
            running.add(threads.submit(() -> work(worker, next, count, piece)));
        }
        try {
            for (Future<?> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            abandon(running);
            if (e.getCause() instanceof RuntimeException failed) {
                throw failed;
            }
            if (e.getCause() instanceof Error failed) {
                throw failed;
            }
            throw new IllegalStateException("a worker ended early: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            abandon(running);
            throw e;
        }
    }

    /** Interrupts what runs; as it may take a moment to notice, it keeps its workers, and new ones stand in for them. */
    private void abandon(List<Future<?>> running) {
        running.forEach(each -> each.cancel(true));
        workers.replaceAll(worker -> new Worker());
    }

    /** How many pieces this worker did. */
    private static Integer work(Worker worker, AtomicInteger next, int count, Piece piece) throws InterruptedException {
        int done = 0;
        for (int index = next.getAndIncrement(); index < count; index = next.getAndIncrement()) {
            piece.run(worker, index);
            done++;
        }
        return done;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

package dev.tacita.simulations;

import dev.tacita.core.learning.ServerState;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Threads that take the next piece of work when they are done with one, the largest first. For one thread. */
final class ThreadWorkers implements AutoCloseable {
    private final List<Worker> workers = new ArrayList<>();
    private final ExecutorService threads;

    ThreadWorkers(int count) {
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

    /** These threads at the work of one simulation. */
    Workers in(Workshop workshop) {
        return new Workers() {
            @Override
            public <R extends Serializable> Done<R> work(List<ServerState> states, List<? extends Piece<R>> pieces)
                    throws InterruptedException {
                return ThreadWorkers.this.work(workshop, states, pieces);
            }
        };
    }

    private <R extends Serializable> Workers.Done<R> work(
            Workshop workshop, List<ServerState> states, List<? extends Piece<R>> pieces) throws InterruptedException {
        int[] largestFirst = IntStream.range(0, pieces.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> -pieces.get(i).rows()))
                .mapToInt(Integer::intValue)
                .toArray();
        List<R> results = new ArrayList<>(Collections.nCopies(pieces.size(), null));
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (Worker worker : workers) {
            worker.begin();
            running.add(threads.submit(() -> {
                for (int i = next.getAndIncrement(); i < largestFirst.length; i = next.getAndIncrement()) {
                    int place = largestFirst[i];
                    results.set(place, pieces.get(place).doneBy(worker, workshop, states));
                }
                return worker;
            }));
        }
        await(running);
        return new Workers.Done<>(results, sum());
    }

    private long[] sum() {
        long[] sum = {};
        for (Worker worker : workers) {
            long[] own = worker.sum();
            if (sum.length == 0) {
                sum = own;
            } else if (own.length > 0) {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += own[i];
                }
            }
        }
        return sum;
    }

    private void await(List<Future<?>> running) throws InterruptedException {
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

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

package dev.tacita.secureagg;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Who does work that can be cut into pieces. The library has no thread of its own: the pieces run on the calling thread,
 * or also on threads that the caller lends. The result is the same.
 */
public final class Workers {
    private final Executor executor;
    private final int count;

    private Workers(Executor executor, int count) {
        this.executor = executor;
        this.count = count;
    }

    /** The calling thread alone. */
    public static Workers callingThread() {
        return new Workers(Runnable::run, 1);
    }

    /** The calling thread, and the threads that the JVM keeps for such work: as many in all as there are processors. */
    public static Workers allProcessors() {
        return new Workers(ForkJoinPool.commonPool(), Runtime.getRuntime().availableProcessors());
    }

    /** The calling thread and {@code count - 1} tasks of the executor; at least 1. */
    public static Workers of(Executor executor, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("count must be >= 1. Provided value: " + count);
        }
        return new Workers(executor, count);
    }

    /** Runs the pieces 0 to {@code pieces - 1}, each worker with a tool of its own, and returns when all are done. */
    void run(int pieces, Supplier<? extends IntConsumer> tools) {
        AtomicInteger next = new AtomicInteger();
        Runnable work = () -> {
            IntConsumer tool = tools.get();
            for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
                tool.accept(piece);
            }
        };
        List<Helper> helpers = IntStream.range(1, Math.min(count, pieces))
                .mapToObj(i -> new Helper(work))
                .toList();
        helpers.forEach(executor::execute);
        work.run();
        try {
            helpers.forEach(Helper::join);
        } catch (CompletionException e) {
            throw new IllegalStateException("a worker failed", e.getCause());
        }
    }

    /** Work that a lent thread does, unless it comes too late. */
    private static final class Helper implements Runnable {
        private final Runnable work;
        private final AtomicBoolean begun = new AtomicBoolean();
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Helper(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (begun.compareAndSet(false, true)) {
                done.completeAsync(
                        () -> {
                            work.run();
                            return null;
                        },
                        Runnable::run);
            }
        }

        /** Waits for work that has begun; what has not, never will. */
        void join() {
            if (!begun.compareAndSet(false, true)) {
                done.join();
            }
        }
    }
}

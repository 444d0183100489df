package dev.tacita.server;

import dev.tacita.core.learning.ContributionRule;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.wire.Hash;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.TensorChunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The sum of a round, one word modulo 2^64 for each parameter, and the threads that add to it. Each thread has chunks
 * of its own, by their index, so that no two touch one word; any number of threads gives the same bits. Calls come
 * from one thread.
 */
final class ExactSum implements AutoCloseable {
    private final List<ExecutorService> threads = new ArrayList<>();
    private final List<ChunkWork> work = new ArrayList<>();
    private long[] words = new long[0];

    ExactSum(int threadCount) {
        for (int i = 0; i < threadCount; i++) {
            int number = i;
            work.add(new ChunkWork());
            threads.add(Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task, "aggregation-" + number);
                thread.setDaemon(true);
                return thread;
            }));
        }
    }

    /** Zeros, this many. */
    void reset(int size) {
        if (words.length == size) {
            Arrays.fill(words, 0);
        } else {
            words = new long[size];
        }
    }

    /** Gives the memory back. */
    void release() {
        words = new long[0];
    }

    /** Starts to verify and add a chunk; the result is why it was refused, in which case nothing was added. */
    Future<Optional<RefusedMessageException>> add(
            TensorChunk chunk,
            Hash expected,
            Optional<ContributionRule> rule,
            long weight,
            WordAccumulator accumulator) {
        int thread = chunk.index() % threads.size();
        long[] sum = words;
        return threads.get(thread).submit(() -> {
            try {
                work.get(thread).add(chunk, expected, rule, weight, accumulator, sum);
                return Optional.empty();
            } catch (RefusedMessageException e) {
                return Optional.of(e);
            }
        });
    }

    /** What came of an {@link #add}, when it is done. */
    static Optional<RefusedMessageException> await(Future<Optional<RefusedMessageException>> added)
            throws InterruptedException {
        try {
            return added.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("adding a chunk failed: " + e.getCause(), e.getCause());
        }
    }

    /** The weighted mean that the sum stands for. */
    double[] mean(FixedPoint encoding, long totalWeight) {
        double[] mean = new double[words.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = encoding.mean(words[i], totalWeight);
        }
        return mean;
    }

    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdownNow);
    }
}

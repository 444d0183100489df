package dev.tacita.engine;

import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.number.SeedStream;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Which examples each step of a training takes: passes over all of them, each in a new random order unless one batch has
 * them all. The same seeds give the same batches.
 */
public final class Batches {
    private final RandomGenerator random;
    private final int[] order;
    private final int size;
    private long stepsLeft;
    private int from;
    private int count;

    /**
     * Before the first batch of a task.
     *
     * @param examples at least 1
     */
    public Batches(int examples, LocalWork.Train work, SeedStream shuffle) {
        random = shuffle.random();
        order = IntStream.range(0, examples).toArray();
        size = Math.min(examples, work.batchSize().orElse(examples));
        from = examples;
        stepsLeft = work.steps(examples);
    }

    /** Goes to the next batch; false after the last. */
    public boolean next() {
        if (stepsLeft == 0) {
            return false;
        }
        stepsLeft--;
        from += count;
        if (from >= order.length) {
            from = 0;
            if (!isFull()) {
                shuffle();
            }
        }
        count = Math.min(size, order.length - from);
        return true;
    }

    private void shuffle() {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int other = order[j];
            order[j] = order[i];
            order[i] = other;
        }
    }

    /** Whether one batch has all examples. */
    public boolean isFull() {
        return size == order.length;
    }

    /** Examples of the largest batch. */
    public int largest() {
        return size;
    }

    /** Indexes of all examples, of which this batch has some; not to be changed. */
    public int[] order() {
        return order;
    }

    /** Where the batch begins in {@link #order}. */
    public int from() {
        return from;
    }

    /** Examples of the batch. */
    public int count() {
        return count;
    }
}

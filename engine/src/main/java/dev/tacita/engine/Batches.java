package dev.tacita.engine;

import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.number.SeedStream;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Which examples each step of a training takes: passes over all of them, each in a new random order. */
final class Batches {
    private final RandomGenerator random;
    private final int[] order;
    private final int size;
    private long stepsLeft;
    private int from;
    private int count;

    Batches(int examples, LocalWork.Train work, SeedStream shuffle) {
        random = shuffle.random();
        order = IntStream.range(0, examples).toArray();
        size = Math.min(examples, work.batchSize().orElse(examples));
        from = examples;
        long stepsInPass = (examples + (long) size - 1) / size;
        stepsLeft = work.extent() instanceof LocalWork.Extent.Epochs epochs
                ? epochs.count() * stepsInPass
                : ((LocalWork.Extent.Steps) work.extent()).count();
    }

    /** Goes to the next batch; false after the last. */
    boolean next() {
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

    boolean isFull() {
        return size == order.length;
    }

    int largest() {
        return size;
    }

    int[] order() {
        return order;
    }

    int from() {
        return from;
    }

    int count() {
        return count;
    }
}

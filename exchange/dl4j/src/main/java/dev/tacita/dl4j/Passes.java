package dev.tacita.dl4j;

import dev.tacita.core.learning.LocalWork;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Which examples each step takes: passes over all of them, each in a new random order unless one batch has them all. */
final class Passes {
    private final int[] order;
    private final int size;
    private final RandomGenerator random;
    private long stepsLeft;
    private int from;

    Passes(int examples, LocalWork.Train work, RandomGenerator random) {
        order = IntStream.range(0, examples).toArray();
        size = Math.min(examples, work.batchSize().orElse(examples));
        this.random = random;
        long stepsInPass = (examples + (long) size - 1) / size;
        stepsLeft = work.extent() instanceof LocalWork.Extent.Epochs epochs
                ? epochs.count() * stepsInPass
                : ((LocalWork.Extent.Steps) work.extent()).count();
        from = examples;
    }

    boolean isDone() {
        return stepsLeft == 0;
    }

    int[] next() {
        stepsLeft--;
        if (from >= order.length) {
            from = 0;
            if (size < order.length) {
                shuffle();
            }
        }
        int[] batch = Arrays.copyOfRange(order, from, Math.min(from + size, order.length));
        from += batch.length;
        return batch;
    }

    private void shuffle() {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int other = order[j];
            order[j] = order[i];
            order[i] = other;
        }
    }
}

package dev.tacita.region;

import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.engine.EngineTrainer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The engine's trainer, with one training that waits at a gate, or fails there. */
final class Gate implements LocalTrainer {
    private final EngineTrainer engine = new EngineTrainer();
    private final AtomicInteger trainings = new AtomicInteger();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);
    private final int number;
    private final boolean fails;

    private Gate(int number, boolean fails) {
        this.number = number;
        this.fails = fails;
    }

    /** Before this training of the site, counted from 1. */
    static Gate waiting(int number) {
        return new Gate(number, false);
    }

    static Gate failing(int number) {
        return new Gate(number, true);
    }

    void awaitReached() throws InterruptedException {
        reached.await();
    }

    void open() {
        opened.countDown();
    }

    @Override
    public LocalResult train(LocalTask task, Examples train) throws InterruptedException {
        if (trainings.incrementAndGet() == number) {
            if (fails) {
                throw new IllegalStateException("this training fails");
            }
            reached.countDown();
            opened.await();
        }
        return engine.train(task, train);
    }

    @Override
    public Evaluation evaluate(LocalTask task, Examples examples) throws InterruptedException {
        return engine.evaluate(task, examples);
    }
}

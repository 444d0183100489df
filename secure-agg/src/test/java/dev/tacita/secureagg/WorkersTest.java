package dev.tacita.secureagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WorkersTest {
    @Test
    void everyPieceIsDoneOnce() {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int pieces = 0; pieces < 50; pieces++) {
                AtomicIntegerArray done = new AtomicIntegerArray(pieces);
                Workers.of(threads, 4).run(pieces, () -> done::incrementAndGet);
                for (int i = 0; i < pieces; i++) {
                    assertThat(done.get(i)).as("piece " + i + " of " + pieces).isEqualTo(1);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @Timeout(20)
    void threadsThatNeverComeAreNotWaitedFor() {
        List<Runnable> waiting = new ArrayList<>();
        AtomicIntegerArray done = new AtomicIntegerArray(10);
        Workers.of(waiting::add, 3).run(10, () -> done::incrementAndGet);
        assertThat(waiting).hasSize(2);
        waiting.forEach(Runnable::run);
        for (int i = 0; i < 10; i++) {
            assertThat(done.get(i)).isEqualTo(1);
        }
    }

    @Test
    void whatGoesWrongOnALentThreadIsSaid() {
        ExecutorService threads = Executors.newFixedThreadPool(1);
        Thread caller = Thread.currentThread();
        try {
            assertThatThrownBy(() -> Workers.of(threads, 2).run(1000, () -> piece -> {
                        if (!Thread.currentThread().equals(caller)) {
                            throw new IllegalArgumentException("piece of work");
                        }
                        sleep();
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage("piece of work");
        } finally {
            threads.shutdownNow();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

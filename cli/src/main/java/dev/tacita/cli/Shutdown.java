package dev.tacita.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/**
 * Closes what a command has opened, last first, exactly once: when the command is done, or when the process is told to
 * end (Ctrl-C, SIGTERM). Once it is told to end, the command says nothing more: {@link #close} does not return, and the
 * process ends when all is closed, with the exit code that the signal stands for.
 */
final class Shutdown implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Thread hook = new Thread(this::end, "shutdown");

    Shutdown() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Closes this too, before all that was added earlier. */
    synchronized <T extends AutoCloseable> T add(T closeable) {
        open.push(closeable);
        return closeable;
    }

    /** Waits until the process is told to end. */
    void await() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    @Override
    public void close() {
        closeAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            waitForTheEnd();
        }
    }

    private void end() {
        Logs.ending();
        closeAll();
    }

    private static void waitForTheEnd() {
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                LoggerFactory.getLogger(Shutdown.class).debug("interrupted while the process ends");
            }
        }
    }

    private synchronized void closeAll() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LoggerFactory.getLogger(Shutdown.class).warn("could not close: {}", e.getMessage());
            }
        }
    }
}

package dev.tacita.cli;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes what a command has opened, last first, exactly once: when the command is done, or when the process is told to
 * end (Ctrl-C, SIGTERM).
 */
final class Shutdown implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Thread owner = Thread.currentThread();
    private final Thread hook = new Thread(this::interrupted, "shutdown");

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
        Thread.sleep(Long.MAX_VALUE);
    }

    @Override
    public void close() {
        closeAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already, and the hook has found nothing left to close.
            return;
        }
    }

    private void interrupted() {
        owner.interrupt();
        closeAll();
    }

    private synchronized void closeAll() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                org.slf4j.LoggerFactory.getLogger(Shutdown.class).warn("could not close: {}", e.getMessage());
            }
        }
    }
}

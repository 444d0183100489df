package dev.tacita.cli;

import dev.tacita.core.ProblemsException;
import dev.tacita.kafkalocal.LocalBrokerException;
import dev.tacita.server.ApiException;
import dev.tacita.wire.TransportException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;

/** What a user is told when something failed, and the exit code that says whose mistake it was. */
final class Failures {
    static final int FAILED = 1;
    static final int UNUSABLE = 2;
    static final int INTERRUPTED = 130;

    private Failures() {}

    static int report(Exception exception, PrintWriter err) {
        if (exception instanceof InterruptedException) {
            err.println("tacita: interrupted.");
            err.flush();
            return INTERRUPTED;
        }
        err.println("tacita: " + exception.getMessage());
        err.flush();
        boolean users = exception instanceof ProblemsException
                || exception instanceof TransportException
                || exception instanceof UnusableException
                || exception instanceof LocalBrokerException
                || exception instanceof ApiException
                || exception instanceof IOException
                || exception instanceof UncheckedIOException;
        return users ? UNUSABLE : FAILED;
    }
}

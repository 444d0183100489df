package dev.tacita.cli;

import dev.tacita.client.EgressException;
import dev.tacita.core.ProblemsException;
import dev.tacita.engine.kernel.NativeArithmeticException;
import dev.tacita.kafkalocal.LocalBrokerException;
import dev.tacita.server.ApiException;
import dev.tacita.wire.FencedException;
import dev.tacita.wire.TransportException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** What a user is told when something failed, and the exit code that says whose mistake it was. */
final class Failures {
    static final int FAILED = 1;
    static final int UNUSABLE = 2;
    static final int INTERRUPTED = 130;

    private static final int SERVER_ERROR = 500;

    private Failures() {}

    static int report(Throwable failure, PrintWriter err) {
        Throwable exception = unwrapped(failure);
        if (exception instanceof InterruptedException) {
            return INTERRUPTED;
        }
        err.println("tacita: " + sentence(message(exception)));
        err.flush();
        return isTheUsers(exception) ? UNUSABLE : FAILED;
    }

    private static Throwable unwrapped(Throwable failure) {
        boolean wrapper = failure instanceof ExecutionException || failure instanceof UncheckedIOException;
        return wrapper && failure.getCause() != null ? unwrapped(failure.getCause()) : failure;
    }

    private static boolean isTheUsers(Throwable exception) {
        if (exception instanceof FencedException) {
            return false;
        }
        if (exception instanceof ApiException refused) {
            return refused.status() < SERVER_ERROR;
        }
        return exception instanceof ProblemsException
                || exception instanceof TransportException
                || exception instanceof EgressException
                || exception instanceof UnusableException
                || exception instanceof LocalBrokerException
                || exception instanceof IOException;
    }

    private static String message(Throwable exception) {
        String said = Optional.ofNullable(exception.getMessage()).orElse("");
        if (exception instanceof FileSystemException file) {
            return message(file);
        }
        if (exception instanceof CharacterCodingException) {
            return "a file must be UTF-8 text: " + exception;
        }
        if (isTheUsers(exception)
                || exception instanceof ApiException
                || exception instanceof FencedException
                || exception instanceof NativeArithmeticException
                || exception instanceof DemoFailedException) {
            return said.isEmpty() ? exception.toString() : said;
        }
        return "something failed that should not: " + exception + ". --debug shows where; please report it";
    }

    private static String message(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return e.getFile() + ": there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return e.getFile() + ": this user may not read or write it";
        }
        if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
            return e.getFile() + ": it must be a folder, and is a file";
        }
        return e.getFile() + ": it cannot be read or written: "
                + Optional.ofNullable(e.getReason()).orElse(e.getClass().getSimpleName());
    }

    private static String sentence(String message) {
        String text = message.strip();
        return text.matches("(?s).*[.!?]") ? text : text + ".";
    }
}

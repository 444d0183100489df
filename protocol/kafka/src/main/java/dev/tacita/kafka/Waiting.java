package dev.tacita.kafka;

import dev.tacita.wire.TransportException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.RetriableException;

/** Waits for the cluster's answer. */
final class Waiting {
    private final Failures failures;

    Waiting(Failures failures) {
        this.failures = failures;
    }

    /** The answer to one question. */
    <T> T once(String doing, KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException failed) {
            throw failures.of(doing, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TransportException(doing + ": interrupted", interrupted);
        }
    }

    /** The answer, asked for again until a broker gives it. */
    <T> T patiently(String doing, Supplier<KafkaFuture<T>> question) {
        while (true) {
            try {
                return once(doing, question.get());
            } catch (TransportException failed) {
                if (!isPassing(failed.getCause())) {
                    throw failed;
                }
            }
        }
    }

    private static boolean isPassing(@org.jspecify.annotations.Nullable Throwable failed) {
        return failed instanceof ExecutionException && failed.getCause() instanceof RetriableException;
    }
}

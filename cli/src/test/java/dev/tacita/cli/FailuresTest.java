package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.client.EgressException;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.kafkalocal.LocalBrokerException;
import dev.tacita.server.ApiException;
import dev.tacita.wire.FencedException;
import dev.tacita.wire.PositionGoneException;
import dev.tacita.wire.TransportException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

final class FailuresTest {
    @Test
    void whatTheUserCanMendEndsWithTwo() {
        assertTold(new ProblemsException("a.yaml", List.of(Problem.of("key", "rule."))), 2, "a.yaml:\n  key: rule.");
        assertTold(new TransportException("no broker answers"), 2, "no broker answers.");
        assertTold(new PositionGoneException("the place is gone", new IOException()), 2, "the place is gone.");
        assertTold(new EgressException("the record has been changed"), 2, "the record has been changed.");
        assertTold(new LocalBrokerException("the port must be free"), 2, "the port must be free.");
        assertTold(new ApiException(404, "no run is named 'x'."), 2, "no run is named 'x'.");
    }

    @Test
    void aFileThatFailsIsToldInASentence() {
        assertTold(new NoSuchFileException("a.csv"), 2, "a.csv: there is no such file.");
        assertTold(new AccessDeniedException("a.csv"), 2, "a.csv: this user may not read or write it.");
        assertTold(new FileAlreadyExistsException("runs"), 2, "runs: it must be a folder, and is a file.");
        assertTold(new UncheckedIOException(new NoSuchFileException("b")), 2, "b: there is no such file.");
        assertTold(new IOException("No space left on device"), 2, "No space left on device.");
    }

    @Test
    void whatTheUserCannotMendEndsWithOne() {
        assertTold(new FencedException("another aggregator has taken over"), 1, "another aggregator has taken over.");
        assertTold(new ApiException(503, "the aggregator ends."), 1, "the aggregator ends.");
        assertTold(new DemoFailedException("the agent of west ended"), 1, "the agent of west ended.");
        assertTold(
                new ExecutionException(new IllegalStateException("index")),
                1,
                "something failed that should not: java.lang.IllegalStateException: index. --debug shows where;"
                        + " please report it.");
    }

    @Test
    void anInterruptionSaysNothing() {
        StringWriter said = new StringWriter();
        assertThat(Failures.report(new InterruptedException(), new PrintWriter(said)))
                .isEqualTo(130);
        assertThat(said).hasToString("");
    }

    private static void assertTold(Exception failure, int exitCode, String message) {
        StringWriter said = new StringWriter();
        assertThat(Failures.report(failure, new PrintWriter(said))).as(message).isEqualTo(exitCode);
        assertThat(said.toString().strip()).isEqualTo("tacita: " + message);
    }
}

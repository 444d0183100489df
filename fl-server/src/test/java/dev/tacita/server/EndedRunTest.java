package dev.tacita.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.RunId;
import dev.tacita.server.RunState.Status;
import dev.tacita.server.report.RunDirectory;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndedRunTest {
    private static final int SIZE = 132_496;
    private static final String PLAN = Federation.plan(363, 364, 1, 1, 1, Federation.FEDAVG);

    @Test
    void whoSeesTheEndAndClosesAtOnceFindsEveryFile(@TempDir Path runs) throws Exception {
        for (int time = 1; time <= 20; time++) {
            Path directory = Files.createTempDirectory(runs, "runs");
            try (Federation federation = Federation.started(directory)) {
                federation.hello("basel");
                RunId run = federation.submit(PLAN);
                federation.answerAll(federation.await(RoundOpened.class), SIZE);
                federation.answerAll(federation.await(RoundOpened.class), SIZE);
                while (!federation.aggregator().status(run).equals(Optional.of(Status.COMPLETED))) {
                    Thread.onSpinWait();
                }
                if (time % 2 == 0) {
                    // An impatient closing interrupts what it waits for.
                    Thread.currentThread().interrupt();
                }
                federation.end();
                assertThat(Thread.interrupted()).isEqualTo(time % 2 == 0);
                assertThat(files(directory.resolve(run.value())))
                        .as("time %s", time)
                        .containsExactlyInAnyOrderElementsOf(RunDirectory.FILES);
            }
        }
    }

    @Test
    void aListenerThatHearsOfTheEndFindsEveryFile(@TempDir Path runs) throws Exception {
        List<List<String>> found = new CopyOnWriteArrayList<>();
        try (Federation federation = new Federation(runs, 1, 1)) {
            federation.start(federation.transport, message -> {
                if (message instanceof RunEnded ended) {
                    found.add(files(runs.resolve(ended.run().value())));
                }
            });
            federation.hello("basel");
            RunId run = federation.submit(PLAN);
            federation.answerAll(federation.await(RoundOpened.class), SIZE);
            federation.answerAll(federation.await(RoundOpened.class), SIZE);
            federation.awaitStatus(run, Status.COMPLETED);
        }
        assertThat(found).hasSize(1);
        assertThat(found.get(0)).containsExactlyInAnyOrderElementsOf(RunDirectory.FILES);
    }

    @Test
    void aClosingThatInterruptsAWriteWaitsForIt(@TempDir Path runs) throws Exception {
        for (int time = 1; time <= 20; time++) {
            Path directory = Files.createTempDirectory(runs, "runs");
            try (Federation federation = Federation.started(directory)) {
                federation.hello("basel");
                RunId run = federation.submit(PLAN);
                federation.answerAll(federation.await(RoundOpened.class), SIZE);
                federation.answerAll(federation.await(RoundOpened.class), SIZE);
                Thread.sleep(time);
                Thread.currentThread().interrupt();
                federation.end();
                assertThat(Thread.interrupted()).isTrue();
                if (federation.aggregator().status(run).equals(Optional.of(Status.COMPLETED))) {
                    assertThat(files(directory.resolve(run.value())))
                            .as("time %s", time)
                            .containsExactlyInAnyOrderElementsOf(RunDirectory.FILES);
                }
            }
        }
    }

    @Test
    void aFileThatIsGoneIsThereAgainWhenTheNextAggregatorHasStarted(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("basel");
            RunId run = federation.submit(PLAN);
            federation.answerAll(federation.await(RoundOpened.class), SIZE);
            federation.answerAll(federation.await(RoundOpened.class), SIZE);
            federation.awaitStatus(run, Status.COMPLETED);
            federation.end();
            Path directory = runs.resolve(run.value());
            for (String file : RunDirectory.FILES) {
                byte[] before = Files.readAllBytes(directory.resolve(file));
                Files.delete(directory.resolve(file));
                assertThat(federation.start(federation.transport).status(run)).contains(Status.COMPLETED);
                assertThat(directory.resolve(file)).hasBinaryContent(before);
                federation.end();
            }
        }
    }

    @Test
    void aRunThatIsStoppedAtItsFirstRoundLeavesTheModelItBeganWith(@TempDir Path runs) throws Exception {
        try (Federation federation = Federation.started(runs)) {
            federation.hello("basel");
            RunId run = federation.submit(PLAN);
            federation.await(RoundOpened.class);
            federation.aggregator().stop(run).join();
            assertThat(files(runs.resolve(run.value()))).containsExactlyInAnyOrderElementsOf(RunDirectory.FILES);
        }
    }

    private static List<String> files(Path directory) {
        try (var found = Files.list(directory)) {
            return found.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

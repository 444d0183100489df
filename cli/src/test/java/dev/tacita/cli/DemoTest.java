package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.cli.Federation.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoTest {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @Test
    void fourAgentsInProcessesOfTheirOwnTrainAModelThatIsRightAtLeastNinetyFiveTimesInAHundred(@TempDir Path folder)
            throws InterruptedException {
        try (Federation federation = new Federation(folder.resolve("output"))) {
            Path home = folder.resolve("demo");
            Part demo = federation.start("demo", "--folder", home.toString());
            List<String> agents = List.of(
                    demo.await("agent +north +pid (\\d+)", LIMIT),
                    demo.await("agent +east +pid (\\d+)", LIMIT),
                    demo.await("agent +south +pid (\\d+)", LIMIT),
                    demo.await("agent +west +pid (\\d+)", LIMIT));
            demo.await("round +1/15 ", LIMIT);
            assertThat(agents.stream().filter(DemoTest::isAlive)).hasSize(4).doesNotHaveDuplicates();

            assertThat(demo.exitCode(LIMIT)).as(demo.output()).isZero();

            double accuracy = Double.parseDouble(demo.await("all sites +\\S+ +(\\S+)", LIMIT));
            assertThat(accuracy).as("pooled test accuracy").isGreaterThanOrEqualTo(0.95);
            assertThat(Path.of(demo.await("report +(\\S+)", LIMIT))).isNotEmptyFile();
            assertThat(Path.of(demo.await("model +(\\S+)", LIMIT))).isNotEmptyFile();
            assertThat(Files.exists(home.resolve("sites/north/work"))).isTrue();
            assertThat(agents.stream().filter(DemoTest::isAlive)).isEmpty();
        }
    }

    @Test
    void endsItsAgentsWhenItIsInterruptedAndEvenWhenItIsKilled(@TempDir Path folder) throws InterruptedException {
        try (Federation federation = new Federation(folder.resolve("output"))) {
            Part interrupted = federation.start(
                    "demo", "--folder", folder.resolve("interrupted").toString());
            Part killed = federation.start(
                    "demo", "--folder", folder.resolve("killed").toString());
            String first = interrupted.await("agent +west +pid (\\d+)", LIMIT);
            String second = killed.await("agent +west +pid (\\d+)", LIMIT);

            interrupted.terminate();
            killed.killHard();

            assertThat(interrupted.exitCode(Duration.ofSeconds(30))).isNotZero();
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !isAlive(first) && !isAlive(second));
        }
    }

    private static boolean isAlive(String pid) {
        return ProcessHandle.of(Long.parseLong(pid)).map(ProcessHandle::isAlive).orElse(false);
    }
}

package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.cli.Federation.Part;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
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
    void leavesNoProcessAndNoPortWithinTenSecondsOfCtrlC(@TempDir Path folder) throws Exception {
        try (Federation federation = new Federation(folder.resolve("output"))) {
            long start = System.nanoTime();
            Part demo =
                    federation.start("demo", "--folder", folder.resolve("demo").toString());
            demo.await("agent +west +pid (\\d+)", LIMIT);
            Duration toStart = Duration.ofNanos(System.nanoTime() - start);
            List<String> agents = demo.lines("(?<=pid )\\d+(?=\\R)");
            List<String> ports = demo.lines("(?<=127.0.0.1:)\\d+");
            assertThat(agents).as("the aggregator and four agents").hasSize(5).allMatch(DemoTest::isAlive);
            assertThat(ports).as("the broker's and the aggregator's").hasSize(2).allMatch(DemoTest::isOpen);

            demo.interrupt();

            // A machine that is too busy to start it in ten seconds cannot end it in ten.
            Duration toEnd = Collections.max(List.of(Duration.ofSeconds(10), toStart));
            assertThat(demo.exitCode(toEnd)).isEqualTo(Failures.INTERRUPTED);
            assertThat(agents).noneMatch(DemoTest::isAlive);
            assertThat(ports).noneMatch(DemoTest::isOpen);
            assertThat(demo.output()).doesNotContain("WARN", "ERROR", "tacita: ");
        }
    }

    @Test
    void itsAgentsEndEvenWhenItIsKilled(@TempDir Path folder) throws InterruptedException {
        try (Federation federation = new Federation(folder.resolve("output"))) {
            Part demo =
                    federation.start("demo", "--folder", folder.resolve("demo").toString());
            String agent = demo.await("agent +west +pid (\\d+)", LIMIT);

            demo.killHard();

            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !isAlive(agent));
        }
    }

    private static boolean isOpen(String port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isAlive(String pid) {
        return ProcessHandle.of(Long.parseLong(pid)).map(ProcessHandle::isAlive).orElse(false);
    }
}

package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.cli.Federation.Part;
import dev.tacita.server.report.RoundLine;
import dev.tacita.wire.AggregatorMessage.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A broker, an aggregator and four agents in processes of their own, some of which are killed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DisturbedRunTest {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration RUN = Duration.ofMinutes(3);
    private static final int ROUNDS = 10;
    private static final double DEADLINE_SECONDS = 8;

    private final Map<String, Part> agents = new HashMap<>();
    private Path folder = Path.of("");
    private DemoFolder files;
    private Federation federation;
    private Part broker;
    private Part server;
    private String port = "";
    private String api = "";

    @BeforeAll
    void startAll(@TempDir Path temporary) throws IOException {
        folder = temporary;
        federation = new Federation(folder.resolve("output"));
        broker = startBroker("0");
        port = broker.await("bootstrap.servers: 127.0.0.1:(\\d+)", START);
        files = DemoFolder.write(
                folder.resolve("federation"),
                Demo.BREAST_CANCER,
                Optional.empty(),
                Demo.BREAST_CANCER.plan(),
                "127.0.0.1:" + port,
                0);
        server = startServer();
        api = server.await("aggregator of demo: (\\S+)", START);
        for (String site : Demo.BREAST_CANCER.sites()) {
            agents.put(site, startAgent(site));
        }
        agents.values().forEach(agent -> agent.await("ready", START));
    }

    @AfterAll
    void endAll() {
        federation.close();
    }

    @Test
    void anAggregatorKilledInTheMiddleOfARoundEndsWithTheSameBits() throws Exception {
        String undisturbed = modelOf(submit("undisturbed", ROUNDS), ROUNDS);

        String run = submit("killed", ROUNDS);
        Part watch = watch(run);
        watch.await("\"round\":3\\D", RUN);
        Thread.sleep(150);
        server.killHard();
        server = startServer();
        api = server.await("aggregator of demo: (\\S+)", START);
        String disturbed = modelOf(run, ROUNDS);

        assertThat(disturbed).as("SHA-256 of the parameters").isEqualTo(undisturbed);
        assertThat(lines(run)).as("one line for each round, and the final test").hasSize(ROUNDS + 1);
    }

    @Test
    void aKilledAgentCostsOneDeadlineAndTakesPartAgainAndABrokerMayStopForTwentySeconds() throws Exception {
        String run = submit("disturbed", 2 * ROUNDS);
        Part watch = watch(run);
        watch.await("\"round\":2\\D", RUN);
        Optional.ofNullable(agents.get("west")).orElseThrow().killHard();
        Awaitility.await()
                .atMost(RUN)
                .until(() ->
                        lines(run).stream().anyMatch(line -> !line.missing().isEmpty()));
        int missedIn = lines(run).stream()
                .filter(line -> !line.missing().isEmpty())
                .findFirst()
                .orElseThrow()
                .place()
                .round();
        watch.await("\"round\":" + (missedIn + 2) + "\\D", RUN);
        assertThat(lines(run).stream().filter(line -> !line.missing().isEmpty()))
                .as("rounds that waited for the killed agent")
                .hasSize(1);
        int seen = server.lines("site west is present").size();
        agents.put("west", startAgent("west"));
        Awaitility.await()
                .atMost(START)
                .until(() -> server.lines("site west is present").size() > seen);

        broker.terminate();
        assertThat(broker.exitCode(Duration.ofSeconds(30))).isNotNegative();
        Thread.sleep(20_000);
        broker = startBroker(port);

        modelOf(run, 2 * ROUNDS);
        List<RoundLine> lines = lines(run);
        assertThat(lines.stream().filter(line -> !line.missing().isEmpty()).map(RoundLine::text))
                .as("rounds that somebody missed: the one of the killed agent, and at most one in which the broker was"
                        + " away for longer than the deadline")
                .hasSizeLessThanOrEqualTo(2);
        assertThat(lines.get(lines.size() - 1).purpose()).isEqualTo(Purpose.EVALUATE);
        assertThat(lines.get(lines.size() - 1).counted())
                .as("sites in the final test, the restarted one among them")
                .hasSize(4);
        assertThat(lines.stream()
                        .filter(line -> line.place().round() > missedIn)
                        .flatMap(line -> line.counted().stream())
                        .map(counted -> counted.site().value()))
                .as("sites that answered after the kill, the restarted one among them")
                .contains("west");
        assertThat(lines.stream()
                        .filter(line -> line.seconds() >= DEADLINE_SECONDS)
                        .count())
                .as("rounds as long as the deadline: the one the agent was killed in, and perhaps the broker's")
                .isLessThanOrEqualTo(2);
    }

    private Part startBroker(String onPort) {
        return federation.start("broker", "--folder", folder.resolve("broker").toString(), "--port", onPort);
    }

    private Part startServer() {
        return federation.start("server", "--config", files.aggregatorConfig().toString());
    }

    private Part startAgent(String site) {
        return federation.start(
                "agent", "--wait", "--config", files.siteConfig(site).toString());
    }

    private String submit(String name, int rounds) throws IOException, InterruptedException {
        String plan = Demo.BREAST_CANCER
                .plan()
                .replaceFirst("name: .*", "name: " + name)
                .replaceFirst("epochs: .*", "epochs: 4000")
                .replaceFirst("rounds: .*", "rounds: " + rounds)
                .replaceFirst("deadline: .*", "deadline: " + (int) DEADLINE_SECONDS + "s");
        Path file = Files.writeString(folder.resolve(name + ".yaml"), plan);
        return federation.run("run", "submit", file.toString(), "--server", api).strip();
    }

    private Part watch(String run) {
        return federation.start("run", "watch", run, "--json", "--server", api);
    }

    private String modelOf(String run, int rounds) throws InterruptedException {
        String status = "";
        long end = System.nanoTime() + RUN.toNanos();
        while (System.nanoTime() < end) {
            status = federation.run("run", "status", run, "--server", api);
            if (status.contains("completed")) {
                assertThat(status).contains(rounds + "/" + rounds + " rounds");
                return status.substring(status.indexOf("model ")).strip();
            }
            Thread.sleep(1_000);
        }
        throw new AssertionError(run + " did not end within " + RUN + ": " + status + server.output());
    }

    private List<RoundLine> lines(String run) throws IOException {
        Path file = files.runs().resolve(run).resolve("metrics.jsonl");
        if (!Files.exists(file)) {
            return List.of();
        }
        return Files.readAllLines(file).stream()
                .filter(line -> line.endsWith("}"))
                .map(RoundLine::parse)
                .toList();
    }
}

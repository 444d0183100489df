package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.cli.Federation.Part;
import dev.tacita.client.SiteConfig;
import dev.tacita.core.RunId;
import dev.tacita.server.AggregatorClient;
import dev.tacita.server.report.RoundLine;
import dev.tacita.wire.AggregatorMessage.Purpose;
import java.io.IOException;
import java.net.URI;
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
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker, an aggregator and four agents in processes of their own, some of which are killed; a fifth site sets the
 * pace.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(1)
final class DisturbedRunTest {
    private static final Duration START = Duration.ofMinutes(4);
    private static final Duration RUN = Duration.ofMinutes(6);
    private static final int ROUNDS = 10;
    private static final double DEADLINE_SECONDS = 15;

    private final Map<String, Part> agents = new HashMap<>();
    private Path folder = Path.of("");
    private DemoFolder files;
    private Federation federation;
    private PacingSite pace;
    private Part broker;
    private Part server;
    private String port = "";
    private String api = "";

    @BeforeAll
    void startAll(@TempDir Path temporary) throws IOException, InterruptedException {
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
        pace = new PacingSite(siteConfig("pace"));
    }

    @AfterAll
    void endAll() {
        try {
            pace.close();
        } finally {
            federation.close();
        }
    }

    @Test
    void anAggregatorKilledInTheMiddleOfARoundEndsWithTheSameBits() throws Exception {
        String undisturbed = modelOf(submit("undisturbed", ROUNDS), ROUNDS);

        String run = submit("killed", ROUNDS);
        awaitRound(run, 3);
        pace.hold();
        pace.awaitHeldRound(START);
        server.killHard();
        pace.release();
        server = startServer();
        api = server.await("aggregator of demo: (\\S+)", START);
        String disturbed = modelOf(run, ROUNDS);

        assertThat(disturbed).as("SHA-256 of the parameters").isEqualTo(undisturbed);
        assertThat(lines(run)).as("one line for each round, and the final test").hasSize(ROUNDS + 1);
    }

    @Test
    void aKilledAgentCostsOneDeadlineAndTakesPartAgainAndABrokerMayStopForTwentySeconds() throws Exception {
        String run = submit("disturbed", 3 * ROUNDS);
        Part watch = watch(run);
        awaitRound(run, 2);
        pace.hold();
        pace.awaitHeldRound(START);
        Optional.ofNullable(agents.get("west")).orElseThrow().killHard();
        pace.release();
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
        awaitRound(run, missedIn + 2);
        assertThat(lines(run).stream().filter(line -> !line.missing().isEmpty()))
                .as("rounds that waited for the killed agent")
                .hasSize(1);
        pace.hold();
        int seen = server.lines("site west is present").size();
        agents.put("west", startAgent("west"));
        Awaitility.await()
                .atMost(START)
                .until(() -> server.lines("site west is present").size() > seen);

        broker.terminate();
        assertThat(broker.exitCode(START)).isNotNegative();
        Thread.sleep(20_000);
        broker = startBroker(port);
        pace.release();

        modelOf(run, 3 * ROUNDS);
        assertThat(watch.exitCode(START)).as(watch.output()).isZero();
        List<RoundLine> lines = lines(run);
        assertThat(lines.stream().filter(line -> !line.missing().isEmpty()).map(RoundLine::text))
                .as("rounds that somebody missed: the one of the killed agent, and at most one in which the broker was"
                        + " away for longer than the deadline")
                .hasSizeLessThanOrEqualTo(2);
        assertThat(lines.get(lines.size() - 1).purpose()).isEqualTo(Purpose.EVALUATE);
        assertThat(lines.get(lines.size() - 1).counted())
                .as("sites in the final test, the restarted one among them")
                .hasSize(5);
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

    /** Of a site like the others, with the data of one of them. */
    private SiteConfig siteConfig(String site) throws IOException {
        Path like = files.site("north");
        Path own = Files.createDirectories(files.site(site));
        for (String file : List.of("data.csv", "schema.yaml", "policy.yaml")) {
            Files.copy(like.resolve(file), own.resolve(file));
        }
        String text = Files.readString(files.siteConfig("north")).replace("site: north", "site: " + site);
        return SiteConfig.read(Files.writeString(files.siteConfig(site), text));
    }

    private String submit(String name, int rounds) throws IOException, InterruptedException {
        String plan = Demo.BREAST_CANCER
                .plan()
                .replaceFirst("name: .*", "name: " + name)
                .replaceFirst("epochs: .*", "epochs: 20")
                .replaceFirst("rounds: .*", "rounds: " + rounds)
                .replaceFirst("sites: .*", "sites: " + (agents.size() + 1))
                .replaceFirst("deadline: .*", "deadline: " + (int) DEADLINE_SECONDS + "s");
        Path file = Files.writeString(folder.resolve(name + ".yaml"), plan);
        return federation.run("run", "submit", file.toString(), "--server", api).strip();
    }

    private Part watch(String run) {
        return federation.start("run", "watch", run, "--json", "--server", api);
    }

    private String modelOf(String run, int rounds) throws InterruptedException {
        AggregatorClient client = new AggregatorClient(URI.create(api), Optional.empty());
        Awaitility.await("the end of " + run)
                .atMost(RUN)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> client.run(new RunId(run)).hasEnded());
        String status = federation.run("run", "status", run, "--server", api);
        assertThat(status).contains("completed", rounds + "/" + rounds + " rounds");
        return status.substring(status.indexOf("model ")).strip();
    }

    private void awaitRound(String run, int round) {
        Awaitility.await("round " + round)
                .atMost(RUN)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> lines(run).stream().anyMatch(line -> line.place().round() >= round));
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

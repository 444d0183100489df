package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.cli.Federation.Part;
import dev.tacita.config.RunPlanReader;
import dev.tacita.server.report.RoundLine;
import dev.tacita.server.report.TrainedModel;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RoundSummed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker, an aggregator and four agents in processes of their own, and runs under secure aggregation. */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class SecureProcessesTest {
    private static final Duration START = Duration.ofMinutes(2);
    private static final int ROUNDS = 3;

    private final Map<String, Part> agents = new HashMap<>();
    private final Path folder;

    SecureProcessesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void theModelIsThePlainOneWithinTheBoundAndAnAgentMayBeKilledInEveryRound() throws Exception {
        long seed = 20261126;
        SplittableRandom random = new SplittableRandom(seed);
        try (Federation federation = new Federation(folder.resolve("output"))) {
            Part broker = federation.start(
                    "broker", "--folder", folder.resolve("broker").toString(), "--port", "0");
            String servers = "127.0.0.1:" + broker.await("bootstrap.servers: 127.0.0.1:(\\d+)", START);
            String plain = Demo.BREAST_CANCER.plan().replaceFirst("rounds: .*", "rounds: " + ROUNDS);
            String secure = Demo.BREAST_CANCER.underSecureAggregation(plain);
            DemoFolder files = DemoFolder.write(
                    folder.resolve("federation"), Demo.BREAST_CANCER, Optional.empty(), secure, servers, 0);
            Part server = federation.start(
                    "server", "--config", files.aggregatorConfig().toString());
            String api = server.await("aggregator of demo: (\\S+)", START);
            for (String site : Demo.BREAST_CANCER.sites()) {
                Path policy = files.site(site).resolve("policy.yaml");
                Files.writeString(
                        policy,
                        Files.readString(policy).replaceFirst("least-protection: .*", "least-protection: plain"));
                agents.put(site, startAgent(federation, files, site));
            }
            agents.values().forEach(agent -> agent.await("ready", START));

            Path ofPlain = watched(federation, files, "plain", plain, api);
            Path ofSecure = watched(federation, files, "secure", secure, api);
            float[] expected = parameters(ofPlain, plain);
            float[] found = parameters(ofSecure, secure);
            double bound = lines(ofSecure).stream()
                    .flatMap(line -> line.sum().stream())
                    .mapToDouble(RoundSummed::errorBound)
                    .sum();
            double difference = 0;
            for (int i = 0; i < expected.length; i++) {
                difference = Math.max(difference, Math.abs(expected[i] - found[i]));
            }
            assertThat(difference).as("largest difference of a parameter").isLessThanOrEqualTo(bound);
            assertThat(bound).isLessThan(1e-5);

            String slow = secure.replaceFirst("epochs: .*", "epochs: 60")
                    .replaceFirst("stage-deadline: .*", "stage-deadline: 3s");
            Path ofKilled = files.runs().resolve(submit(federation, "killed", slow, api));
            for (int round = 1; round <= ROUNDS; round++) {
                String site = Demo.BREAST_CANCER.sites().get(random.nextInt(4));
                Part agent = Optional.ofNullable(agents.get(site)).orElseThrow();
                Thread.sleep(random.nextInt(300));
                agent.killHard();
                agents.put(site, startAgent(federation, files, site));
                Optional.ofNullable(agents.get(site)).orElseThrow().await("ready", START);
                int done = round;
                Awaitility.await("seed " + seed + ", round " + round)
                        .atMost(START)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> completed(ofKilled) >= done);
            }
            federation.run("run", "watch", ofKilled.getFileName().toString(), "--server", api);
            assertThat(federation.run("run", "status", ofKilled.getFileName().toString(), "--server", api))
                    .as("seed %s", seed)
                    .contains("completed", ROUNDS + "/" + ROUNDS + " rounds");
            assertThat(lines(ofKilled).stream()
                            .filter(line -> line.outcome() == RoundOutcome.COMPLETED)
                            .flatMap(line -> line.sum().stream()))
                    .as("sums, seed %s", seed)
                    .hasSize(ROUNDS + 1)
                    .allMatch(sum -> sum.sites() >= 3);
            agents.values()
                    .forEach(agent -> assertThat(agent.output()).doesNotContain("broke the protocol", "OutOfMemory"));
        }
    }

    private static Part startAgent(Federation federation, DemoFolder files, String site) {
        return federation.start(
                "agent", "--wait", "--config", files.siteConfig(site).toString());
    }

    private Path watched(Federation federation, DemoFolder files, String name, String plan, String api)
            throws IOException, InterruptedException {
        String run = submit(federation, name, plan, api);
        federation.run("run", "watch", run, "--server", api);
        return files.runs().resolve(run);
    }

    private String submit(Federation federation, String name, String plan, String api)
            throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve(name + ".yaml"), plan.replaceFirst("name: .*", "name: " + name));
        return federation.run("run", "submit", file.toString(), "--server", api).strip();
    }

    private static float[] parameters(Path run, String plan) throws IOException {
        return TrainedModel.read(run.resolve("model.safetensors"), RunPlanReader.read("plan.yaml", plan))
                .parameters();
    }

    private static long completed(Path run) throws IOException {
        return lines(run).stream()
                .filter(line -> line.outcome() == RoundOutcome.COMPLETED)
                .count();
    }

    private static List<RoundLine> lines(Path run) throws IOException {
        Path file = run.resolve("metrics.jsonl");
        if (!Files.exists(file)) {
            return List.of();
        }
        return Files.readAllLines(file).stream()
                .filter(line -> line.endsWith("}"))
                .map(RoundLine::parse)
                .toList();
    }
}

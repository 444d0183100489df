package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.cli.Federation.Part;
import dev.tacita.client.SiteConfig;
import dev.tacita.client.SiteData;
import dev.tacita.config.RunPlanReader;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.simulations.Population;
import dev.tacita.simulations.RoundListener;
import dev.tacita.simulations.Simulation;
import dev.tacita.simulations.SimulationResult;
import dev.tacita.simulations.ThreadBackend;
import dev.tacita.wire.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * SCAFFOLD in processes over a real broker: an agent and the aggregator are killed at moments drawn at random, and the model is that of
 * the simulation, to the bit.
 */
@Timeout(600)
final class KilledScaffoldTest {
    private static final Duration START = Duration.ofMinutes(2);
    private static final int ROUNDS = 12;
    private static final String SITE = "west";

    @Test
    void killsChangeNoBitAndLeaveNothingAtTheSite(@TempDir Path folder) throws Exception {
        long seed = 20261126;
        SplittableRandom random = new SplittableRandom(seed);
        try (Federation federation = new Federation(folder.resolve("output"))) {
            Part broker = federation.start(
                    "broker", "--folder", folder.resolve("broker").toString(), "--port", "0");
            String servers = "127.0.0.1:" + broker.await("bootstrap.servers: 127.0.0.1:(\\d+)", START);
            String plan = Demo.BREAST_CANCER
                    .plan()
                    .replace("fedavg:", "scaffold:")
                    .replaceFirst("epochs: \\d+", "epochs: 60")
                    .replaceFirst("rounds: \\d+", "rounds: " + ROUNDS)
                    .replaceFirst("quorum: \\d+", "quorum: 4\nretries: 50")
                    .replaceFirst("deadline: .*", "deadline: 10s");
            DemoFolder files = DemoFolder.write(
                    folder.resolve("federation"), Demo.BREAST_CANCER, Optional.empty(), plan, servers, 0);
            for (String site : Demo.BREAST_CANCER.sites()) {
                Path policy = files.site(site).resolve("policy.yaml");
                Files.writeString(
                        policy,
                        Files.readString(policy).replace("algorithms: [fedavg, fedsgd]", "algorithms: [scaffold]"));
            }
            Part server = startServer(federation, files);
            String api = server.await("aggregator of demo: (\\S+)", START);
            Part killed = server;
            for (String site : Demo.BREAST_CANCER.sites()) {
                Part agent = startAgent(federation, files, site);
                agent.await("ready", START);
                killed = site.equals(SITE) ? agent : killed;
            }
            Path file = Files.writeString(folder.resolve("plan.yaml"), plan);
            RunId run = new RunId(federation
                    .run("run", "submit", file.toString(), "--server", api)
                    .strip());
            Path memory = files.site(SITE).resolve("work/memory").resolve(run.value() + ".memory");
            for (int kill = 0; kill < 3; kill++) {
                Thread.sleep(random.nextInt(1500));
                killed.killHard();
                if (kill == 1) {
                    server.killHard();
                    server = startServer(federation, files);
                    api = server.await("aggregator of demo: (\\S+)", START);
                }
                killed = startAgent(federation, files, SITE);
                killed.await("ready", START);
            }
            assertThat(memory)
                    .as("seed %s: what the site keeps while the run goes on", seed)
                    .exists();
            federation.run("run", "watch", run.value(), "--server", api);

            assertThat(federation.run("run", "status", run.value(), "--server", api))
                    .as("seed %s", seed)
                    .contains("completed")
                    .contains(Tensors.sha256(simulated(files, plan)).toString());
            assertThat(killed.await("takes part in run " + run.value() + ": (.*)", START))
                    .contains("how its control variate changes", "keeps its control variate (513 numbers)");
            Awaitility.await("what was kept is erased").atMost(START).until(() -> !Files.exists(memory));
        }
    }

    private static Part startServer(Federation federation, DemoFolder files) {
        return federation.start("server", "--config", files.aggregatorConfig().toString());
    }

    private static Part startAgent(Federation federation, DemoFolder files, String site) {
        return federation.start(
                "agent", "--wait", "--config", files.siteConfig(site).toString());
    }

    /** The same plan on the same rows, in this process. */
    private static float[] simulated(DemoFolder files, String plan) throws InterruptedException {
        Map<SiteId, LocalDataset> sites = new TreeMap<>();
        for (String site : List.copyOf(Demo.BREAST_CANCER.sites())) {
            SiteConfig config = SiteConfig.read(files.siteConfig(site));
            sites.put(config.site(), SiteData.read(config.data().get(0)));
        }
        Simulation simulation = new Simulation(RunPlanReader.read("plan", plan), Population.natural(sites));
        try (ThreadBackend backend = new ThreadBackend(1)) {
            SimulationResult result = backend.run(simulation, RoundListener.ALL_ROUNDS);
            assertThat(result.failure()).isEmpty();
            return result.parameters();
        }
    }
}

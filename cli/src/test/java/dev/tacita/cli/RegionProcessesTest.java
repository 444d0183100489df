package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.cli.Federation.Part;
import dev.tacita.client.SiteConfig;
import dev.tacita.client.SiteData;
import dev.tacita.config.RunPlanReader;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.Regions;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.simulations.Population;
import dev.tacita.simulations.RoundListener;
import dev.tacita.simulations.Simulation;
import dev.tacita.simulations.SimulationResult;
import dev.tacita.simulations.ThreadBackend;
import dev.tacita.wire.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two regions of two sites each in processes over a real broker; one is killed in the middle of its rounds. */
@Timeout(600)
final class RegionProcessesTest {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Map<String, List<String>> REGIONS = Map.of(
            "upper",
            Demo.BREAST_CANCER.sites().subList(0, 2),
            "lower",
            Demo.BREAST_CANCER.sites().subList(2, 4));

    private final String plan;
    private final Path folder;

    RegionProcessesTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        plan = Demo.BREAST_CANCER
                .plan()
                .replace("fedavg:", "hierarchical:\n    edge-rounds: 2")
                .replaceFirst("epochs: \\d+", "epochs: 40")
                .replaceFirst("rounds: 15", "rounds: 3")
                .replaceFirst("quorum: \\d+", "quorum: 2")
                .replaceFirst("sites: \\d+", "sites: 2\nretries: 50")
                .replaceFirst("deadline: .*", "deadline: 2m");
    }

    @Test
    void aRegionThatIsKilledChangesNoBit() throws Exception {
        try (Federation federation = new Federation(folder.resolve("output"))) {
            Part broker = federation.start(
                    "broker", "--folder", folder.resolve("broker").toString(), "--port", "0");
            String servers = "127.0.0.1:" + broker.await("bootstrap.servers: 127.0.0.1:(\\d+)", START);
            DemoFolder files = DemoFolder.write(
                    folder.resolve("federation"), Demo.BREAST_CANCER, Optional.empty(), plan, servers, 0);
            Part server = federation.start(
                    "server", "--config", files.aggregatorConfig().toString());
            String api = server.await("aggregator of demo: (\\S+)", START);
            Part upper = startRegion(federation, "upper", servers);
            Part lower = startRegion(federation, "lower", servers);
            String ready = "region (?:upper|lower) of demo: ready; aggregator of demo-(?:upper|lower): (http\\S+)";
            upper.await(ready, START);
            lower.await(ready, START);
            for (Map.Entry<String, List<String>> region : REGIONS.entrySet()) {
                for (String site : region.getValue()) {
                    join(federation, files, region.getKey(), site).await("ready", START);
                }
            }
            Path file = Files.writeString(folder.resolve("plan.yaml"), plan);
            String run = federation
                    .run("run", "submit", file.toString(), "--server", api)
                    .strip();

            upper.await("breast-cancer-1-round-2-1 round 1 attempt 1: completed", START);
            upper.killHard();
            Part again = startRegion(federation, "upper", servers);
            String own = again.await(ready, START);
            federation.run("run", "watch", run, "--server", api);

            assertThat(federation.run("run", "status", run, "--server", api))
                    .contains("completed")
                    .contains(Tensors.sha256(simulated(files)).toString());
            assertThat(federation.run("run", "list", "--server", own).lines().skip(1))
                    .as("a run for each round and for the evaluation")
                    .hasSize(4)
                    .allMatch(line -> line.contains("completed"));
            again.terminate();
            assertThat(again.exitCode(Duration.ofSeconds(30))).isEqualTo(143);
            assertThat(again.output()).doesNotContain("Exception", "OutOfMemory");
            server.await("site upper is left out: said goodbye", START);
        }
    }

    private Part startRegion(Federation federation, String region, String servers) throws IOException {
        Path home = Files.createDirectories(folder.resolve(region));
        Path config = Files.writeString(home.resolve("region.yaml"), """
                site:
                  site: %s
                  federation: demo
                  work-folder: work
                  kafka: {bootstrap.servers: '%s'}
                  policy:
                    datasets: [breast-cancer]
                    algorithms: [hierarchical]
                    layers: [dense, relu]
                    least-protection: plain
                    least-privacy: none
                    smallest-cohort: 2
                    largest-rounds: 100
                    share-metrics: true
                    share-class-balance: false
                aggregator:
                  federation: demo-%s
                  runs-directory: runs
                  api: {port: 0}
                  kafka: {bootstrap.servers: '%s'}
                rounds:
                  quorum: 2
                  deadline: 1m
                  protection: plain
                """.formatted(region, servers, region, servers));
        return federation.start("region", "--config", config.toString());
    }

    private static Part join(Federation federation, DemoFolder files, String region, String site) throws IOException {
        Path config = files.siteConfig(site);
        Files.writeString(config, Files.readString(config).replace("federation: demo", "federation: demo-" + region));
        Path policy = files.site(site).resolve("policy.yaml");
        Files.writeString(
                policy,
                Files.readString(policy)
                        .replace("algorithms: [fedavg, fedsgd]", "algorithms: [hierarchical]")
                        .replaceFirst("smallest-cohort: \\d+", "smallest-cohort: 2")
                        .replaceFirst("largest-rounds: \\d+", "largest-rounds: 6"));
        return federation.start("agent", "--wait", "--config", config.toString());
    }

    /** The same plan with the same rows, in this process. */
    private float[] simulated(DemoFolder files) throws InterruptedException {
        RunPlan live = RunPlanReader.read("plan", plan);
        Hierarchical algorithm = (Hierarchical) live.algorithm();
        Map<String, List<SiteId>> regions = new TreeMap<>();
        REGIONS.forEach((region, sites) ->
                regions.put(region, sites.stream().map(SiteId::new).toList()));
        RunPlan study = new RunPlan(
                live.name(),
                live.dataset(),
                live.model(),
                live.loss(),
                new Hierarchical(algorithm.base(), new Regions.Named(regions), algorithm.edgeRounds()),
                live.rounds(),
                live.cohortFraction(),
                live.quorum(),
                live.sites(),
                live.deadline(),
                live.retries(),
                live.protection(),
                live.privacy(),
                live.encoding(),
                live.seed());
        Map<SiteId, LocalDataset> sites = new TreeMap<>();
        for (String site : Demo.BREAST_CANCER.sites()) {
            SiteConfig config = SiteConfig.read(files.siteConfig(site));
            sites.put(config.site(), SiteData.read(config.data().get(0)));
        }
        try (ThreadBackend backend = new ThreadBackend(1)) {
            SimulationResult result =
                    backend.run(new Simulation(study, Population.natural(sites)), RoundListener.ALL_ROUNDS);
            assertThat(result.failure()).isEmpty();
            return result.parameters();
        }
    }
}

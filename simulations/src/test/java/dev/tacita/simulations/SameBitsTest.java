package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tacita.client.ModelCache;
import dev.tacita.client.Participant;
import dev.tacita.client.ProtectionDemand;
import dev.tacita.client.SitePolicy;
import dev.tacita.config.RunPlanReader;
import dev.tacita.core.FederationId;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.aggregation.Aggregation;
import dev.tacita.core.aggregation.Bulyan;
import dev.tacita.core.aggregation.ClippedMean;
import dev.tacita.core.aggregation.CoordinateMedian;
import dev.tacita.core.aggregation.FlTrust;
import dev.tacita.core.aggregation.GeometricMedian;
import dev.tacita.core.aggregation.Krum;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.aggregation.TrimmedMean;
import dev.tacita.core.learning.AdaFedProx;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.FedDyn;
import dev.tacita.core.learning.FedNova;
import dev.tacita.core.learning.FedSgd;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LearningRateSchedule;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.QFedAvg;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.Scaffold;
import dev.tacita.server.Aggregator;
import dev.tacita.server.AggregatorSettings;
import dev.tacita.server.RunState;
import dev.tacita.wire.InMemoryTransport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SameBitsTest {
    private static final String FEDAVG = training("fedavg", "");

    private static String training(String name, String own) {
        return name + ": {epochs: 2, batch-size: 8, optimizer: {sgd: {learning-rate: 0.05, momentum: 0.5}}" + own + "}";
    }

    private static String plan(String algorithm, double fraction) {
        return """
                name: same bits
                dataset: sample
                model:
                  input: [5]
                  layers:
                    - dense: {units: 7}
                    - relu
                    - dropout: {rate: 0.2}
                    - dense: {units: 3}
                loss: softmax-cross-entropy
                algorithm:
                  %s
                rounds: 4
                cohort-fraction: %s
                quorum: 2
                sites: 6
                deadline: 30s
                protection: plain
                privacy: none
                seed: 11
                """.formatted(algorithm, fraction);
    }

    private static Map<SiteId, LocalDataset> sites() {
        Map<SiteId, LocalDataset> sites = new LinkedHashMap<>();
        for (int i = 0; i < 6; i++) {
            sites.put(
                    new SiteId("s" + i), Samples.dataset(Samples.rows(20 + 13 * i, 3, i), Samples.rows(9, 3, 50 + i)));
        }
        return sites;
    }

    @ParameterizedTest
    @ValueSource(strings = {"fedavg", "fedprox", "fedavgm", "fedadam", "fedyogi", "fedadagrad", "fedsgd"})
    void aSimulationGivesTheBitsOfALiveRun(String name, @TempDir Path runs) throws Exception {
        String own = Map.of(
                        "fedprox", ", mu: 0.1",
                        "fedavgm", ", momentum: 0.9",
                        "fedadam", ", server-learning-rate: 0.1",
                        "fedyogi", ", server-learning-rate: 0.1",
                        "fedadagrad", ", server-learning-rate: 0.1")
                .getOrDefault(name, "");
        String text = plan(name.equals("fedsgd") ? "fedsgd: {learning-rate: 0.5}" : training(name, own), 0.5);
        float[] live = live(text, runs);
        Simulation simulation = new Simulation(RunPlanReader.read("plan", text), Population.natural(sites()));
        for (int workers : new int[] {1, 2, 8}) {
            assertThat(simulated(simulation, workers)).as(workers + " workers").containsExactly(live);
        }
    }

    @Test
    void anyNumberOfWorkersGivesTheSameBitsUnderEveryAlgorithmAndRule() throws InterruptedException {
        RunPlan plan = RunPlanReader.read("plan", plan(FEDAVG, 0.7));
        FedAvg fedAvg = (FedAvg) plan.algorithm();
        List<FederatedAlgorithm> algorithms = List.of(
                new Scaffold(fedAvg),
                new FedNova(fedAvg),
                new FedDyn(fedAvg.training(), LearningRateSchedule.CONSTANT, .1),
                new QFedAvg(fedAvg.training(), LearningRateSchedule.CONSTANT, 1),
                new AdaFedProx(fedAvg, .5));
        for (FederatedAlgorithm algorithm : algorithms) {
            compareWorkers(with(plan, algorithm), new Mean(), algorithm.name());
        }
        RunPlan wholeCohort = RunPlanReader.read("plan", plan(FEDAVG, 1));
        List<Aggregation> rules = List.of(
                new CoordinateMedian(),
                new TrimmedMean(.2),
                new Krum(1),
                new Krum(1, 3),
                new Bulyan(0),
                new GeometricMedian(),
                new ClippedMean(.1),
                new FlTrust(Samples.rows(20, 3, 77)));
        for (Aggregation rule : rules) {
            compareWorkers(wholeCohort, rule, rule.name());
        }
    }

    private static void compareWorkers(RunPlan plan, Aggregation rule, String what) throws InterruptedException {
        Simulation simulation = new Simulation(plan, Population.natural(sites()), PlainSelection.UNIFORM, rule, 1);
        float[] one = simulated(simulation, 1);
        assertThat(simulated(simulation, 2)).as(what).containsExactly(one);
        assertThat(simulated(simulation, 8)).as(what).containsExactly(one);
        Simulation otherwise = new Simulation(with(plan, new FedSgd(.1)), Population.natural(sites()));
        assertThat(simulated(otherwise, 1)).as(what).isNotEqualTo(one);
    }

    private static RunPlan with(RunPlan plan, FederatedAlgorithm algorithm) {
        return new RunPlan(
                plan.name(),
                plan.dataset(),
                plan.model(),
                plan.loss(),
                algorithm,
                plan.rounds(),
                plan.cohortFraction(),
                plan.quorum(),
                plan.sites(),
                plan.deadline(),
                plan.retries(),
                plan.protection(),
                plan.privacy(),
                plan.encoding(),
                plan.seed());
    }

    private static float[] simulated(Simulation simulation, int workers) throws InterruptedException {
        try (ThreadBackend backend = new ThreadBackend(workers)) {
            SimulationResult result = backend.run(simulation, RoundListener.ALL_ROUNDS);
            assertThat(result.failure()).isEmpty();
            assertThat(result.rounds()).hasSize(4);
            return result.parameters();
        }
    }

    private static float[] live(String plan, Path runs) throws Exception {
        InMemoryTransport transport = new InMemoryTransport(2);
        List<Participant> participants = new ArrayList<>();
        try (Aggregator aggregator = Aggregator.start(
                        new FederationId("test"),
                        transport,
                        new AggregatorSettings(runs, 2),
                        Clock.systemUTC(),
                        new SimpleMeterRegistry(),
                        message -> {});
                ModelCache models = new ModelCache(transport)) {
            SitePolicy policy = SitePolicy.builder()
                    .algorithms("fedavg", "fedsgd", "fedprox", "fedavgm", "fedadam", "fedyogi", "fedadagrad")
                    .layers("dense", "relu", "dropout")
                    .leastProtection(ProtectionDemand.PLAIN)
                    .noPrivacyRequired()
                    .smallestCohort(2)
                    .datasets("sample")
                    .largestRounds(100)
                    .shareMetrics(true)
                    .withholdClassBalance()
                    .build();
            sites().forEach((site, data) -> {
                Participant participant = Participant.builder()
                        .site(site.value())
                        .federation("test")
                        .transport(transport)
                        .policy(policy)
                        .dataset("sample", data)
                        .build();
                participants.add(participant);
                participant.start();
            });
            RunId run = aggregator.submit(plan).join();
            RunState end = await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(5))
                    .until(
                            () -> aggregator.state().run(run).orElseThrow(),
                            it -> it.ended().isPresent());
            assertThat(end.ended().orElseThrow().outcome().name())
                    .as(end.ended().orElseThrow().reason())
                    .isEqualTo("COMPLETED");
            int size = RunPlanReader.read("plan", plan).model().layout().size();
            return models.fetch(end.model().orElseThrow(), size);
        } finally {
            participants.forEach(Participant::close);
            transport.close();
        }
    }

    @Test
    void aRunThatCannotBeSimulatedSaysWhy() {
        RunPlan plan = RunPlanReader.read("plan", plan(FEDAVG, 0.5));
        assertThatThrownBy(
                        () -> new Simulation(plan, Population.natural(sites()), PlainSelection.UNIFORM, new Krum(4), 1))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining(
                        "krum needs at least 11 updates to stand the hostile sites that it is told of, and a"
                                + " round asks so many sites: 3");
    }

    @Test
    void aRunThatDivergesEndsAndSaysWhere() throws InterruptedException {
        RunPlan plan = RunPlanReader.read("plan", plan(FEDAVG.replace("0.05", "1e20"), 1));
        try (ThreadBackend backend = new ThreadBackend(2)) {
            SimulationResult result =
                    backend.run(new Simulation(plan, Population.natural(sites())), RoundListener.ALL_ROUNDS);
            assertThat(result.failure())
                    .hasValueSatisfying(why -> assertThat(why)
                            .startsWith("round 1 is below its quorum of 2: 0 contributions count; s0: ")
                            .contains("training has diverged"));
            assertThat(result.rounds()).isEmpty();
        }
    }
}

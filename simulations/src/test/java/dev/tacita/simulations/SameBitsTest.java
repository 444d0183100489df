package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tacita.client.ModelCache;
import dev.tacita.client.Participant;
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
import dev.tacita.core.learning.Evaluation;
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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SameBitsTest {
    private static final String FEDAVG = LivePlans.training("fedavg", "");

    private static String plan(String algorithm, double fraction) {
        return LivePlans.ofAlgorithm(algorithm, fraction);
    }

    private static Map<SiteId, LocalDataset> sites() {
        return LivePlans.sites();
    }

    static List<String> liveAlgorithms() {
        return LivePlans.algorithms();
    }

    @ParameterizedTest
    @MethodSource("liveAlgorithms")
    void aSimulationGivesTheBitsOfALiveRun(String name, @TempDir Path runs) throws Exception {
        String text = LivePlans.plan(name, 0.5);
        Map<SiteId, LocalDataset> sites = LivePlans.sites(name);
        Live live = live(text, sites, runs);
        Simulation simulation = new Simulation(RunPlanReader.read("plan", text), Population.natural(sites));
        for (int workers : new int[] {1, 2, 8}) {
            SimulationResult simulated = result(simulation, workers);
            assertThat(simulated.parameters()).as(workers + " workers").containsExactly(live.parameters());
            assertThat(simulated.rounds().get(3).tests())
                    .as("each site measured by the model that it uses")
                    .usingElementComparator(SameBitsTest::compareButForRounding)
                    .containsExactlyElementsOf(live.tests());
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

    /** Losses are added in the order of batches, which need not be the same. */
    private static int compareButForRounding(Evaluation a, Evaluation b) {
        return a.examples() == b.examples()
                        && a.correct() == b.correct()
                        && Math.abs(a.lossSum() - b.lossSum()) <= 1e-6 * Math.abs(b.lossSum())
                ? 0
                : 1;
    }

    private static float[] simulated(Simulation simulation, int workers) throws InterruptedException {
        return result(simulation, workers).parameters();
    }

    private static SimulationResult result(Simulation simulation, int workers) throws InterruptedException {
        try (ThreadBackend backend = new ThreadBackend(workers)) {
            SimulationResult result = backend.run(simulation, RoundListener.ALL_ROUNDS);
            assertThat(result.failure()).isEmpty();
            assertThat(result.rounds()).hasSize(4);
            return result;
        }
    }

    /**
     * What came of a live run.
     *
     * @param tests in the order of the sites
     */
    private record Live(float[] parameters, List<Evaluation> tests) {}

    private static Live live(String plan, Map<SiteId, LocalDataset> sites, Path runs) throws Exception {
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
            sites.forEach((site, data) -> {
                Participant participant = Participant.builder()
                        .site(site.value())
                        .federation("test")
                        .transport(transport)
                        .policy(LivePlans.POLICY)
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
            return new Live(
                    models.fetch(end.model().orElseThrow(), size),
                    end.lastClosed().orElseThrow().counted().stream()
                            .map(counted -> counted.test().orElseThrow())
                            .toList());
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

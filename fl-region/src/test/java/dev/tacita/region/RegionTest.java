package dev.tacita.region;

import static dev.tacita.region.Samples.PLAN;
import static dev.tacita.region.Samples.policy;
import static dev.tacita.region.TwoLevels.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.CohortDraw;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.core.learning.Regions;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.server.report.RoundLine;
import dev.tacita.server.report.RunHistory;
import dev.tacita.simulations.Population;
import dev.tacita.simulations.RoundListener;
import dev.tacita.simulations.Simulation;
import dev.tacita.simulations.SimulationResult;
import dev.tacita.simulations.ThreadBackend;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed.RoundOutcome;
import dev.tacita.wire.AggregatorMessage.RunEnded.RunOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two regions, of three sites and of two, whose numbers of rows differ. */
@Timeout(120)
class RegionTest {
    private static final int SITES = 5;
    private static final int OF_NORTH = 3;

    private final TwoLevels federations;

    RegionTest(@TempDir Path folder) throws InterruptedException {
        federations = new TwoLevels(folder);
        federations.region("north", settings(OF_NORTH, OF_NORTH));
        federations.region("south", settings(SITES - OF_NORTH, SITES - OF_NORTH));
    }

    @AfterEach
    void end() {
        federations.close();
    }

    private static String region(int site) {
        return site < OF_NORTH ? "north" : "south";
    }

    private void sitesBut(int other) {
        for (int site = 0; site < SITES; site++) {
            if (site != other) {
                federations.site(region(site), site, policy().build(), new EngineTrainer());
            }
        }
    }

    private static SimulationResult simulated() throws InterruptedException {
        RunPlan live = RunPlanReader.read("plan", PLAN);
        Hierarchical algorithm = (Hierarchical) live.algorithm();
        Regions named = new Regions.Named(Map.of(
                "north", List.of(new SiteId("s0"), new SiteId("s1"), new SiteId("s2")),
                "south", List.of(new SiteId("s3"), new SiteId("s4"))));
        RunPlan plan = new RunPlan(
                live.name(),
                live.dataset(),
                live.model(),
                live.loss(),
                new Hierarchical(algorithm.base(), named, algorithm.edgeRounds()),
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
        Map<SiteId, LocalDataset> sites = new HashMap<>();
        for (int site = 0; site < SITES; site++) {
            sites.put(new SiteId("s" + site), Samples.dataset(site));
        }
        try (ThreadBackend backend = new ThreadBackend(2)) {
            SimulationResult result =
                    backend.run(new Simulation(plan, Population.natural(sites)), RoundListener.ALL_ROUNDS);
            assertThat(result.failure()).isEmpty();
            return result;
        }
    }

    @Test
    void regionsLiveGiveTheBitsOfRegionsSimulated() throws Exception {
        sitesBut(-1);
        RunId run = federations.root().submit(PLAN).join();
        assertThat(federations.parameters(run)).containsExactly(simulated().parameters());

        RunHistory history = federations.end(run);
        assertThat(history.lines()).hasSize(4);
        for (RoundLine line : history.lines().subList(0, 3)) {
            assertThat(line.counted())
                    .extracting(counted -> counted.site().value())
                    .containsExactly("north", "south");
            assertThat(line.counted()).extracting(counted -> counted.weight()).containsExactly(10L + 17 + 24, 31L + 38);
            assertThat(line.validation().map(Evaluation::examples)).contains(5 * 7L);
            assertThat(line.training().map(Evaluation::examples)).contains(2L * 2 * (10 + 17 + 24 + 31 + 38));
        }
        assertThat(history.finalTest().flatMap(RoundLine::test).map(Evaluation::examples))
                .contains(5L * 9 + 1 + 2 + 3 + 4);
        for (String region : List.of("north", "south")) {
            List<RunHistory> runs = federations.runs(region);
            assertThat(runs)
                    .hasSize(4)
                    .allMatch(each -> each.ended().orElseThrow().outcome() == RunOutcome.COMPLETED);
            assertThat(runs.subList(0, 3))
                    .allSatisfy(each -> assertThat(each.lines())
                            .extracting(RoundLine::purpose)
                            .containsExactly(Purpose.TRAIN, Purpose.TRAIN));
            assertThat(runs.get(3).lines()).extracting(RoundLine::purpose).containsExactly(Purpose.EVALUATE);
        }
    }

    @Test
    void aRegionAsksAnotherPartOfItsSitesInEachOfItsRounds() throws Exception {
        federations.region(
                "north", new RegionSettings(3, 1, 0.34, Duration.ofSeconds(60), 0, new ProtectionSpec.Plain()));
        sitesBut(-1);
        RunId run = federations.root().submit(PLAN).join();
        federations.parameters(run);
        long seed = RunPlanReader.read("plan", PLAN).seed();
        List<List<Integer>> drawn = IntStream.rangeClosed(1, 6)
                .mapToObj(round -> Arrays.stream(CohortDraw.draw(seed, round, 1, OF_NORTH, 1))
                        .boxed()
                        .toList())
                .toList();
        List<List<Integer>> asked = federations.runs("north").subList(0, 3).stream()
                .flatMap(each -> each.lines().stream())
                .map(line -> line.counted().stream()
                        .map(counted -> Integer.parseInt(counted.site().value().substring(1)))
                        .toList())
                .toList();
        assertThat(asked).hasSize(6).isEqualTo(drawn);
        assertThat(new HashSet<>(asked)).as("not always the same").hasSizeGreaterThan(1);
    }

    @Test
    void aRegionThatFailsSaysWhyAndIsAskedAgain() throws Exception {
        sitesBut(4);
        federations.site("south", 4, policy().build(), Gate.failing(3));
        RunId run = federations.root().submit(PLAN).join();
        assertThat(federations.parameters(run)).containsExactly(simulated().parameters());
        RoundLine failed = federations.end(run).lines().get(1);
        assertThat(failed.outcome()).isEqualTo(RoundOutcome.BELOW_QUORUM);
        assertThat(failed.missing().get(new SiteId("south")))
                .contains("the region's own rounds came to nothing", "below its quorum of 2", "s4: training failed");
    }

    @Test
    void aRegionThatIsKilledGoesOnWithTheSameRounds() throws Exception {
        sitesBut(0);
        Gate gate = Gate.waiting(4);
        federations.site("north", 0, policy().build(), gate);
        RunId run = federations.root().submit(PLAN).join();
        gate.awaitReached();
        federations.region("north", settings(OF_NORTH, OF_NORTH));
        await("the root knows the new life of north")
                .until(() -> federations.root().state().sites().size() == 2
                        && federations.runs("north").size() == 2);
        gate.open();
        assertThat(federations.parameters(run)).containsExactly(simulated().parameters());
        assertThat(federations.runs("north")).as("no round was done anew").hasSize(4);
    }

    @Test
    void aRegionStopsItsRoundsWhenTheRoundIsOver() throws Exception {
        sitesBut(0);
        Gate gate = Gate.waiting(4);
        federations.site("north", 0, policy().build(), gate);
        RunId run = federations
                .root()
                .submit(PLAN.replace("quorum: 2", "quorum: 1\nsites: 2"))
                .join();
        gate.awaitReached();
        await("the south has answered")
                .until(() -> federations.runs("south").stream()
                                .filter(each -> each.ended().isPresent())
                                .count()
                        == 2);
        federations.pass(Duration.ofHours(1));
        RunHistory history = federations.end(run);
        assertThat(history.ended().orElseThrow().outcome()).isEqualTo(RunOutcome.COMPLETED);
        RunHistory late = TwoLevels.end(
                federations.of("north"), federations.runs("north").get(1).run());
        assertThat(late.ended().orElseThrow().outcome()).isEqualTo(RunOutcome.STOPPED);
        assertThat(history.lines().get(1).counted())
                .extracting(counted -> counted.site().value())
                .containsExactly("south");
    }

    @Test
    void aRegionStopsItsRoundsWhenTheRunOfTheRegionsIsStopped() throws Exception {
        sitesBut(0);
        Gate gate = Gate.waiting(1);
        federations.site("north", 0, policy().build(), gate);
        RunId run = federations.root().submit(PLAN).join();
        gate.awaitReached();
        federations.root().stop(run).join();
        RunHistory part = TwoLevels.end(
                federations.of("north"), federations.runs("north").get(0).run());
        assertThat(part.ended().orElseThrow().outcome()).isEqualTo(RunOutcome.STOPPED);
        assertThat(part.ended().orElseThrow().reason()).isEqualTo("run " + run + ", of which it is a part, is over");
    }

    @Test
    void aRegionWhoseSitesAreNotThereSaysWhoIs() throws Exception {
        federations.region("south", new RegionSettings(2, 2, 1, Duration.ofSeconds(1), 0, new ProtectionSpec.Plain()));
        sitesBut(4);
        RunId run = federations
                .root()
                .submit(PLAN.replace("deadline: 60s", "deadline: 60s\nretries: 0"))
                .join();
        assertThat(paused(run))
                .contains(
                        "south: the region's own rounds came to nothing: 1 of at least 2 sites that offer 'sample' are there: s3");
        federations.site("south", 4, policy().build(), new EngineTrainer());
        federations.root().resume(run).join();
        assertThat(federations.parameters(run)).containsExactly(simulated().parameters());
    }

    @Test
    void whatAnotherRunOfTheRegionWaitsForStaysInTheRegion() throws Exception {
        federations.region("south", new RegionSettings(2, 2, 1, Duration.ofSeconds(1), 0, new ProtectionSpec.Plain()));
        federations
                .of("south")
                .submit(PLAN.replace("dataset: sample", "dataset: of-nobody-else")
                        .replace("hierarchical:", "fedavg:")
                        .replace("    edge-rounds: 2\n", ""))
                .join();
        sitesBut(-1);
        RunId run = federations
                .root()
                .submit(PLAN.replace("deadline: 60s", "deadline: 60s\nretries: 0"))
                .join();
        assertThat(paused(run))
                .contains("south: the region's own rounds came to nothing: its turn has not come")
                .doesNotContain("of-nobody-else");
    }

    @Test
    void metricsOfFewerRowsThanARegionsPolicySaysStayHoweverOftenTheyWereSeen() throws Exception {
        federations.region(
                "north",
                settings(OF_NORTH, OF_NORTH),
                policy().withholdClassBalance(10 + 17 + 24 + 1).build());
        sitesBut(-1);
        RunId run = federations.root().submit(PLAN).join();
        federations.parameters(run);
        for (RoundLine line : federations.end(run).lines().subList(0, 3)) {
            assertThat(line.training().map(Evaluation::examples)).contains(2L * 2 * (31 + 38));
            assertThat(line.validation().map(Evaluation::examples)).contains(2 * 7L);
        }
    }

    private String paused(RunId run) {
        return await().until(
                        () -> federations.root().state().run(run).orElseThrow().paused(), Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void sitesOfARegionReadThePlanAndMayRefuseIt() throws Exception {
        federations.region("south", new RegionSettings(2, 2, 1, Duration.ofSeconds(1), 0, new ProtectionSpec.Plain()));
        sitesBut(4);
        federations.site("south", 4, policy().largestRounds(5).build(), new EngineTrainer());
        RunId run = federations
                .root()
                .submit(PLAN.replace("deadline: 60s", "deadline: 60s\nretries: 0"))
                .join();
        assertThat(paused(run))
                .contains("south: the region's own rounds came to nothing")
                .contains("s4")
                .contains(
                        "largest-rounds: the policy allows at most 5 rounds; the plan has 6, counted over all rounds");
    }

    @Test
    void aRegionAndASiteWithRowsRefuseEachOthersPlans() throws Exception {
        federations.site("root", 0, policy().build(), new EngineTrainer());
        RunId regional = federations
                .root()
                .submit(PLAN.replace("quorum: 2", "quorum: 3"))
                .join();
        assertThat(refusals(regional, 1))
                .containsExactly(
                        "s0: algorithm: the plan's sites are regions, each with a federation of its own; this site has"
                                + " rows of its own and is none");
        federations.root().stop(regional).join();
        RunId plain = federations
                .root()
                .submit(PLAN.replace("hierarchical:", "fedavg:").replace("    edge-rounds: 2\n", ""))
                .join();
        assertThat(refusals(plain, 2))
                .containsExactlyInAnyOrder(
                        "north: algorithm: this site is a region and takes part in runs of regions only; the plan's algorithm"
                                + " is 'fedavg'",
                        "south: algorithm: this site is a region and takes part in runs of regions only; the plan's algorithm"
                                + " is 'fedavg'");
    }

    private List<String> refusals(RunId run, int count) {
        return await().until(
                        () -> federations.root().history(run).orElseThrow().refusals().stream()
                                .map(each -> each.refusal().site() + ": "
                                        + String.join("; ", each.refusal().reasons()))
                                .toList(),
                        reasons -> reasons.size() == count);
    }

    @Test
    void aPartIsSubmittedByItsRegionAloneAndFromItsModelOnly() {
        String part = PLAN.replace(
                        "    edge-rounds: 2\n",
                        "    edge-rounds: 2\n    part-of: {run: by-regions-1, round: 1, rounds: 3, model: "
                                + "0".repeat(64) + "}\n")
                .replace("rounds: 3\nquorum", "rounds: 2\nquorum");
        assertThatThrownBy(() -> federations.root().submit(part))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("a region's part in a run is submitted by the region");
        assertThatThrownBy(() -> federations.root().submitPart(part, new float[26]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("begins from the model given");
    }
}

package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.SiteId;
import dev.tacita.core.aggregation.CoordinateMedian;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Shape;
import dev.tacita.core.trees.BoostedTrees;
import dev.tacita.core.trees.TreeEnsemble;
import dev.tacita.core.trees.TreeText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoostedTreesSimulationTest {
    private static final ModelSpec MODEL = Models.logisticRegression(Samples.WIDTH, 3);
    private static final Loss LOSS = new Loss.SoftmaxCrossEntropy();
    private static final BoostedTrees TREES = new BoostedTrees(6, 3, 16, .3, 1, 0, 1, 2, 3);

    private static RunPlan plan(int rounds) {
        return Study.plan(MODEL, LOSS, TREES, rounds, 1, 5);
    }

    private static Population population(ArrayExamples rows, int[]... ends) {
        Map<SiteId, LocalDataset> sites = new HashMap<>();
        for (int[] each : ends) {
            int[] places = IntStream.range(each[0], each[1]).toArray();
            sites.put(
                    new SiteId("s" + sites.size()),
                    Samples.dataset(rows.select(places), Samples.rows(sites.isEmpty() ? 90 : 30, 3, 8)));
        }
        return Population.natural(sites);
    }

    private static SimulationResult run(Population population, int workers, int rounds) throws InterruptedException {
        try (Backend backend = new ThreadBackend(workers)) {
            return backend.run(new Simulation(plan(rounds), population), RoundListener.ALL_ROUNDS);
        }
    }

    @Test
    void unequalSitesGrowTheBitsOfOneSiteWhateverTheWorkers() throws InterruptedException {
        ArrayExamples rows = Samples.rows(400, 3, 4);
        int all = TREES.rounds().getAsInt();
        SimulationResult pooled = run(population(rows, new int[] {0, 400}), 1, all);
        Population dealt =
                population(rows, new int[] {0, 1}, new int[] {1, 20}, new int[] {20, 150}, new int[] {150, 400});
        for (int workers : new int[] {1, 2, 8}) {
            SimulationResult result = run(dealt, workers, all + 2);
            assertThat(result.failure()).isEmpty();
            assertThat(result.parameters()).as(workers + " workers").containsExactly(pooled.parameters());
            var last = result.rounds().get(all - 1);
            assertThat(last.pooledTest().accuracy()).isGreaterThan(.8);
            assertThat(last.tests()).hasSize(4);
            assertThat(result.rounds().get(all + 1).tests()).isEqualTo(last.tests());
            assertThat(result.rounds().get(all + 1).training().examples()).isEqualTo(400);
        }
        TreeEnsemble ensemble = TREES.ensemble(LOSS, pooled.parameters());
        assertThat(ensemble.steps())
                .hasSize(6)
                .allSatisfy(trees -> assertThat(trees).hasSize(3));
    }

    @Test
    void whatDoesNotGoWithSumsIsRefused() {
        Population sites = population(Samples.rows(40, 3, 4), new int[] {0, 20}, new int[] {20, 40});
        assertThatThrownBy(() -> new Simulation(plan(9), sites, PlainSelection.UNIFORM, new CoordinateMedian(), 1))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("median takes updates alone, and boosted-trees sends sums. Use mean.");
        assertThatThrownBy(() -> new Simulation(plan(9), sites, new PowerOfChoice(2), new Mean(), 1))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("boosted-trees trains none. Use uniform, cyclic or by-size.");
    }

    @Test
    void privacyThatHidesUpdatesIsRefusedForSums(@TempDir Path folder) {
        String noisy = STUDY.replace(
                "smallest-node: 2}}",
                "smallest-node: 2}}\n    privacy: {federation: {clip: 1, epsilon: 8, delta: 0.001}}");
        assertThatThrownBy(() -> StudyTest.study(folder, noisy))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("nothing clips what boosted-trees sends of a row or a site");
        String hidden = STUDY.replace(
                "smallest-node: 2}}",
                "smallest-node: 2}}\n    quorum: 3\n    protection: {secure-aggregation: {adversary: active, corrupted: 1,"
                        + " drop-outs: 1, largest-value: 16, largest-weight: 100, bits: 28, modulus-bits: 32}}");
        assertThatThrownBy(() -> StudyTest.study(folder, hidden))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("boosted-trees sends exact sums in several parts");
    }

    @Test
    void hostileSumsSpoilTreesAndNothingElse(@TempDir Path folder) throws Exception {
        String hostile = STUDY.replace(
                        "alike: {sites: 4, partition: iid}",
                        "{turned: {sites: 4, partition: iid, attacks: [{attack: sign-flip, number: 3}]},"
                                + " random: {sites: 4, partition: iid, attacks: [{attack: {gaussian: {deviation: 0.3}}, number: 1}]},"
                                + " loud: {sites: 4, partition: iid, attacks: [{attack: {scaling: {factor: 1e6}}, number: 1}]},"
                                + " lying: {sites: 4, partition: iid, attacks: [{attack: label-flip, number: 1}]},"
                                + " leaving: {sites: 4, partition: iid, faults: [{fault: {drop-out: {probability: 0.3}}, number: 4}]}}")
                .replace("populations:\n  {", "populations: {")
                .replaceAll("  fedavg: .*\n", "");
        List<CellResult> results = StudyTest.run(StudyTest.study(folder, hostile), folder.resolve("out"), 2);
        assertThat(results).hasSize(5).allSatisfy(each -> {
            assertThat(each.ended()).as(each.cell().toString()).isEqualTo("did all 13 rounds");
            assertThat(each.last()).as(each.cell().toString()).isBetween(0.0, 1.0);
        });
        assertThat(results.get(3).last()).as("label flips").isGreaterThan(.6);
        assertThat(results.get(4).last()).as("drop-outs").isGreaterThan(.6);
    }

    @Test
    void aSiteWhoseTargetsTheLossDoesNotHaveDoesNotCount() throws InterruptedException {
        var wrong = new ArrayExamples(Shape.of(Samples.WIDTH), 1, new float[Samples.WIDTH], new float[] {7});
        Population sites = Population.natural(Map.of(new SiteId("s"), Samples.dataset(wrong, Samples.rows(9, 3, 1))));
        assertThat(run(sites, 1, 3).failure())
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("0 contributions count; s: a target must be a class from 0 to 2")
                        .contains("Provided value: 7.0"));
    }

    private static final String STUDY = """
            name: trees
            data: {schema: schema.yaml}
            populations:
              alike: {sites: 4, partition: iid}
            model:
              input: [5]
              layers:
                - dense: {units: 3}
            loss: softmax-cross-entropy
            runs:
              fedavg: {algorithm: {fedavg: {epochs: 1, batch-size: 10, optimizer: {sgd: {learning-rate: 0.05}}}}}
              trees:
                algorithm: {boosted-trees: {trees: 5, depth: 2, bins: 16, learning-rate: 0.5, smallest-node: 2}}
            rounds: 4
            seeds: [1]
            """;

    @Test
    void aStudyComparesTreesWithLayers(@TempDir Path folder) throws Exception {
        Study study = StudyTest.study(folder, STUDY);
        List<CellResult> results = StudyTest.run(study, folder.resolve("out"), 2);
        assertThat(results.get(0).rounds()).hasSize(4);
        assertThat(results.get(1).rounds()).as("3 for edges, 2 for each tree").hasSize(13);
        assertThat(results.get(1).last()).isGreaterThan(.75);
        assertThat(Files.readString(folder.resolve("out/report.html"))).contains("<td>trees</td>");
        try (var files = Files.list(folder.resolve("out/models"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("layers have none")
                    .containsExactlyInAnyOrder("alike.trees.1.txt", "alike.trees.1.json");
        }
        BoostedTrees algorithm =
                (BoostedTrees) study.run(new Cell("alike", "trees", 1)).algorithm();
        assertThat(algorithm).isEqualTo(new BoostedTrees(5, 2, 16, .5, 1, 0, 1, 2, 3));
        try (Backend backend = new ThreadBackend(1)) {
            float[] parameters = backend.run(study.simulation(new Cell("alike", "trees", 1)), RoundListener.ALL_ROUNDS)
                    .parameters();
            assertThat(Files.readString(folder.resolve("out/models/alike.trees.1.txt")))
                    .isEqualTo(TreeText.of(algorithm.ensemble(LOSS, parameters), List.of()))
                    .contains("tree 5 of class 2", "if input ");
        }
    }

    @Test
    void questionsNameTheColumnsOfTheData(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("schema.yaml"), "read by nobody");
        Path file = Files.writeString(folder.resolve("study.yaml"), STUDY);
        LocalDataset rows = Samples.dataset(Samples.rows(90, 3, 1), Samples.rows(30, 3, 2));
        LocalDataset named = new LocalDataset() {
            @Override
            public Examples train() {
                return rows.train();
            }

            @Override
            public Examples validation() {
                return rows.validation();
            }

            @Override
            public Examples test() {
                return rows.test();
            }

            @Override
            public List<String> features() {
                return List.of("age", "height", "weight", "pulse", "pain");
            }
        };
        StudyTest.run(StudyReader.read(file, (schema, data) -> named), folder.resolve("out"), 1);
        assertThat(Files.readString(folder.resolve("out/models/alike.trees.1.txt")))
                .containsPattern("if (age|height) < ");
        assertThat(Files.readString(folder.resolve("out/models/alike.trees.1.json")))
                .contains("\"feature_names\": [\"age\", \"height\", \"weight\", \"pulse\", \"pain\"]");
    }

    @Test
    void rowsThatLackNumbersAreForTreesAlone(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("schema.yaml"), "read by nobody");
        Path file = Files.writeString(folder.resolve("study.yaml"), STUDY);
        ArrayExamples rows = Samples.rows(90, 3, 1);
        var lacking = new ChangedExamples(
                rows, (index, input) -> input[index % 5] = index % 4 == 0 ? Float.NaN : input[index % 5], (i, t) -> {});
        LocalDataset data = Samples.dataset(lacking, Samples.rows(30, 3, 2));
        assertThatThrownBy(() -> StudyReader.read(file, (schema, place) -> data))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining(
                        "fedavg: fedavg trains layers, which need every number of a row, and rows lack some."
                                + " Have the schema fill them in or drop such rows, or use boosted-trees.")
                .hasMessageNotContaining("trees: ");
        Files.writeString(file, STUDY.replaceAll("  fedavg: .*\n", ""));
        List<CellResult> results =
                StudyTest.run(StudyReader.read(file, (schema, place) -> data), folder.resolve("out"), 1);
        assertThat(results.get(0).last()).isGreaterThan(.6);
    }

    @Test
    void everyWrongSettingIsReportedWithItsPlace(@TempDir Path folder) {
        var exception = catchThrowableOfType(
                ProblemsException.class,
                () -> StudyTest.study(
                        folder,
                        STUDY.replace(
                                "trees: 5, depth: 2, bins: 16, learning-rate: 0.5, smallest-node: 2",
                                "trees: 0, depth: 11, bins: 1, learning-rate: 2, lambda: -1, leaves: 4")));
        assertThat(exception.problems())
                .extracting(Problem::toString)
                .map(problem ->
                        problem.replaceAll(".*study.yaml:", "").replace("runs.trees.algorithm.boosted-trees", "*"))
                .containsExactly(
                        "13:32 *.smallest-node: a value is required; there is no default.",
                        "13:40 *.trees: must be a whole number from 1 to 10000. Provided value: '0'.",
                        "13:50 *.depth: must be a whole number from 1 to 10. Provided value: '11'.",
                        "13:60 *.bins: must be a whole number from 2 to 1024. Provided value: '1'.",
                        "13:78 *.learning-rate: must be a number > 0 and <= 1. Provided value: '2'.",
                        "13:89 *.lambda: must be a number >= 0. Provided value: '-1'.",
                        "13:93 *.leaves: unknown key. Known here: trees, depth, bins, learning-rate, lambda, gamma,"
                                + " smallest-child-weight, smallest-node, edge-rounds.");
    }

    @Test
    void aLivePlanThatNamesThemIsRefused() {
        String plan = """
                name: live
                dataset: sample
                model:
                  input: [5]
                  layers:
                    - dense: {units: 3}
                loss: softmax-cross-entropy
                algorithm: {boosted-trees: {trees: 5, depth: 2, bins: 16, learning-rate: 0.5, smallest-node: 2}}
                rounds: 4
                quorum: 2
                deadline: 30s
                protection: plain
                privacy: none
                seed: 11
                """;
        assertThatThrownBy(() -> RunPlanReader.read("plan", plan))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("boosted-trees needs a model that live runs do not have, and is simulated only.");
    }
}

package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Ditto;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.FedBn;
import dev.tacita.core.learning.FedPer;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sites that are measured by models of their own. */
class PersonalModelsTest {
    private static final ModelSpec MODEL = ModelSpec.sequential(
            Shape.of(Samples.WIDTH),
            List.of(
                    Layer.Dense.of(8),
                    new Normalization.BatchNorm(.1, 1e-5),
                    new Layer.Activation(new ActivationFunction.Relu()),
                    Layer.Dense.of(3)));

    private static final String STUDY = """
            name: personal
            data: {schema: schema.yaml}
            populations:
              unlike: {sites: 5, partition: {dirichlet: {alpha: 0.2, smallest: 5}}, hold-out: 0.25}
            model:
              input: [5]
              layers:
                - dense: {units: 6}
                - batch-norm
                - relu
                - dense: {units: 3}
            loss: softmax-cross-entropy
            runs:
              fedavg: {algorithm: {fedavg: {epochs: 1, batch-size: 10, optimizer: {sgd: {learning-rate: 0.1}}}}}
              fedbn: {algorithm: {fedbn: {epochs: 1, batch-size: 10, optimizer: {sgd: {learning-rate: 0.1}}}}}
              fedper:
                algorithm:
                  fedper:
                    epochs: 1
                    batch-size: 10
                    optimizer: {sgd: {learning-rate: 0.1}}
                    personal-layers: [layer-4]
              ditto:
                algorithm:
                  ditto: {epochs: 1, batch-size: 10, optimizer: {sgd: {learning-rate: 0.1}}, lambda: 0.5}
              adafedprox:
                algorithm:
                  adafedprox: {epochs: 1, batch-size: 10, optimizer: {sgd: {learning-rate: 0.1}}, mu: 1}
            rounds: 6
            seeds: [1]
            """;

    private static FedAvg fedAvg() {
        return new FedAvg(
                new LocalWork.Train(OptimizerSpec.Sgd.of(.1), new LocalWork.Extent.Epochs(2), OptionalInt.of(10)), 1);
    }

    /** Two sites whose classes are named each in its own way: class c of one is class c + 1 of the other. */
    private static Population otherNames() {
        Map<SiteId, LocalDataset> sites = new HashMap<>();
        for (int site = 0; site < 2; site++) {
            sites.put(
                    new SiteId("s" + site),
                    Samples.dataset(
                            renamed(Samples.rows(120, 3, site), site), renamed(Samples.rows(150, 3, 9 + site), site)));
        }
        return Population.natural(sites);
    }

    private static Examples renamed(Examples rows, int by) {
        float[] inputs = new float[rows.size() * Samples.WIDTH];
        float[] targets = new float[rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            rows.copyInput(i, inputs, i * Samples.WIDTH);
            rows.copyTarget(i, targets, i);
            targets[i] = (targets[i] + by) % 3;
        }
        return new ArrayExamples(Shape.of(Samples.WIDTH), 1, inputs, targets);
    }

    private static SimulationResult simulated(FederatedAlgorithm algorithm, Population sites, int workers)
            throws InterruptedException {
        return simulated(MODEL, algorithm, sites, workers);
    }

    private static SimulationResult simulated(
            ModelSpec model, FederatedAlgorithm algorithm, Population sites, int workers) throws InterruptedException {
        RunPlan plan = Study.plan(model, new Loss.SoftmaxCrossEntropy(), algorithm, 15, 1, 4);
        try (Backend backend = new ThreadBackend(workers)) {
            return backend.run(new Simulation(plan, sites), RoundListener.ALL_ROUNDS);
        }
    }

    private static double accuracy(SimulationResult result) {
        return result.rounds().get(14).pooledTest().accuracy();
    }

    @Test
    void sitesThatNameClassesOtherwiseAreServedByModelsOfTheirOwn() throws InterruptedException {
        assertThat(accuracy(simulated(fedAvg(), otherNames(), 1))).isLessThan(.7);
        assertThat(accuracy(simulated(new FedPer(fedAvg(), List.of("layer-4")), otherNames(), 1)))
                .isGreaterThan(.8);
        assertThat(accuracy(simulated(new Ditto(fedAvg(), .1), otherNames(), 1)))
                .isGreaterThan(.8);
    }

    /** Each site measures its inputs in units of its own, which a normalisation of its own takes out again. */
    @Test
    void sitesWithUnitsOfTheirOwnAreServedByNormalisationOfTheirOwn() throws InterruptedException {
        ModelSpec normalized = ModelSpec.sequential(
                Shape.of(Samples.WIDTH), List.of(new Normalization.BatchNorm(.1, 1e-5), Layer.Dense.of(3)));
        Map<SiteId, LocalDataset> sites = new HashMap<>();
        for (int site = 0; site < 4; site++) {
            sites.put(
                    new SiteId("s" + site),
                    Samples.dataset(Samples.rows(120, 3, site), Samples.rows(300, 3, 9 + site)));
        }
        Population population = Population.natural(sites).skewed(List.of(new Skew.Scaling(.8)), 1);
        double common = accuracy(simulated(normalized, fedAvg(), population, 1));
        double own = accuracy(simulated(normalized, new FedBn(fedAvg()), population, 1));
        assertThat(own).isGreaterThan(.8).isGreaterThan(common + .05);
    }

    @Test
    void anyNumberOfWorkersGivesTheSameModelsAndMeasures() throws InterruptedException {
        for (FederatedAlgorithm algorithm :
                List.of(new FedBn(fedAvg()), new FedPer(fedAvg(), List.of("layer-1")), new Ditto(fedAvg(), .5))) {
            SimulationResult one = simulated(algorithm, otherNames(), 1);
            for (int workers : new int[] {2, 8}) {
                SimulationResult many = simulated(algorithm, otherNames(), workers);
                assertThat(many.parameters()).as(algorithm.name()).containsExactly(one.parameters());
                assertThat(many.rounds()).as(algorithm.name()).isEqualTo(one.rounds());
            }
        }
    }

    @Test
    void theCommonModelKeepsTheFirstValuesOfWhatStaysAtTheSites() throws InterruptedException {
        float[] first = MODEL.layout().initialValues(SeedStream.of(4).derive("initial-parameters"));
        float[] last = simulated(new FedBn(fedAvg()), otherNames(), 2).parameters();
        for (ParameterLayout.Slot slot : MODEL.layout().slots()) {
            float[] before = Arrays.copyOfRange(first, slot.offset(), slot.offset() + slot.length());
            float[] after = Arrays.copyOfRange(last, slot.offset(), slot.offset() + slot.length());
            if (slot.node().equals("layer-2")) {
                assertThat(after).as(slot.name()).containsExactly(before);
            } else {
                assertThat(after).as(slot.name()).isNotEqualTo(before);
            }
        }
    }

    @Test
    void testRowsOfNobodyMeasureNoPersonalModel() {
        var rows = Samples.rows(90, 3, 1);
        Population dealt = Population.dealt(rows, rows, new Iid(), 3, 1);
        assertThatThrownBy(() -> simulated(new Ditto(fedAvg(), 1), dealt, 1))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining(
                        "ditto measures each site by a model of its own, and the test rows are no site's.")
                .hasMessageContaining("'hold-out'");
    }

    @Test
    void rowsHeldOutAreOfTheSiteAndNotTrainedOn() {
        for (long seed = 1; seed <= 10; seed++) {
            var rows = Samples.rows(200 + (int) seed, 4, seed);
            Population whole = Population.dealt(rows, rows, new Dirichlet(.5, 1), 6, seed);
            Population parted = Population.dealt(rows, new Dirichlet(.5, 1), 6, .3, seed);
            Population again = Population.dealt(Samples.shuffled(rows, seed), new Dirichlet(.5, 1), 6, .3, seed);
            for (int site = 0; site < 6; site++) {
                String what = "seed " + seed + ", site " + site;
                Set<String> all = texts(whole.train(site));
                Set<String> train = texts(parted.train(site));
                Set<String> test = texts(parted.tests().get(site));
                int size = whole.rows(site);
                assertThat(test).as(what).hasSize((int) Math.min(size - 1L, Math.round(.3 * size)));
                assertThat(train)
                        .as(what)
                        .hasSize(size - test.size())
                        .doesNotContainAnyElementsOf(test.isEmpty() ? Set.of("none") : test);
                train.addAll(test);
                assertThat(train).as(what).isEqualTo(all);
                assertThat(Samples.text(again.train(site))).as(what).isEqualTo(Samples.text(parted.train(site)));
            }
            assertThat(parted.testsAreOfSites()).isTrue();
            assertThat(parted.fingerprint()).isEqualTo(again.fingerprint()).isNotEqualTo(whole.fingerprint());
        }
    }

    private static Set<String> texts(Examples rows) {
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < rows.size(); i++) {
            texts.add(Samples.text(rows, i));
        }
        return texts;
    }

    @Test
    void aStudyNamesTheModelThatItMeasured(@TempDir Path folder) throws Exception {
        List<CellResult> results = StudyTest.run(StudyTest.study(folder, STUDY), folder.resolve("out"), 2);
        assertThat(results).hasSize(5).allMatch(each -> each.last() > .5);
        List<String> summary = Files.readAllLines(folder.resolve("out/summary.csv"));
        assertThat(summary.get(0)).endsWith(",model");
        assertThat(summary.stream().skip(1).map(line -> line.substring(line.lastIndexOf(',') + 1)))
                .containsExactly("common", "personal", "personal", "personal", "common");
        assertThat(Files.readAllLines(folder.resolve("out/sites.csv"))).hasSize(1 + 5 * 6 * 5);
    }

    @Test
    void whatIsWrongWithAPersonalStudyIsSaidAtOnce(@TempDir Path folder) {
        assertThat(problems(
                        folder,
                        STUDY.replace("hold-out: 0.25", "hold-out: 1")
                                .replace("lambda: 0.5", "lambda: -1")
                                .replace("        personal-layers: [layer-4]\n", "")))
                .containsExactly(
                        "populations.unlike.hold-out: must be a number > 0 and < 1. Provided value: '1'.",
                        "runs.fedper.algorithm.fedper.personal-layers: a value is required; there is no default.",
                        "runs.ditto.algorithm.ditto.lambda: must be a number >= 0. Provided value: '-1'.");
        assertThat(problems(
                        folder,
                        STUDY.replace(", hold-out: 0.25", "")
                                .replace("    - batch-norm\n", "")
                                .replace("[layer-4]", "[layer-9]")))
                .anySatisfy(why -> assertThat(why)
                        .contains("unlike, fedbn: algorithm: fedbn keeps batch normalisation at the sites, and the"
                                + " model has none."))
                .anySatisfy(why -> assertThat(why).contains("must be layers that have parameters: layer-1, layer-3."))
                .anySatisfy(why -> assertThat(why).contains("unlike, ditto: algorithm: ditto measures each site"));
    }

    private static List<String> problems(Path folder, String text) {
        var exception = catchThrowableOfType(ProblemsException.class, () -> StudyTest.study(folder, text));
        assertThat(exception).as("it must be refused").isNotNull();
        return exception.problems().stream()
                .map(problem -> problem.toString().replaceAll("^.*?study.yaml:[0-9:]* ", ""))
                .toList();
    }
}

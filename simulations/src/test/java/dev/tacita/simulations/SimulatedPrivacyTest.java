package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.aggregation.CoordinateMedian;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.dp.plan.PlannedPrivacy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedPrivacyTest {
    private static final Examples TEST = Samples.rows(60, 3, 9);

    private static RunPlan plan(String privacy, double learningRate, int rounds) {
        return RunPlanReader.read("plan", """
                name: private
                dataset: sample
                model:
                  input: [5]
                  layers:
                    - dense: {units: 200}
                    - relu
                    - dense: {units: 3}
                loss: softmax-cross-entropy
                algorithm: {fedavg: {epochs: 1, batch-size: 10, optimizer: {sgd: {learning-rate: %s}}}}
                rounds: %d
                cohort-fraction: 1
                quorum: 1
                sites: 1
                deadline: 30s
                protection: plain
                privacy: %s
                seed: 3
                """.formatted(learningRate, rounds, privacy));
    }

    private static Population sites(int count) {
        return Population.dealt(Samples.rows(40 * count, 3, 1), TEST, new Iid(), count, 1);
    }

    private static SimulationResult run(Simulation simulation) throws InterruptedException {
        try (ThreadBackend backend = new ThreadBackend(2)) {
            SimulationResult result = backend.run(simulation, RoundListener.ALL_ROUNDS);
            assertThat(result.failure()).isEmpty();
            return result;
        }
    }

    /** How far one round without learning moves the model: the noise alone. */
    private static double noise(String privacy, int count, OptionalInt noiseCohort) throws InterruptedException {
        RunPlan plan = plan(privacy, 1e-12, 1);
        float[] without =
                run(new Simulation(plan("none", 1e-12, 1), sites(count))).parameters();
        float[] with = run(new Simulation(plan, sites(count), PlainSelection.UNIFORM, new Mean(), 1, noiseCohort))
                .parameters();
        double squares = 0;
        for (int i = 0; i < with.length; i++) {
            squares += (with[i] - (double) without[i]) * (with[i] - without[i]) / with.length;
        }
        return Math.sqrt(squares);
    }

    @Test
    void noiseHasTheSizeOfALiveRunOrOfALargerCohort() throws InterruptedException {
        String site = "{site: {clip: 0.5, noise-multiplier: 2, delta: 0.001}}";
        String federation = "{federation: {clip: 0.5, noise-multiplier: 2, delta: 0.001}}";
        assertNoise(noise(site, 4, OptionalInt.empty()), 1 / Math.sqrt(4));
        assertNoise(noise(site, 4, OptionalInt.of(400)), 1 / Math.sqrt(400));
        assertNoise(noise(federation, 4, OptionalInt.empty()), 1 / 4.0);
        assertNoise(noise(federation, 4, OptionalInt.of(400)), 1 / 400.0);
    }

    /** Of 1,803 draws: five standard deviations are 8 %. */
    private static void assertNoise(double measured, double expected) {
        assertThat(measured).isCloseTo(expected, within(.085 * expected));
    }

    @Test
    void epsilonIsWhatThePlanComesTo() throws InterruptedException {
        for (String privacy : List.of(
                "{site: {clip: 1, noise-multiplier: 2, delta: 0.001}}",
                "{federation: {clip: 1, epsilon: 3, delta: 0.001}}",
                "{examples: {clip: {flat: {norm: 1}}, noise-multiplier: 1.5, delta: 0.001}}",
                "{examples: {clip: {flat: {norm: 1}}, epsilon: 4, delta: 0.001}}")) {
            RunPlan plan = plan(privacy, .1, 4);
            Population sites = Population.dealt(
                    Samples.rows(200, 3, 1), TEST, new QuantitySkew(QuantitySkew.Law.LINEAR, 1, 5), 4, 1);
            SimulationResult result = run(new Simulation(plan, sites, PlainSelection.UNIFORM, new Mean(), 2));
            PlannedPrivacy smallest = PlannedPrivacy.of(plan, 20).orElseThrow();
            assertThat(sites.rows(0)).isEqualTo(20);
            assertThat(result.rounds().get(0).epsilon()).as(privacy).isEmpty();
            assertThat(result.rounds().get(1).epsilon())
                    .hasValue(smallest.after(2).epsilon());
            assertThat(result.rounds().get(3).epsilon())
                    .hasValue(smallest.guarantee().epsilon());
            RunPrivacy before = new Simulation(plan, sites).runPrivacy().orElseThrow();
            assertThat(before.epsilon()).isEqualTo(smallest.guarantee().epsilon());
            assertThat(before.mostNoise()).isEqualTo(smallest.noiseMultiplier());
            assertThat(before.leastNoise())
                    .isEqualTo(
                            PlannedPrivacy.of(plan, sites.rows(3)).orElseThrow().noiseMultiplier());
            double largest = PlannedPrivacy.of(plan, sites.rows(3))
                    .orElseThrow()
                    .guarantee()
                    .epsilon();
            assertThat(largest).isLessThanOrEqualTo(smallest.guarantee().epsilon());
        }
        assertThat(run(new Simulation(plan("none", .1, 1), sites(2)))
                        .rounds()
                        .get(0)
                        .epsilon())
                .isEmpty();
    }

    @Test
    void privateTrainingLearnsAndItsNoiseIsFresh() throws InterruptedException {
        RunPlan plan = plan("{examples: {clip: {flat: {norm: 1}}, noise-multiplier: 0.6, delta: 0.001}}", .2, 20);
        Simulation simulation = new Simulation(plan, sites(6));
        SimulationResult one = run(simulation);
        assertThat(one.rounds().get(19).pooledTest().accuracy()).isGreaterThan(.7);
        assertThat(run(simulation).parameters()).isNotEqualTo(one.parameters());
    }

    @Test
    void whatDoesNotGoWithPrivacyIsNamed() {
        RunPlan federation = plan("{federation: {clip: 1, noise-multiplier: 2, delta: 0.001}}", .1, 4);
        assertThatThrownBy(() -> new Simulation(
                        federation, sites(4), PlainSelection.UNIFORM, new CoordinateMedian(), 1, OptionalInt.of(3)))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("noise of the federation is made for a sum, and median adds none up")
                .hasMessageContaining("must be at least the number of sites that a round asks, 4. Provided value: 3.");
        RunPlan examples = plan("{examples: {clip: {flat: {norm: 1}}, noise-multiplier: 1, delta: 0.001}}", .1, 4);
        assertThatThrownBy(() ->
                        new Simulation(examples, sites(4), PlainSelection.UNIFORM, new Mean(), 1, OptionalInt.of(9)))
                .hasMessageContaining("with examples it goes with one step of sgd in a round");
        assertThatThrownBy(() -> new Simulation(
                        plan("none", .1, 4), sites(4), PlainSelection.UNIFORM, new Mean(), 1, OptionalInt.of(9)))
                .hasMessageContaining("it scales noise, and the run has no privacy");
    }

    @Test
    void aStudySaysWhatItsRunsReveal(@TempDir Path folder) throws Exception {
        String text = StudyTest.TWELVE_CELLS
                .replace(
                        "fedavg: {algorithm",
                        "fedavg: {privacy: {federation: {clip: 1, epsilon: 4, delta: 0.01}},"
                                + " noise-cohort-size: 500, algorithm")
                .replace(
                        "    cohort-fraction: 0.6\n",
                        "    privacy: {site: {clip: 1, noise-multiplier: 1, delta: 0.01}}\n")
                .replace("[1, 2, 3]", "[1]");
        assertThatThrownBy(() -> StudyTest.study(folder, text.replace("scaffold: {epochs", "qfedavg: {q: 1, epochs")))
                .hasMessageContaining(
                        "alike, scaffold: privacy: qfedavg divides by a sum that noise can bring to zero");
        Study study = StudyTest.study(
                folder,
                text.replace("scaffold:", "fedprox:").replace("}}}}\n    privacy", "}}, mu: 0.1}}\n    privacy"));
        List<CellResult> results = StudyTest.run(study, folder.resolve("out"), 1);
        assertThat(results.get(0).last("epsilon")).isBetween(3.5, 4.0);
        assertThat(results.get(0).last()).as("noise of 500 sites").isGreaterThan(.8);
        assertThat(Files.readString(folder.resolve("out/report.html")))
                .contains("<th>epsilon</th>")
                .contains("Noise and epsilon of fedavg are those of rounds that ask 500 sites")
                .doesNotContain("Noise and epsilon of fedprox");
        assertThat(Files.readAllLines(folder.resolve("out/results.csv")).get(0)).contains(",epsilon,");
    }
}

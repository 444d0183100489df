package dev.tacita.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.tuple;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.NewtonRaphson;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.core.learning.Regions;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.Initializer;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.FixedPoint;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunPlanTest {
    @Test
    void aPlanReadsAsItStandsWithTheDefaultsOfWhatItLeavesOut() {
        var model = ModelSpec.sequential(Shape.of(13), List.of(new Layer.Dense(1, true, Initializer.FAN_IN_UNIFORM)));
        var training =
                new LocalWork.Train(OptimizerSpec.Sgd.of(0.001), new LocalWork.Extent.Steps(100), OptionalInt.of(4));
        assertThat(RunPlanReader.read("plan.yaml", PlanSamples.HEART))
                .isEqualTo(new RunPlan(
                        "heart-disease",
                        "heart-disease",
                        model,
                        new Loss.BinaryCrossEntropyWithLogits(),
                        new FedAvg(training, 1),
                        15,
                        1.0,
                        3,
                        4,
                        Duration.ofSeconds(60),
                        3,
                        new ProtectionSpec.Plain(),
                        new PrivacySpec.None(),
                        FixedPoint.STANDARD,
                        42));
    }

    @Test
    void theSitesAwaitedAreTheQuorumWhereThePlanDoesNotSay() {
        String text = PlanSamples.HEART.replace("sites: 4\n", "");
        assertThat(RunPlanReader.read("plan.yaml", text).sites()).isEqualTo(3);
    }

    @Test
    void aPoolingStepsByItsKernelAndAConvolutionByOne() {
        String text = PlanSamples.HEART
                .replace("[13]", "[1, 28, 28]")
                .replace("    - dense: {units: 1, initializer: fan-in-uniform}\n", """
                            - conv2d: {filters: 32, kernel: 5, padding: 2}
                            - relu
                            - max-pool2d: {kernel: [2, 4]}
                            - flatten:
                        """);
        assertThat(RunPlanReader.read("plan.yaml", text).model().shapes().values())
                .containsExactly(
                        Shape.of(1, 28, 28),
                        Shape.of(32, 28, 28),
                        Shape.of(32, 28, 28),
                        Shape.of(32, 14, 7),
                        Shape.of(3136));
    }

    @Test
    void aNodeCanBeFrozenOrHaveTheParametersOfAnEarlierOne() {
        ModelSpec model =
                RunPlanReader.read("plan.yaml", sharing("parameters-of: a")).model();
        assertThat(model.nodes()).extracting(Node::frozen).containsExactly(true, false, false);
        assertThat(model.layout().slots())
                .extracting(ParameterLayout.Slot::name, ParameterLayout.Slot::offset, ParameterLayout.Slot::frozen)
                .containsExactly(
                        tuple("a.weight", 0, true),
                        tuple("a.bias", 169, true),
                        tuple("c.weight", 182, false),
                        tuple("c.bias", 195, false));
        assertThat(model.layout().of("b")).isEqualTo(model.layout().of("a"));
    }

    @Test
    void aNodeThatCannotHaveTheParametersItNamesIsReportedAtItsLine() {
        assertThatThrownBy(() -> RunPlanReader.read("plan.yaml", sharing("parameters-of: c")))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining(
                        "plan.yaml:7:7 model.nodes[2]: no earlier node is named 'c', whose parameters it is to share.");
    }

    private static String sharing(String second) {
        return PlanSamples.HEART
                .replace("  input: [13]\n", "  inputs: [{id: x, shape: [13]}]\n")
                .replace("  layers:\n    - dense: {units: 1, initializer: fan-in-uniform}\n", """
                          nodes:
                            - {id: a, layer: {dense: {units: 13}}, inputs: [x], frozen: true}
                            - {id: b, layer: {dense: {units: 13}}, inputs: [a], %s}
                            - {id: c, layer: {dense: {units: 1}}, inputs: [b]}
                          output: c
                        """.formatted(second));
    }

    @Test
    void aPartOfARegionCountsItsRoundsOverAllRounds() {
        RunPlan regions = RunPlanReader.read(
                "plan.yaml",
                PlanSamples.HEART.replace(
                        "fedavg:",
                        "hierarchical:\n    edge-rounds: 3\n    schedule-of-rounds: {exponential: {decay: 0.5}}"));
        Hierarchical algorithm = (Hierarchical) regions.algorithm();
        assertThat(regions.lastRound()).isEqualTo(16);
        assertThat(regions.roundsInAll()).isEqualTo(15);

        RunPlan training = RunPlanReader.read("part.yaml", part(regions, 4));
        assertThat(training.algorithm()).isEqualTo(algorithm.with(partOf(4)));
        assertThat(training.algorithm().counted(2)).isEqualTo(11);
        assertThat(training.algorithm().work(2)).isEqualTo(algorithm.base().work(11));
        assertThat(training.lastRound()).isEqualTo(3);
        assertThat(training.trains(3)).isTrue();
        assertThat(training.roundsInAll()).isEqualTo(45);

        RunPlan evaluation = RunPlanReader.read("part.yaml", part(regions, 16));
        assertThat(evaluation.trains(1)).isFalse();
        assertThat(evaluation.lastRound()).isEqualTo(1);
    }

    private static Regions.PartOf partOf(int round) {
        return new Regions.PartOf(new RunId("heart-1"), round, 15, "0a".repeat(32));
    }

    private static String part(RunPlan regions, int round) {
        return RunPlanWriter.write(regions)
                .replace(
                        "    edge-rounds: 3\n",
                        "    edge-rounds: 3\n    part-of: {run: heart-1, round: " + round + ", rounds: 15, model: '"
                                + "0a".repeat(32) + "'}\n")
                .replace("rounds: 15\ncohort", "rounds: 3\ncohort");
    }

    @Test
    void runsOfRegionsAddNoNoise() {
        assertThatThrownBy(() -> RunPlanReader.read(
                        "plan.yaml",
                        PlanSamples.HEART
                                .replace("fedavg:", "hierarchical:\n    edge-rounds: 3")
                                .replace(
                                        "privacy: none",
                                        "privacy: {site: {clip: 1, noise-multiplier: 1, delta: 1e-5}}")))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("privacy: what rounds of regions reveal is accounted for in simulations only.");
    }

    @Test
    void whatIsWrittenReadsBackAsAnEqualPlan() {
        for (long seed = 1; seed <= 500; seed++) {
            RunPlan plan = PlanSamples.random(new SplittableRandom(seed));
            String text = RunPlanWriter.write(plan);
            assertThat(RunPlanReader.read("seed-" + seed, text))
                    .as("seed %s:%n%s", seed, text)
                    .isEqualTo(plan);
            assertThat(RunPlanWriter.write(RunPlanReader.read("again", text)))
                    .as("seed %s", seed)
                    .isEqualTo(text);
        }
    }

    @Test
    void newtonsMethodReadsBackWithTheOneModelThatItTrains() {
        String text = """
                name: newton
                dataset: hearts
                model:
                  input: [3]
                  layers:
                    - dense: {units: 1}
                loss: binary-cross-entropy-with-logits
                algorithm:
                  newton-raphson: {damping: 0.5, ridge: 0.25}
                rounds: 5
                quorum: 2
                deadline: 60s
                protection: plain
                privacy: none
                seed: 1
                """;
        RunPlan plan = RunPlanReader.read("newton.yaml", text);
        assertThat(plan.algorithm()).isEqualTo(new NewtonRaphson(.5, .25));
        assertThat(RunPlanReader.read("again", RunPlanWriter.write(plan))).isEqualTo(plan);
        assertThatThrownBy(() -> RunPlanReader.read("newton.yaml", text.replace("units: 1", "units: 2")))
                .hasMessageContaining("newton-raphson trains logistic regression");
    }

    @Test
    void aPlanThatNoFileMayHoldIsNotWritten() {
        RunPlan plan = RunPlanReader.read("plan.yaml", PlanSamples.HEART);
        RunPlan endless = new RunPlan(
                plan.name(),
                plan.dataset(),
                plan.model(),
                plan.loss(),
                plan.algorithm(),
                2_000_000,
                1,
                3,
                4,
                plan.deadline(),
                3,
                plan.protection(),
                plan.privacy(),
                plan.encoding(),
                1);
        assertThatThrownBy(() -> RunPlanWriter.write(endless))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("rounds: must be a whole number from 1 to 1000000. Provided value: '2000000'.");
    }

    @Test
    void aHostilePlanOfTheLargestSizeIsAnsweredSoon() {
        String head = PlanSamples.HEART.substring(0, PlanSamples.HEART.indexOf("    - dense"));
        String tail = PlanSamples.HEART.substring(PlanSamples.HEART.indexOf("loss:"));
        List<String> plans = List.of(
                head + "    - relu\n".repeat(19_000) + tail,
                head + "    - flaten\n".repeat(12_000) + tail,
                PlanSamples.HEART + unknownKeys(9_000),
                head + "    - dense: {units: 2147483647}\n".repeat(6_000) + tail);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (String text : plans) {
            long start = threads.getCurrentThreadCpuTime();
            try {
                RunPlanReader.read("plan.yaml", text);
            } catch (ProblemsException e) {
                assertThat(e.getMessage()).hasSizeLessThan(100_000);
            }
            assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - start))
                    .isLessThan(Duration.ofSeconds(30));
        }
    }

    private static String unknownKeys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "unknown-" + i + ": 1\n").collect(Collectors.joining());
    }

    @Test
    void aMutatedPlanReadsOrIsRefusedWithItsProblemsAndNothingElse() {
        int refused = 0;
        for (long seed = 1; seed <= 5000; seed++) {
            var random = new SplittableRandom(seed);
            String base = random.nextBoolean() ? PlanSamples.HEART : RunPlanWriter.write(PlanSamples.random(random));
            String text = Mutations.mutate(base, random);
            try {
                RunPlanReader.read("plan.yaml", text);
            } catch (ProblemsException e) {
                refused++;
                assertThat(e.problems()).as("seed %s", seed).isNotEmpty().hasSizeLessThanOrEqualTo(51);
            } catch (Throwable e) {
                fail("seed " + seed + " let " + e + " escape; text:\n" + text, e);
            }
        }
        assertThat(refused).isBetween(2500, 4999);
    }
}

package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.FedSgd;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.wire.Hash;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class FederatedEqualsCentralTest {
    private static final int ROUNDS = 20;
    private static final int EXAMPLES = 90;
    private static final int SITES = 4;
    private static final double RATE = 0.2;
    private static final Map<String, ModelSpec> MODELS = new LinkedHashMap<>();

    static {
        Shape image = Shape.of(1, 6, 6);
        Layer relu = new Layer.Activation(new ActivationFunction.Relu());
        Layer tanh = new Layer.Activation(new ActivationFunction.Tanh());
        MODELS.put("logistic", ModelSpec.sequential(image, List.of(new Layer.Flatten(), Layer.Dense.of(3))));
        MODELS.put(
                "two-layer",
                ModelSpec.sequential(image, List.of(new Layer.Flatten(), Layer.Dense.of(8), tanh, Layer.Dense.of(3))));
        MODELS.put(
                "convolution",
                ModelSpec.sequential(
                        image,
                        List.of(
                                Layer.Conv2d.of(4, new Window(3, 3, 1, 1, 0, 0)),
                                relu,
                                new Layer.MaxPool2d(new Window(2, 2, 2, 2, 0, 0)),
                                new Layer.Flatten(),
                                Layer.Dense.of(3))));
    }

    private final Path folder;

    FederatedEqualsCentralTest(@TempDir Path folder) {
        this.folder = folder;
    }

    static Stream<Arguments> problems() {
        return MODELS.keySet().stream().flatMap(model -> Stream.of(11L, 12L).map(seed -> Arguments.of(model, seed)));
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("problems")
    void fedSgdIsGradientDescentOnAllExamplesAndFedAvgOfOneFullBatchIsFedSgd(String name, long seed)
            throws InterruptedException {
        Examples all = examples(seed);
        RunPlan plan = plan(name, new FedSgd(RATE), seed);
        int size = plan.model().layout().size();
        float[] central = gradientDescent(plan, all);
        try (Federation federation = new Federation(folder, 2)) {
            join(federation, all, seed, false);
            float[] fedSgd = federation.parameters(federation.run(plan), size);
            assertThat(distance(fedSgd, central))
                    .as("FedSGD to gradient descent, model %s, seed %s", name, seed)
                    .isLessThan(1e-6);
            LocalWork.Train fullBatch = new LocalWork.Train(
                    OptimizerSpec.Sgd.of(RATE), new LocalWork.Extent.Epochs(1), OptionalInt.empty());
            float[] fedAvg = federation.parameters(federation.run(plan(name, new FedAvg(fullBatch, 1), seed)), size);
            assertThat(distance(fedAvg, fedSgd))
                    .as("FedAvg to FedSGD, model %s, seed %s", name, seed)
                    .isLessThan(1e-6);
            float[] start =
                    plan.model().layout().initialValues(SeedStream.of(seed).derive("initial-parameters"));
            assertThat(distance(start, central)).as("training moved the model").isGreaterThan(1e-2);
        }
    }

    @Test
    void orderOfArrivalAndThreadsOfTheAggregatorDoNotChangeABit() throws InterruptedException {
        long seed = 21;
        Examples all = examples(seed);
        LocalWork.Train training =
                new LocalWork.Train(OptimizerSpec.Sgd.of(0.1), new LocalWork.Extent.Epochs(2), OptionalInt.of(5));
        RunPlan plan = plan("two-layer", new FedAvg(training, 1), seed);
        List<Hash> models = new ArrayList<>();
        for (int threads : new int[] {1, 8, 8}) {
            try (Federation federation = new Federation(folder.resolve("run-" + models.size()), threads)) {
                join(federation, all, seed, !models.isEmpty());
                models.add(federation.run(plan));
            }
        }
        assertThat(models).as("seed %s", seed).hasSize(3).containsOnly(models.get(0));
    }

    private static void join(Federation federation, Examples all, long seed, boolean dawdle) {
        List<Examples> parts = partition(all, seed);
        for (int i = 0; i < SITES; i++) {
            LocalTrainer trainer = new EngineTrainer();
            federation.join(
                    "site-" + i,
                    new Samples.InMemory(parts.get(i), none(), none()),
                    dawdle ? new Dawdling(trainer) : trainer);
        }
    }

    /** Each site's answer comes at another time in each round. */
    private record Dawdling(LocalTrainer trainer) implements LocalTrainer {
        @Override
        public LocalResult train(LocalTask task, Examples train) throws InterruptedException {
            Thread.sleep(java.util.concurrent.ThreadLocalRandom.current().nextInt(30));
            return trainer.train(task, train);
        }

        @Override
        public Evaluation evaluate(LocalTask task, Examples examples) throws InterruptedException {
            return trainer.evaluate(task, examples);
        }
    }

    private static float[] gradientDescent(RunPlan plan, Examples all) throws InterruptedException {
        LocalTrainer trainer = new EngineTrainer();
        float[] parameters =
                plan.model().layout().initialValues(SeedStream.of(plan.seed()).derive("initial-parameters"));
        for (int round = 1; round <= ROUNDS; round++) {
            LocalTask task = new LocalTask(
                    plan.model(), plan.loss(), new LocalWork.Gradient(), parameters, SeedStream.of(plan.seed()));
            float[] gradient = trainer.train(task, all).update().valuesInTheClear();
            float[] next = new float[parameters.length];
            for (int i = 0; i < next.length; i++) {
                next[i] = (float) (parameters[i] - RATE * gradient[i]);
            }
            parameters = next;
        }
        return parameters;
    }

    private static RunPlan plan(String model, FederatedAlgorithm algorithm, long seed) {
        return new RunPlan(
                model + " by " + algorithm.name(),
                "sample",
                MODELS.getOrDefault(model, MODELS.values().iterator().next()),
                new Loss.SoftmaxCrossEntropy(),
                algorithm,
                ROUNDS,
                1,
                SITES,
                SITES,
                Duration.ofSeconds(30),
                0,
                new ProtectionSpec.Plain(),
                new PrivacySpec.None(),
                FixedPoint.STANDARD,
                seed);
    }

    private static Examples examples(long seed) {
        RandomGenerator random = SeedStream.of(seed).derive("examples").random();
        float[] inputs = new float[EXAMPLES * 36];
        float[] targets = new float[EXAMPLES];
        for (int i = 0; i < EXAMPLES; i++) {
            targets[i] = random.nextInt(3);
            for (int j = 0; j < 36; j++) {
                inputs[36 * i + j] = (float) (random.nextGaussian() + (j % 3 == (int) targets[i] ? 0.7 : 0));
            }
        }
        return new ArrayExamples(Shape.of(1, 6, 6), 1, inputs, targets);
    }

    private static Examples none() {
        return ArrayExamples.none(Shape.of(1, 6, 6), 1);
    }

    /** Cuts a shuffled row of all examples at random places, so that sites differ in size. */
    private static List<Examples> partition(Examples all, long seed) {
        RandomGenerator random = SeedStream.of(seed).derive("partition").random();
        int[] order = new int[EXAMPLES];
        for (int i = 0; i < EXAMPLES; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        int[] cuts =
                random.ints(1, EXAMPLES).distinct().limit(SITES - 1).sorted().toArray();
        List<Examples> parts = new ArrayList<>();
        for (int i = 0; i < SITES; i++) {
            int from = i == 0 ? 0 : cuts[i - 1];
            int to = i == SITES - 1 ? EXAMPLES : cuts[i];
            parts.add(all.select(Arrays.copyOfRange(order, from, to)));
        }
        return parts;
    }

    /** |a - b| / |b|. */
    private static double distance(float[] a, float[] b) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < b.length; i++) {
            difference += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
            size += (double) b[i] * b[i];
        }
        return Math.sqrt(difference / size);
    }
}

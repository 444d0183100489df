package dev.tacita.simulations.spark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.LocalWork.Extent.Epochs;
import dev.tacita.core.learning.LocalWork.Train;
import dev.tacita.core.learning.Loss.BinaryCrossEntropyWithLogits;
import dev.tacita.core.learning.OptimizerSpec.Sgd;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Shape;
import dev.tacita.simulations.Backend;
import dev.tacita.simulations.Dirichlet;
import dev.tacita.simulations.Population;
import dev.tacita.simulations.RoundListener;
import dev.tacita.simulations.Simulation;
import dev.tacita.simulations.SimulationResult;
import dev.tacita.simulations.Study;
import dev.tacita.simulations.spark.LocalSpark;
import dev.tacita.simulations.spark.SparkBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A simulation from Java on Spark. */
class SparkExampleTest {
    private static Simulation simulation() {
        var hospitals = Population.dealt(patients(1), patients(2), new Dirichlet(0.3, 5), 10, 7);
        var training = new Train(Sgd.of(0.1), new Epochs(2), OptionalInt.of(8));
        var model = Models.logisticRegression(3, 1);
        var fedAvg = new FedAvg(training, 1);
        return new Simulation(Study.plan(model, new BinaryCrossEntropyWithLogits(), fedAvg, 8, 0.5, 7), hospitals);
    }

    @Test
    void tenHospitalsOnExecutors() throws InterruptedException {
        var spark = LocalSpark.CONTEXT;
        try (Backend backend = new SparkBackend(spark, SparkExampleTest::simulation)) {
            SimulationResult result = backend.run(simulation(), RoundListener.ALL_ROUNDS);
            assertThat(result.rounds().get(7).pooledTest().accuracy()).isGreaterThan(0.9);
        }
    }

    @Test
    void theJavaOfThePageIsPartOfThisFile() throws Exception {
        String page = Files.readString(Path.of("../../docs/simulation.md"));
        String example =
                Files.readString(Path.of("src/test/java/dev/tacita/simulations/spark/examples/SparkExampleTest.java"));
        String block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .filter(text -> text.contains("SparkBackend"))
                .findFirst()
                .orElseThrow();
        assertThat(block.lines().map(String::strip)).hasSize(2).allMatch(example::contains);
    }

    private static Examples patients(long seed) {
        var random = new SplittableRandom(seed);
        float[] inputs = new float[500 * 3];
        float[] targets = new float[500];
        for (int i = 0; i < 500; i++) {
            for (int j = 0; j < 3; j++) {
                inputs[3 * i + j] = (float) random.nextGaussian();
            }
            targets[i] = inputs[3 * i] - 2 * inputs[3 * i + 1] > 0 ? 1 : 0;
        }
        return new ArrayExamples(Shape.of(3), 1, inputs, targets);
    }
}

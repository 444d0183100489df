package dev.tacita.simulations.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.LocalWork.Extent.Epochs;
import dev.tacita.core.learning.LocalWork.Train;
import dev.tacita.core.learning.Loss.BinaryCrossEntropyWithLogits;
import dev.tacita.core.learning.OptimizerSpec.Sgd;
import dev.tacita.core.learning.Scaffold;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Shape;
import dev.tacita.simulations.Backend;
import dev.tacita.simulations.Dirichlet;
import dev.tacita.simulations.Population;
import dev.tacita.simulations.RoundListener;
import dev.tacita.simulations.Simulation;
import dev.tacita.simulations.SimulationResult;
import dev.tacita.simulations.Study;
import dev.tacita.simulations.ThreadBackend;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Ten lines from rows to a result. */
class SimulationExampleTest {
    @Test
    void scaffoldOnTenHospitalsThatDiffer() throws InterruptedException {
        var hospitals = Population.dealt(patients(1), patients(2), new Dirichlet(0.3, 5), 10, 7);
        var training = new Train(Sgd.of(0.1), new Epochs(2), OptionalInt.of(8));
        var scaffold = new Scaffold(new FedAvg(training, 1));
        var model = Models.logisticRegression(3, 1);
        var plan = Study.plan(model, new BinaryCrossEntropyWithLogits(), scaffold, 20, 0.5, 7);
        try (Backend backend = new ThreadBackend(2)) {
            SimulationResult result = backend.run(new Simulation(plan, hospitals), RoundListener.ALL_ROUNDS);
            assertThat(result.rounds().get(19).pooledTest().accuracy()).isGreaterThan(0.9);
        }
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

package dev.tacita.simulations.spark;

import dev.tacita.core.aggregation.Aggregation;
import dev.tacita.core.aggregation.FlTrust;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.LocalWork.Extent.Epochs;
import dev.tacita.core.learning.LocalWork.Train;
import dev.tacita.core.learning.Loss.BinaryCrossEntropyWithLogits;
import dev.tacita.core.learning.OptimizerSpec.Sgd;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Shape;
import dev.tacita.simulations.Dirichlet;
import dev.tacita.simulations.PlainSelection;
import dev.tacita.simulations.Population;
import dev.tacita.simulations.Simulation;
import dev.tacita.simulations.Study;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/** Nine hospitals of unlike sizes, from Java. */
final class Hospitals {
    private Hospitals() {}

    static Population sites(long seed) {
        return Population.dealt(patients(seed), patients(seed + 1), new Dirichlet(0.3, 5), 9, 7);
    }

    static Simulation simulation(Population sites, Aggregation rule) {
        var training = new Train(Sgd.of(0.1), new Epochs(2), OptionalInt.of(8));
        var plan = Study.plan(
                Models.logisticRegression(3, 1),
                new BinaryCrossEntropyWithLogits(),
                new FedAvg(training, 1),
                3,
                0.8,
                7);
        return new Simulation(plan, sites, PlainSelection.UNIFORM, rule, 1);
    }

    static Simulation plain() {
        return simulation(sites(1), new Mean());
    }

    static Simulation withOtherRows() {
        return simulation(sites(5), new Mean());
    }

    static Simulation trustingRowsOfTheAggregator() {
        return simulation(sites(1), new FlTrust(patients(9)));
    }

    static ArrayExamples patients(long seed) {
        var random = new SplittableRandom(seed);
        float[] inputs = new float[400 * 3];
        float[] targets = new float[400];
        for (int i = 0; i < 400; i++) {
            for (int j = 0; j < 3; j++) {
                inputs[3 * i + j] = (float) random.nextGaussian();
            }
            targets[i] = inputs[3 * i] - 2 * inputs[3 * i + 1] > 0 ? 1 : 0;
        }
        return new ArrayExamples(Shape.of(3), 1, inputs, targets);
    }
}

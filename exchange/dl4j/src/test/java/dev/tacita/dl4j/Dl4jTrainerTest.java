package dev.tacita.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Ditto;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.FedProx;
import dev.tacita.core.learning.FedSgd;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.RoundMean;
import dev.tacita.core.learning.Scaffold;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

/** DL4J networks federated as they are. */
class Dl4jTrainerTest {
    private static final Loss LOSS = new Loss.SoftmaxCrossEntropy();

    @BeforeAll
    static void needsNd4j() {
        Nd4jLibrary.assumed();
    }

    @Test
    void twoSitesThatAverageTheirUpdatesLowerTheLoss() throws InterruptedException {
        MultiLayerNetwork network = Networks.perceptron();
        Dl4jTrainer trainer = Dl4jTrainer.of(network);
        ModelSpec model = Dl4jTrainer.standIn(Math.toIntExact(network.numParams()));
        List<Examples> sites = List.of(examples(Shape.of(5), 40, 1), examples(Shape.of(5), 60, 2));
        FedAvg algorithm = new FedAvg(training(new LocalWork.Extent.Epochs(3), OptionalInt.of(10)), 1);
        float[] parameters = Vectors.floats(network.params());
        Evaluation before = evaluation(trainer, model, parameters, sites);
        for (int round = 1; round <= 5; round++) {
            double[] mean = new double[parameters.length];
            for (int site = 0; site < sites.size(); site++) {
                var seeds = SeedStream.of(7).derive(round).derive(site);
                var task = new LocalTask(model, LOSS, algorithm.work(round), parameters, seeds);
                LocalResult result = trainer.train(task, sites.get(site));
                assertThat(result.training().examples())
                        .isEqualTo(3L * sites.get(site).size());
                float[] update = result.update().valuesInTheClear();
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += update[i] * result.update().weight() / 100.0;
                }
            }
            parameters = algorithm
                    .step(ServerState.of(parameters), RoundMean.ofAll(mean, round, 2))
                    .parameters();
        }
        Evaluation after = evaluation(trainer, model, parameters, sites);
        assertThat(before.examples()).isEqualTo(100);
        assertThat(after.loss()).isLessThan(before.loss() * 0.8);
        assertThat(after.accuracy()).isGreaterThan(before.accuracy());
    }

    @Test
    void oneStepOverAllExamplesIsOneFit() throws InterruptedException {
        ComputationGraph network = Networks.residual(false);
        Examples examples = examples(Networks.residualInput(), 6, 3);
        DataSet all = new Targets(3, true).batch(examples, new int[] {0, 1, 2, 3, 4, 5});
        float[] parameters = Vectors.floats(network.params());
        LocalResult result = Dl4jTrainer.of(network)
                .train(task(parameters, training(new LocalWork.Extent.Steps(1), OptionalInt.empty())), examples);
        network.fit(all);
        float[] expected = Vectors.floats(network.params());
        float[] update = result.update().valuesInTheClear();
        for (int i = 0; i < expected.length; i++) {
            assertThat(parameters[i] + update[i]).as("parameter %s", i).isCloseTo(expected[i], within(1e-6f));
        }
        assertThat(result.update().weight()).isEqualTo(6);
    }

    @Test
    void theSameTaskGivesTheSameBitsWhateverCameBefore() throws InterruptedException {
        MultiLayerNetwork network = Networks.perceptron();
        Dl4jTrainer trainer = Dl4jTrainer.of(network);
        Examples examples = examples(Shape.of(5), 30, 4);
        LocalTask task =
                task(Vectors.floats(network.params()), training(new LocalWork.Extent.Steps(7), OptionalInt.of(8)));
        float[] first = trainer.train(task, examples).update().valuesInTheClear();
        network.fit(new Targets(3, true).batch(examples, new int[] {1, 2}));
        assertThat(trainer.train(task, examples).update().valuesInTheClear()).containsExactly(first);
    }

    @Test
    void aPlanThatDoesNotFitIsRefusedWithEveryReason() {
        Dl4jTrainer trainer = Dl4jTrainer.of(Networks.perceptron());
        assertThat(trainer.problemsWith(Dl4jTrainer.standIn(9), new Loss.MeanSquaredError()))
                .hasSize(2);
        FedAvg fedAvg = new FedAvg(
                new LocalWork.Train(
                        new OptimizerSpec.Sgd(.1, 0, false, 0), new LocalWork.Extent.Epochs(1), OptionalInt.of(4)),
                1);
        assertThat(trainer.problemsWith(fedAvg)).isEmpty();
        for (FederatedAlgorithm algorithm :
                List.of(new FedSgd(.1), new FedProx(fedAvg, 1), new Scaffold(fedAvg), new Ditto(fedAvg, 1))) {
            assertThat(trainer.problemsWith(algorithm))
                    .singleElement()
                    .asString()
                    .contains("as by fedavg. Provided value: " + algorithm.name());
        }
        float[] parameters = new float[111];
        Examples examples = examples(Shape.of(5), 3, 5);
        assertThatThrownBy(() -> trainer.train(task(parameters, new LocalWork.Gradient()), examples))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("as by fedavg");
        var wrong = new ArrayExamples(Shape.of(5), 1, new float[5], new float[] {3});
        assertThatThrownBy(() -> trainer.evaluate(task(parameters, new LocalWork.Evaluate()), wrong))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("row 0 (counted from 0): its class must be a whole number from 0 to 2");
    }

    @Test
    void anInterruptEndsTheTraining() {
        MultiLayerNetwork network = Networks.perceptron();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Dl4jTrainer.of(network)
                        .train(
                                task(
                                        Vectors.floats(network.params()),
                                        training(new LocalWork.Extent.Epochs(1), OptionalInt.empty())),
                                examples(Shape.of(5), 3, 6)))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    private static LocalWork.Train training(LocalWork.Extent extent, OptionalInt batchSize) {
        return new LocalWork.Train(OptimizerSpec.Sgd.of(1), extent, batchSize);
    }

    private static LocalTask task(float[] parameters, LocalWork work) {
        return new LocalTask(Dl4jTrainer.standIn(parameters.length), LOSS, work, parameters, SeedStream.of(8));
    }

    private static Evaluation evaluation(Dl4jTrainer trainer, ModelSpec model, float[] parameters, List<Examples> sites)
            throws InterruptedException {
        Evaluation sum = Evaluation.NONE;
        for (Examples site : sites) {
            var task = new LocalTask(model, LOSS, new LocalWork.Evaluate(), parameters, SeedStream.of(9));
            sum = sum.plus(trainer.evaluate(task, site));
        }
        return sum;
    }

    /** Whose class is where the first three values are largest. */
    private static Examples examples(Shape shape, int count, long seed) {
        var random = new SplittableRandom(seed);
        int size = shape.size();
        float[] inputs = new float[count * size];
        float[] targets = new float[count];
        for (int row = 0; row < count; row++) {
            int best = 0;
            for (int i = 0; i < size; i++) {
                inputs[row * size + i] = (float) random.nextDouble(-1, 1);
                best = i < 3 && inputs[row * size + i] > inputs[row * size + best] ? i : best;
            }
            targets[row] = best;
        }
        return new ArrayExamples(shape, 1, inputs, targets);
    }
}

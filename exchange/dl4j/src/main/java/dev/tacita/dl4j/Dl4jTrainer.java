package dev.tacita.dl4j;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.model.Initializer;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains a DL4J network as it is, whatever its layers: {@code params()} is the flat vector that is federated.
 *
 * <p>From the task it takes the parameters, the extent, the batch size and the seeds. Graph, updater, loss,
 * regularisation and learning-rate schedule are the network's own: the plan's model only has to have as many
 * parameters, as {@link #standIn} has, the plan's loss must be the network's where it has one of ours, and the plan's
 * optimizer is not used. Updaters and counters of iterations start anew in each round.
 *
 * <p>Only training at the sites is done, no gradients. The same task and examples give the same bits on one machine and
 * with one native thread. Running statistics of batch normalisations are averaged as the other parameters are. One
 * input and one output; targets are one class index for a cross-entropy over softmax, else one value for each output.
 *
 * <p>Many threads may use an instance; each call has a network of its own.
 */
public final class Dl4jTrainer implements LocalTrainer {
    private static final int BATCH = 256;

    private final FederatedNetwork.Maker maker;
    private final int size;
    private final Optional<Loss> loss;
    private final Targets targets;

    private Dl4jTrainer(FederatedNetwork.Maker maker, long size) {
        this.maker = maker;
        this.size = Math.toIntExact(size);
        OutputLayer output = maker.output()
                .filter(OutputLayer.class::isInstance)
                .map(OutputLayer.class::cast)
                .orElseThrow(() -> new ProblemsException(
                        "the DL4J network", List.of(Problem.of("the output", "it must be that of an OutputLayer."))));
        loss = Losses.read(output.getLossFn(), output.getActivationFn()).map(Losses.Read::loss);
        boolean asClass =
                loss.map(own -> own instanceof Loss.SoftmaxCrossEntropy).orElse(false);
        targets = new Targets(Math.toIntExact(output.getNOut()), asClass);
    }

    /**
     * A trainer of such a network, of which it keeps the configuration and not the parameters.
     *
     * @throws ProblemsException if it does not end in an output layer
     */
    public static Dl4jTrainer of(MultiLayerNetwork network) {
        return new Dl4jTrainer(
                new FederatedNetwork.LayersMaker(network.getLayerWiseConfigurations()), network.numParams());
    }

    /**
     * A trainer of such a graph, of which it keeps the configuration and not the parameters.
     *
     * @throws ProblemsException if it does not have one input, and one output that is an output layer
     */
    public static Dl4jTrainer of(ComputationGraph network) {
        var configuration = network.getConfiguration();
        if (configuration.getNetworkInputs().size() != 1
                || configuration.getNetworkOutputs().size() != 1) {
            throw new ProblemsException(
                    "the DL4J network",
                    List.of(Problem.of(
                            "",
                            "it must have one input and one output. Provided values: "
                                    + configuration.getNetworkInputs() + ", " + configuration.getNetworkOutputs()
                                    + ".")));
        }
        return new Dl4jTrainer(new FederatedNetwork.GraphMaker(configuration), network.numParams());
    }

    /**
     * A model for a plan that federates such a network: one parameter for each of the network's and nothing else of it.
     * Start the run from the network's {@code params()}: the first values that this model draws are not the network's.
     *
     * @param parameters how many the network has, at least 1
     */
    public static ModelSpec standIn(int parameters) {
        return ModelSpec.sequential(
                Shape.of(parameters), List.of(new Layer.Dense(1, false, Initializer.GLOROT_UNIFORM)));
    }

    @Override
    public List<Problem> problemsWith(ModelSpec model, Loss planned) {
        List<Problem> problems = new ArrayList<>();
        int planSize = model.layout().size();
        if (planSize != size) {
            problems.add(Problem.of(
                    "the model",
                    "it must have as many parameters as the DL4J network, " + size + ". Provided value: " + planSize
                            + "."));
        }
        loss.filter(own -> !own.equals(planned))
                .ifPresent(own -> problems.add(Problem.of(
                        "the loss",
                        "the DL4J network minimises " + own.name() + ". Provided value: " + planned + ".")));
        return problems;
    }

    @Override
    public List<Problem> problemsWith(FederatedAlgorithm algorithm) {
        boolean gradients = algorithm.sendsUpdate() && !(algorithm.work(1) instanceof LocalWork.Train);
        return gradients || algorithm.correctsGradients()
                ? List.of(Problem.of(
                        "the algorithm",
                        "a DL4J network is trained at the sites, as by fedavg. Provided value: " + algorithm.name()
                                + "."))
                : List.of();
    }

    /**
     * {@inheritDoc}
     *
     * @throws ProblemsException if the plan or the examples do not fit the network, or it asks for gradients
     */
    @Override
    public LocalResult train(LocalTask task, Examples train) throws InterruptedException {
        if (train.size() == 0) {
            throw new IllegalArgumentException("training needs at least one example. Provided value: 0");
        }
        if (!(task.work() instanceof LocalWork.Train work) || task.correctsGradients()) {
            throw new ProblemsException(
                    "the plan",
                    List.of(Problem.of(
                            "the algorithm",
                            "a DL4J network is trained at the sites, as by fedavg. Provided value: " + task.work()
                                    + ".")));
        }
        check(task, train);
        Nd4j.getRandom().setSeed(task.seeds().derive("dropout").random().nextLong());
        FederatedNetwork network = network(task);
        Passes passes =
                new Passes(train.size(), work, task.seeds().derive("shuffle").random());
        Evaluation seen = Evaluation.NONE;
        while (!passes.isDone()) {
            checkInterrupt();
            DataSet batch = targets.batch(train, passes.next());
            long correct = correct(network, batch);
            network.fit(batch);
            int count = batch.numExamples();
            seen = seen.plus(new Evaluation(count, network.score() * count, correct));
        }
        float[] update = Vectors.floats(network.parameters());
        for (int i = 0; i < update.length; i++) {
            update[i] -= task.parameters()[i];
        }
        return new LocalResult(new ModelUpdate(update, train.size()), seen);
    }

    /**
     * {@inheritDoc}
     *
     * @throws ProblemsException if the plan or the examples do not fit the network
     */
    @Override
    public Evaluation evaluate(LocalTask task, Examples examples) throws InterruptedException {
        if (examples.size() == 0) {
            return Evaluation.NONE;
        }
        check(task, examples);
        FederatedNetwork network = network(task);
        Evaluation seen = Evaluation.NONE;
        for (int from = 0; from < examples.size(); from += BATCH) {
            checkInterrupt();
            int[] rows = IntStream.range(from, Math.min(from + BATCH, examples.size()))
                    .toArray();
            DataSet batch = targets.batch(examples, rows);
            double sum = network.scores(batch).sumNumber().doubleValue();
            seen = seen.plus(new Evaluation(rows.length, sum, correct(network, batch)));
        }
        return seen;
    }

    private long correct(FederatedNetwork network, DataSet batch) {
        return classifies() ? targets.correct(network.output(batch.getFeatures()), batch.getLabels()) : 0;
    }

    private boolean classifies() {
        return loss.map(Loss::classifies).orElse(false);
    }

    private void check(LocalTask task, Examples examples) {
        List<Problem> problems = new ArrayList<>(problemsWith(task.model(), task.loss()));
        if (task.parameters().length != size) {
            problems.add(Problem.of(
                    "parameters",
                    "the network has " + size + " parameters. Provided value: " + task.parameters().length + "."));
        }
        if (!problems.isEmpty()) {
            throw new ProblemsException("the plan", problems);
        }
        targets.check(examples);
    }

    private FederatedNetwork network(LocalTask task) {
        INDArray parameters = Nd4j.create(task.parameters().clone(), new long[] {1, size}, 'c');
        return maker.with(parameters);
    }

    private static void checkInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("training was interrupted");
        }
    }
}

package dev.tacita.benchmarks;

import dev.tacita.client.SiteDataset;
import dev.tacita.core.learning.Clipping;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.number.SeedStream;
import dev.tacita.core.optimizer.Optimizer;
import dev.tacita.dp.accounting.Accountant;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.accounting.PldAccountant;
import dev.tacita.dp.accounting.RdpAccountant;
import dev.tacita.dp.accounting.RdpConversion;
import dev.tacita.dp.accounting.Spent;
import dev.tacita.dp.training.DpSgd;
import dev.tacita.engine.EnginePerExampleGradients;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.engine.kernel.BlasKernels;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** MNIST trained in one place by DP-SGD: what accuracy a budget buys. */
@Command(
        name = "dp-mnist",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Trains the convolutional network of TensorFlow Privacy's tutorial, or one layer on scattering features,"
                        + " on MNIST by DP-SGD and prints test accuracy and epsilon after every epoch.")
public final class PrivateMnistStudy implements Callable<Integer> {
    private static final Loss LOSS = new Loss.SoftmaxCrossEntropy();
    private static final NeighbouringRelation RELATION = NeighbouringRelation.ADD_OR_REMOVE_ONE;
    private static final Accountant CLASSICAL =
            new RdpAccountant(RELATION, RdpConversion.CLASSICAL, RdpAccountant.defaultOrders());
    private static final Accountant TIGHT = new RdpAccountant(RELATION);
    private static final Accountant PLD = new PldAccountant(RELATION);

    enum Activation {
        RELU(new ActivationFunction.Relu()),
        TANH(new ActivationFunction.Tanh());

        final ActivationFunction function;

        Activation(ActivationFunction function) {
            this.function = function;
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", required = true, description = "Folder with MNIST's four IDX files.")
    private Path data;

    @Option(
            names = "--sigma",
            required = true,
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Noise multiplier: deviation of the noise / clipping norm.")
    private double sigma;

    @Option(
            names = "--clip",
            required = true,
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Clipping norm of each example's gradient.")
    private double clip;

    @Option(names = "--delta", defaultValue = "1e-5", description = "Of the epsilon that is printed.")
    private double delta;

    @Option(names = "--epochs", defaultValue = "60", description = "Expected passes over the training rows.")
    private int epochs;

    @Option(names = "--batch", defaultValue = "256", description = "Expected rows in a step.")
    private int batch;

    @Option(names = "--learning-rate", defaultValue = "0.15", description = "Of SGD.")
    private double learningRate;

    @Option(names = "--momentum", defaultValue = "0", description = "Of SGD.")
    private double momentum;

    @Option(names = "--activation", defaultValue = "RELU", description = "One of ${COMPLETION-CANDIDATES}.")
    private Activation activation;

    @Option(names = "--scattering", description = "One dense layer on scattering features in place of the network.")
    private boolean scattering;

    @Option(names = "--seed", defaultValue = "1", description = "Of the first parameters; samples and noise have none.")
    private long seed;

    private PrivateMnistStudy() {}

    /** Runs the study and ends the process. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new PrivateMnistStudy())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        SiteDataset mnist = Mnist.read(data);
        Examples train = mnist.train();
        Examples test = mnist.test();
        ModelSpec model = TutorialNetwork.with(activation.function);
        if (scattering) {
            Scattering features = new Scattering(BlasKernels.createOrFallBack());
            train = features.of(train);
            test = features.of(test);
            model = Models.logisticRegression(Scattering.FEATURES, 10);
        }
        SeedStream seeds = SeedStream.of(seed);
        float[] parameters = model.layout().initialValues(seeds.derive("initial"));
        int rows = train.size();
        Spent spent = new Spent();
        var gradients = new EnginePerExampleGradients()
                .of(
                        new LocalTask(model, LOSS, new LocalWork.Gradient(), parameters, seeds),
                        train,
                        batch + 4 * (int) Math.ceil(Math.sqrt(batch)));
        DpSgd sgd = DpSgd.of(
                gradients,
                new DpSgd.Terms(rows, batch, sigma, new Clipping.Flat(clip)),
                Optimizer.of(new OptimizerSpec.Sgd(learningRate, momentum, false, 0), model.layout()),
                spent);
        EngineTrainer evaluator = new EngineTrainer();
        double best = 0;
        for (int epoch = 1; epoch <= epochs; epoch++) {
            long start = System.nanoTime();
            while (spent.count() < (long) epoch * rows / batch) {
                sgd.step(parameters, 1);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            Evaluation tested =
                    evaluator.evaluate(new LocalTask(model, LOSS, new LocalWork.Evaluate(), parameters, seeds), test);
            best = Math.max(best, tested.accuracy());
            print(
                    "epoch %d (%d steps): test accuracy %.4f, test loss %.4f, %.1f s; epsilon at delta %s: %s%n",
                    epoch, spent.count(), tested.accuracy(), tested.loss(), seconds, delta, epsilons(spent));
        }
        print("best test accuracy %.4f of %d parameters%n", best, parameters.length);
        return 0;
    }

    private String epsilons(Spent spent) {
        return String.format(
                Locale.ROOT,
                "RDP %.4f (%s), RDP %.4f (%s), PLD %.4f",
                epsilon(CLASSICAL, spent),
                RdpConversion.CLASSICAL,
                epsilon(TIGHT, spent),
                RdpConversion.TIGHT,
                epsilon(PLD, spent));
    }

    private double epsilon(Accountant accountant, Spent spent) {
        return accountant.account(spent.event()).epsilon(delta).epsilon();
    }

    private void print(String format, Object... values) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, format, values);
        out.flush();
    }
}

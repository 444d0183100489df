package dev.tacita.benchmarks;

import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.LocalWork.Extent.Epochs;
import dev.tacita.core.learning.LocalWork.Train;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec.Sgd;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.simulations.Backend;
import dev.tacita.simulations.Population;
import dev.tacita.simulations.Simulation;
import dev.tacita.simulations.SimulationResult;
import dev.tacita.simulations.Study;
import dev.tacita.simulations.ThreadBackend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How many site updates a second the simulator does on the rows of a folder, which {@code benchmarks/peers/simulation}
 * writes and gives to the peers too. Says how many parameters the model has; then reads lines "seed rounds", and answers
 * each with "updates seconds accuracy" of so many rounds after a first one by which the clock is started.
 */
@Command(
        name = "simulator-speed",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Site updates a second of federated averaging; reads lines 'seed rounds', one for each run.")
public final class SimulatorSpeed implements Callable<Integer> {
    enum Network {
        LOGISTIC(Models.logisticRegression(10, 1)),
        TWO_NN(Models.mcMahan2nn()),
        CNN(Models.mcMahanCnn()),
        COLOUR_CNN(colourCnn());

        private final ModelSpec spec;

        Network(ModelSpec spec) {
            this.spec = spec;
        }

        /** LeNet-5's layers for colour images without padding, as in PyTorch's tutorial on CIFAR-10: 62,006 parameters. */
        private static ModelSpec colourCnn() {
            Layer relu = new Layer.Activation(new ActivationFunction.Relu());
            Layer halve = new Layer.MaxPool2d(Window.square(2, 2, 0));
            return ModelSpec.sequential(
                    Shape.of(3, 32, 32),
                    List.of(
                            Layer.Conv2d.of(6, Window.square(5, 1, 0)),
                            relu,
                            halve,
                            Layer.Conv2d.of(16, Window.square(5, 1, 0)),
                            relu,
                            halve,
                            new Layer.Flatten(),
                            Layer.Dense.of(120),
                            relu,
                            Layer.Dense.of(84),
                            relu,
                            Layer.Dense.of(10)));
        }

        private Shape input() {
            return spec.inputs().get(0).shape();
        }

        private Loss loss() {
            return spec.outputShape().size() == 1
                    ? new Loss.BinaryCrossEntropyWithLogits()
                    : new Loss.SoftmaxCrossEntropy();
        }
    }

    private record TrainingRows(Examples train) implements LocalDataset {
        @Override
        public Examples validation() {
            return ArrayExamples.none(train.inputShape(), 1);
        }

        @Override
        public Examples test() {
            return ArrayExamples.none(train.inputShape(), 1);
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rows",
            required = true,
            description = "Folder with train-inputs.f32, train-targets.f32, test-inputs.f32 and test-targets.f32.")
    private Path rows;

    @Option(names = "--network", required = true, description = "One of ${COMPLETION-CANDIDATES}.")
    private Network network;

    @Option(names = "--sites", required = true, description = "Each has its part of the training rows, in order.")
    private int sites;

    @Option(names = "--cohort", required = true, description = "Sites that a round asks.")
    private int cohort;

    @Option(names = "--epochs", required = true, description = "Passes over a site's rows in a round.")
    private int epochs;

    @Option(names = "--batch", required = true, description = "Rows in a step.")
    private int batch;

    @Option(names = "--learning-rate", required = true, description = "Of the sites' SGD.")
    private double learningRate;

    @Option(names = "--workers", defaultValue = "2", description = "Threads that train.")
    private int workers;

    private SimulatorSpeed() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SimulatorSpeed())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Population population = population();
        Examples test = examples("test", 0, 1);
        out.println(network.spec.layout().size());
        out.flush();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Backend backend = new ThreadBackend(workers)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                out.println(run(backend, population, test, Long.parseLong(words[0]), Integer.parseInt(words[1])));
                out.flush();
            }
        }
        return 0;
    }

    private String run(Backend backend, Population population, Examples test, long seed, int rounds)
            throws InterruptedException {
        FedAvg fedAvg = new FedAvg(new Train(Sgd.of(learningRate), new Epochs(epochs), OptionalInt.of(batch)), 1);
        RunPlan plan =
                Study.plan(network.spec, network.loss(), fedAvg, rounds + 1, (double) cohort / population.size(), seed);
        Simulation simulation = new Simulation(plan, population);
        long[] begin = new long[1];
        SimulationResult result = backend.run(simulation, round -> {
            if (round.round() == 1) {
                begin[0] = System.nanoTime();
            }
            return true;
        });
        double seconds = (System.nanoTime() - begin[0]) / 1e9;
        result.failure().ifPresent(why -> {
            throw new IllegalStateException(why);
        });
        LocalTask task = new LocalTask(
                network.spec, network.loss(), new LocalWork.Evaluate(), result.parameters(), SeedStream.of(seed));
        double accuracy = new EngineTrainer().evaluate(task, test).accuracy();
        return String.format(Locale.ROOT, "%d %.6f %.4f", rounds * simulation.cohortSize(), seconds, accuracy);
    }

    private Population population() throws IOException {
        Map<SiteId, LocalDataset> datasets = new TreeMap<>();
        for (int i = 0; i < sites; i++) {
            SiteId site = new SiteId(String.format(Locale.ROOT, "site-%05d", i));
            datasets.put(site, new TrainingRows(examples("train", i, sites)));
        }
        return Population.natural(datasets);
    }

    private Examples examples(String name, int part, int parts) throws IOException {
        return new ArrayExamples(
                network.input(),
                1,
                floats(name + "-inputs.f32", part, parts),
                floats(name + "-targets.f32", part, parts));
    }

    private float[] floats(String file, int part, int parts) throws IOException {
        try (FileChannel channel = FileChannel.open(rows.resolve(file))) {
            long bytes = channel.size() / parts;
            float[] values = new float[Math.toIntExact(bytes / Float.BYTES)];
            channel.map(FileChannel.MapMode.READ_ONLY, part * bytes, bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
            return values;
        }
    }
}

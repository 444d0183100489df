package dev.tacita.benchmarks;

import dev.tacita.client.SiteDataset;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.SharedTrainer;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** MNIST trained in one place, by one worker or by several at once that must all end with the same bits. */
@Command(
        name = "central",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Trains a model on all of MNIST and prints its test accuracy and SHA-256.")
public final class CentralStudy implements Callable<Integer> {
    private static final Loss LOSS = new Loss.SoftmaxCrossEntropy();

    enum Model {
        TWO_NN(Models.mcMahan2nn()),
        CNN(Models.mcMahanCnn()),
        LENET5(Models.leNet5());

        final ModelSpec spec;

        Model(ModelSpec spec) {
            this.spec = spec;
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", required = true, description = "Folder with MNIST's four IDX files.")
    private Path data;

    @Option(names = "--model", defaultValue = "CNN", description = "One of ${COMPLETION-CANDIDATES}.")
    private Model model;

    @Option(names = "--epochs", defaultValue = "5", description = "Passes over the training rows.")
    private int epochs;

    @Option(names = "--batch", defaultValue = "32", description = "Rows in a step.")
    private int batch;

    @Option(names = "--learning-rate", defaultValue = "0.02", description = "Of SGD with momentum 0.9.")
    private double learningRate;

    @Option(names = "--seed", defaultValue = "1", description = "Of the first parameters and of the order of rows.")
    private long seed;

    @Option(names = "--workers", defaultValue = "1", description = "How many train the same thing at once.")
    private int workers;

    private CentralStudy() {}

    /** Runs the study and ends the process. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new CentralStudy())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        SiteDataset mnist = Mnist.read(data);
        SharedTrainer trainer = new SharedTrainer(workers);
        ExecutorService threads = Executors.newFixedThreadPool(workers);
        try {
            List<Future<String>> hashes = new ArrayList<>();
            for (int worker = 1; worker <= workers; worker++) {
                int number = worker;
                hashes.add(threads.submit(() -> trained(mnist, trainer, number)));
            }
            Set<String> different = new HashSet<>();
            for (Future<String> hash : hashes) {
                different.add(hash.get());
            }
            different.forEach(hash -> print("SHA-256 of the parameters: %s%n", hash));
            return different.size() == 1 ? 0 : 1;
        } finally {
            threads.shutdownNow();
        }
    }

    private String trained(SiteDataset mnist, SharedTrainer trainer, int worker) throws Exception {
        SeedStream seeds = SeedStream.of(seed);
        float[] parameters = model.spec.layout().initialValues(seeds.derive("initial"));
        var work = new LocalWork.Train(
                new OptimizerSpec.Sgd(learningRate, 0.9, false, 0),
                new LocalWork.Extent.Epochs(1),
                OptionalInt.of(batch));
        for (int epoch = 1; epoch <= epochs; epoch++) {
            long start = System.nanoTime();
            var task = new LocalTask(model.spec, LOSS, work, parameters, seeds.derive("epoch " + epoch));
            float[] update = trainer.train(task, mnist.train()).update().valuesInTheClear();
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] += update[i];
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            Evaluation test = trainer.evaluate(
                    new LocalTask(model.spec, LOSS, new LocalWork.Evaluate(), parameters, seeds), mnist.test());
            print(
                    "worker %d, epoch %d: test accuracy %.4f, test loss %.4f, %.1f s%n",
                    worker, epoch, test.accuracy(), test.loss(), seconds);
        }
        return sha256(parameters);
    }

    private synchronized void print(String format, Object... values) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, format, values);
        out.flush();
    }

    private static String sha256(float[] parameters) throws NoSuchAlgorithmException {
        ByteBuffer bytes = ByteBuffer.allocate(parameters.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(parameters);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    }
}

package dev.tacita.benchmarks;

import dev.tacita.client.SiteDataset;
import dev.tacita.config.RunPlanWriter;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.LocalWork.Extent.Epochs;
import dev.tacita.core.learning.LocalWork.Train;
import dev.tacita.core.learning.Loss.SoftmaxCrossEntropy;
import dev.tacita.core.learning.OptimizerSpec.Sgd;
import dev.tacita.core.learning.PrivacySpec;
import dev.tacita.core.learning.ProtectionSpec;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.number.FixedPoint;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Rounds to a test accuracy on MNIST dealt to many sites, as in McMahan et al. 2017, table 2: every site is a real agent,
 * the aggregator is the real one, and both speak over the transport of choice.
 */
@Command(
        name = "mcmahan",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Rounds of federated averaging that MNIST takes to a test accuracy (McMahan et al. 2017).")
public final class McMahanStudy implements Callable<Integer> {
    enum Model {
        TWO_NN(Models.mcMahan2nn()),
        CNN(Models.mcMahanCnn());

        final ModelSpec spec;

        Model(ModelSpec spec) {
            this.spec = spec;
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", required = true, description = "Folder with MNIST's four IDX files.")
    private Path data;

    @Option(names = "--model", defaultValue = "TWO_NN", description = "One of ${COMPLETION-CANDIDATES}.")
    private Model model;

    @Option(names = "--sites", defaultValue = "100", description = "How many sites the training rows are dealt to.")
    private int sites;

    @Option(names = "--fraction", defaultValue = "0.1", description = "C: the fraction of sites in a round.")
    private double fraction;

    @Option(names = "--epochs", defaultValue = "5", description = "E: passes over a site's rows in a round.")
    private int epochs;

    @Option(names = "--batch", defaultValue = "10", description = "B: rows in a step.")
    private int batch;

    @Option(names = "--learning-rate", defaultValue = "0.1", description = "Of the sites' SGD.")
    private double learningRate;

    @Option(names = "--target", required = true, description = "Test accuracy to reach, 0 to 1.")
    private double target;

    @Option(names = "--max-rounds", required = true, description = "Give up after this many rounds.")
    private int maxRounds;

    @Option(names = "--seed", defaultValue = "1", description = "Of the partition and of the run.")
    private long seed;

    @Option(names = "--kafka", description = "Speak over a real Kafka broker, started here; else in memory.")
    private boolean kafka;

    private McMahanStudy() {}

    /** Runs the study and ends the process. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new McMahanStudy())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        SiteDataset mnist = Mnist.read(data);
        out.printf(
                Locale.ROOT,
                "%s, %,d parameters; %d sites, C=%s, E=%d, B=%d, learning rate %s; target %s; over %s%n",
                model,
                model.spec.layout().size(),
                sites,
                fraction,
                epochs,
                batch,
                learningRate,
                target,
                kafka ? "Kafka" : "memory");
        try (ManySites federation = ManySites.start(mnist, sites, seed, kafka)) {
            int reached = federation.roundsToAccuracy(RunPlanWriter.write(plan()), target, line -> {
                out.println(line);
                out.flush();
            });
            out.println(
                    reached > 0
                            ? "reached " + target + " after " + reached + " rounds"
                            : "did not reach " + target + " in " + maxRounds + " rounds");
            out.flush();
            return reached > 0 ? 0 : 1;
        }
    }

    private RunPlan plan() {
        int cohort = (int) Math.max(1, Math.round(fraction * sites));
        return new RunPlan(
                "mcmahan",
                "mnist",
                model.spec,
                new SoftmaxCrossEntropy(),
                new FedAvg(new Train(Sgd.of(learningRate), new Epochs(epochs), OptionalInt.of(batch)), 1),
                maxRounds,
                fraction,
                cohort,
                sites,
                Duration.ofMinutes(30),
                0,
                new ProtectionSpec.Plain(),
                new PrivacySpec.None(),
                FixedPoint.STANDARD,
                seed);
    }
}

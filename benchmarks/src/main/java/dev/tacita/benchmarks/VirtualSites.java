package dev.tacita.benchmarks;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.LocalWork.Extent.Epochs;
import dev.tacita.core.learning.LocalWork.Train;
import dev.tacita.core.learning.Loss.BinaryCrossEntropyWithLogits;
import dev.tacita.core.learning.OptimizerSpec.Sgd;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Shape;
import dev.tacita.simulations.Backend;
import dev.tacita.simulations.Iid;
import dev.tacita.simulations.Population;
import dev.tacita.simulations.RoundListener;
import dev.tacita.simulations.Simulation;
import dev.tacita.simulations.Study;
import dev.tacita.simulations.ThreadBackend;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How many site updates a second the simulator does, and the heap that it takes, by the number of virtual sites. */
@Command(
        name = "virtual-sites",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Site updates a second and peak heap of logistic regression at 1,000 sites and at --sites.")
public final class VirtualSites implements Callable<Integer> {
    private static final int FEW = 1000;
    private static final int INPUTS = 10;

    @Spec
    private CommandSpec spec;

    @Option(names = "--sites", defaultValue = "100000", description = "Sites of the larger population.")
    private int sites;

    @Option(names = "--rows", defaultValue = "20", description = "Rows of each site.")
    private int rows;

    @Option(names = "--cohort", defaultValue = "1000", description = "Sites that a round asks.")
    private int cohort;

    @Option(names = "--rounds", defaultValue = "20", description = "Rounds of each run.")
    private int rounds;

    @Option(names = "--repeats", defaultValue = "5", description = "Runs of each population, alternating.")
    private int repeats;

    @Option(names = "--workers", defaultValue = "2", description = "Threads that train.")
    private int workers;

    private VirtualSites() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new VirtualSites()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Population few = population(FEW);
        Population many = population(sites);
        try (Backend backend = new ThreadBackend(workers)) {
            updatesPerSecond(backend, few);
            for (int i = 0; i < repeats; i++) {
                double small = updatesPerSecond(backend, few);
                double large = updatesPerSecond(backend, many);
                out.println(String.format(
                        Locale.ROOT,
                        "%d sites: %.0f updates/s; %d sites: %.0f updates/s, %.2f of that; peak heap %d MB",
                        FEW,
                        small,
                        sites,
                        large,
                        large / small,
                        peakHeap() >> 20));
                out.flush();
            }
        }
        return 0;
    }

    private Population population(int count) {
        var random = new SplittableRandom(count);
        float[] inputs = new float[count * rows * INPUTS];
        float[] targets = new float[count * rows];
        for (int i = 0; i < targets.length; i++) {
            for (int j = 0; j < INPUTS; j++) {
                inputs[i * INPUTS + j] = random.nextInt(1000) / 500f - 1;
            }
            targets[i] = inputs[i * INPUTS] > inputs[i * INPUTS + 1] ? 1 : 0;
        }
        Shape shape = Shape.of(INPUTS);
        return Population.dealt(
                new ArrayExamples(shape, 1, inputs, targets), ArrayExamples.none(shape, 1), new Iid(), count, 1);
    }

    private double updatesPerSecond(Backend backend, Population population) throws InterruptedException {
        ModelSpec model = Models.logisticRegression(INPUTS, 1);
        FedAvg fedAvg = new FedAvg(new Train(Sgd.of(0.1), new Epochs(1), OptionalInt.of(10)), 1);
        double fraction = (double) cohort / population.size();
        RunPlan plan = Study.plan(model, new BinaryCrossEntropyWithLogits(), fedAvg, rounds, fraction, 1);
        Simulation simulation = new Simulation(plan, population);
        long start = System.nanoTime();
        backend.run(simulation, RoundListener.ALL_ROUNDS);
        return (double) rounds * simulation.cohortSize() / ((System.nanoTime() - start) / 1e9);
    }

    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }
}

package dev.tacita.benchmarks;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.ExampleNorms;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.PerExampleGradients;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.EnginePerExampleGradients;
import dev.tacita.engine.EngineTrainer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a training step costs when every example's gradient is clipped, beside a plain step: the two alternate in one
 * process, and the table has the medians of their processor time. Noise is not part of it. Memory is what one engine of each kind allocates on the
 * heap up to the end of its first step.
 */
@Command(name = "dp-steps", mixinStandardHelpOptions = true)
public final class ExampleGradientStudy implements Callable<Integer> {
    private static final Loss LOSS = new Loss.SoftmaxCrossEntropy();
    private static final float RATE = 0.01f;
    private static final double CLIP = 1;

    @Option(names = "--samples", defaultValue = "21", description = "pairs of samples for each case")
    private int samples = 21;

    @Option(names = "--sample-ms", defaultValue = "300", description = "length of a sample")
    private int sampleMilliseconds = 300;

    private record Case(String name, ModelSpec model, int batch) {}

    private interface Step {
        void run(int steps) throws InterruptedException;
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ExampleGradientStudy()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        measureMemory(new Case("warm-up", Models.mcMahan2nn(), 2));
        System.out.println(
                "| step | batch | plain ms | clipped ms | ratio of medians | memory, plain MB | clipped MB | ratio |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (Case each : List.of(
                new Case("2NN", Models.mcMahan2nn(), 64),
                new Case("2NN", Models.mcMahan2nn(), 256),
                new Case("LeNet-5", Models.leNet5(), 64),
                new Case("LeNet-5", Models.leNet5(), 256),
                new Case("McMahan's CNN", Models.mcMahanCnn(), 64),
                new Case("McMahan's CNN", Models.mcMahanCnn(), 256))) {
            System.out.println(row(each));
        }
        return 0;
    }

    private String row(Case each) throws InterruptedException {
        double[] memory = measureMemory(each);
        Step plain = plain(each);
        Step clipped = clipped(each);
        int plainSteps = calibrate(plain);
        int clippedSteps = calibrate(clipped);
        double[] plainTimes = new double[samples];
        double[] clippedTimes = new double[samples];
        for (int i = 0; i < samples; i++) {
            plainTimes[i] = milliseconds(plain, plainSteps);
            clippedTimes[i] = milliseconds(clipped, clippedSteps);
        }
        double ofPlain = median(plainTimes);
        double ofClipped = median(clippedTimes);
        return String.format(
                Locale.ROOT,
                "| %s | %d | %.2f | %.2f | %.2f | %.1f | %.1f | %.2f |",
                each.name(),
                each.batch(),
                ofPlain,
                ofClipped,
                ofClipped / ofPlain,
                memory[0] / 1e6,
                memory[1] / 1e6,
                memory[1] / memory[0]);
    }

    private static Step plain(Case each) {
        EngineTrainer trainer = new EngineTrainer();
        Examples examples = examples(each);
        float[] parameters = each.model().layout().initialValues(SeedStream.of(1));
        return steps -> {
            float[] update = trainer.train(task(each, parameters, steps), examples)
                    .update()
                    .valuesInTheClear();
            for (int i = 0; i < update.length; i++) {
                parameters[i] += update[i];
            }
        };
    }

    private static Step clipped(Case each) {
        PerExampleGradients engine = new EnginePerExampleGradients();
        Examples examples = examples(each);
        float[] parameters = each.model().layout().initialValues(SeedStream.of(1));
        PerExampleGradients.OfTask gradients = engine.of(task(each, parameters, 1), examples, each.batch());
        float[] sum = new float[parameters.length];
        int[] rows = IntStream.range(0, examples.size()).toArray();
        return steps -> {
            float rate = RATE / each.batch();
            for (int step = 0; step < steps; step++) {
                gradients.sum(parameters, rows, each.batch(), ExampleGradientStudy::clip, sum);
                for (int i = 0; i < sum.length; i++) {
                    parameters[i] -= rate * sum[i];
                }
            }
        };
    }

    private static void clip(ExampleNorms norms) {
        for (int i = 0; i < norms.count(); i++) {
            norms.scale(i, Math.min(1, CLIP / norms.norm(i)));
        }
    }

    private int calibrate(Step step) throws InterruptedException {
        int steps = 1;
        double each = milliseconds(step, steps);
        for (double spent = 0; spent < 2000; spent += each * steps) {
            each = milliseconds(step, steps);
            steps = Math.max(1, (int) (sampleMilliseconds / each));
        }
        return steps;
    }

    /** Processor time of one step, which other work on the machine changes least; steps run on the calling thread alone. */
    private static double milliseconds(Step step, int steps) throws InterruptedException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        step.run(steps);
        return (threads.getCurrentThreadCpuTime() - begin) / 1e6 / steps;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Bytes of a plain engine's first step and of a clipping one's. */
    private static double[] measureMemory(Case each) throws InterruptedException {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Examples examples = examples(each);
        float[] parameters = each.model().layout().initialValues(SeedStream.of(1));
        int[] rows = IntStream.range(0, each.batch()).toArray();
        long begin = threads.getCurrentThreadAllocatedBytes();
        new EngineTrainer().train(task(each, parameters, 1), examples);
        long middle = threads.getCurrentThreadAllocatedBytes();
        float[] moved = parameters.clone();
        new EnginePerExampleGradients()
                .of(task(each, parameters, 1), examples, each.batch())
                .sum(moved, rows, each.batch(), ExampleGradientStudy::clip, new float[moved.length]);
        long end = threads.getCurrentThreadAllocatedBytes();
        return new double[] {middle - begin, end - middle};
    }

    private static LocalTask task(Case each, float[] parameters, int steps) {
        LocalWork.Train work = new LocalWork.Train(
                OptimizerSpec.Sgd.of(RATE), new LocalWork.Extent.Steps(steps), OptionalInt.of(each.batch()));
        return new LocalTask(each.model(), LOSS, work, parameters, SeedStream.of(7));
    }

    private static Examples examples(Case each) {
        Random random = new Random(1);
        Shape shape = each.model().inputs().get(0).shape();
        float[] inputs = new float[2 * each.batch() * shape.size()];
        float[] targets = new float[2 * each.batch()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = 2 * random.nextFloat() - 1;
        }
        for (int i = 0; i < targets.length; i++) {
            targets[i] = random.nextInt(10);
        }
        return new ArrayExamples(shape, 1, inputs, targets);
    }
}

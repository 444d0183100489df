package dev.tacita.benchmarks;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.Blocks;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.ResNet;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.EngineTrainer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

/** Runs training steps for {@code benchmarks/peers}: reads "case milliseconds" lines, answers "steps nanoseconds cpu". */
public final class PeerSteps {
    private static final int BATCHES = 8;

    private final EngineTrainer trainer = new EngineTrainer();
    private final ModelSpec model;
    private final Loss loss;
    private final int batch;
    private final Examples examples;
    private float[] parameters;
    private int stepsInCall = 1;

    private PeerSteps(String model, int batch) {
        this.batch = batch;
        this.model = model(model);
        boolean binary = this.model.outputShape().size() == 1;
        loss = binary ? new Loss.BinaryCrossEntropyWithLogits() : new Loss.SoftmaxCrossEntropy();
        examples = examples(this.model.inputs().get(0).shape(), BATCHES * batch, binary ? 2 : 10);
        parameters = this.model.layout().initialValues(SeedStream.of(1));
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, PeerSteps> cases = new HashMap<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split("[ :]", -1);
            PeerSteps steps = cases.computeIfAbsent(
                    words[0] + words[1], key -> new PeerSteps(words[0], Integer.parseInt(words[1])));
            System.out.println(steps.run(Long.parseLong(words[2]) * 1_000_000));
        }
    }

    private static ModelSpec model(String name) {
        return switch (name) {
            case "logistic" -> Models.logisticRegression(13, 1);
            case "2nn" -> Models.mcMahan2nn();
            case "cnn" -> Models.mcMahanCnn();
            case "lenet5" -> Models.leNet5();
            case "resnet18" -> ResNet.resNet18(ResNet.Stem.SMALL, Shape.of(3, 32, 32), 64, 10, Blocks.batchNorm());
            default -> throw new IllegalArgumentException("no such model. Provided value: " + name);
        };
    }

    private static Examples examples(Shape input, int count, int classes) {
        Random random = new Random(1);
        float[] inputs = new float[count * input.size()];
        float[] targets = new float[count];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = 2 * random.nextFloat() - 1;
        }
        for (int i = 0; i < count; i++) {
            targets[i] = random.nextInt(classes);
        }
        return new ArrayExamples(input, 1, inputs, targets);
    }

    /** Trains until the time is over, in calls long enough that what a call costs once does not count. */
    private String run(long nanoseconds) throws InterruptedException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long steps = 0;
        long cpu = threads.getCurrentThreadCpuTime();
        long begin = System.nanoTime();
        long now = begin;
        while (now - begin < nanoseconds) {
            long callBegin = now;
            train(stepsInCall);
            steps += stepsInCall;
            now = System.nanoTime();
            if (now - callBegin < nanoseconds / 20) {
                stepsInCall *= 2;
            }
        }
        return steps + " " + (now - begin) + " " + (threads.getCurrentThreadCpuTime() - cpu);
    }

    private void train(int steps) throws InterruptedException {
        LocalWork.Train work = new LocalWork.Train(
                OptimizerSpec.Sgd.of(0.01), new LocalWork.Extent.Steps(steps), OptionalInt.of(batch));
        float[] update = trainer.train(new LocalTask(model, loss, work, parameters, SeedStream.of(7)), examples)
                .update()
                .valuesInTheClear();
        for (int i = 0; i < update.length; i++) {
            parameters[i] += update[i];
        }
    }
}

package dev.tacita.benchmarks;

import dev.tacita.core.learning.ExampleNorms;
import dev.tacita.core.learning.PerExampleGradients;
import dev.tacita.engine.EnginePerExampleGradients;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Steps along the sum of each example's gradient, clipped to a norm of 1 (Abadi et al. 2016, algorithm 1, no noise). */
final class ClippedSteps implements PeerSteps.Steps {
    private static final double CLIP = 1;

    private final PeerCase example;
    private final PerExampleGradients.OfTask gradients;
    private final float[] parameters;
    private final float[] sum;
    private final float[] norms;
    private final int[] rows;

    ClippedSteps(PeerCase example) {
        this.example = example;
        parameters = example.initialParameters();
        sum = new float[parameters.length];
        norms = new float[example.batch()];
        rows = IntStream.range(0, example.batch()).toArray();
        gradients =
                new EnginePerExampleGradients().of(example.task(parameters, 1), example.examples(), example.batch());
    }

    @Override
    public void run(int steps) throws InterruptedException {
        float rate = PeerCase.RATE / rows.length;
        for (int step = 0; step < steps; step++) {
            gradients.sum(parameters, rows, rows.length, this::clip, sum);
            for (int i = 0; i < sum.length; i++) {
                parameters[i] -= rate * sum[i];
            }
        }
    }

    /** Writes the parameters, a batch, its norms and its clipped sum, each as float32 in little-endian order. */
    @Override
    public void write(Path folder) throws IOException, InterruptedException {
        int width = example.examples().inputShape().size();
        float[] inputs = new float[rows.length * width];
        float[] targets = new float[rows.length];
        for (int row : rows) {
            example.examples().copyInput(row, inputs, row * width);
            example.examples().copyTarget(row, targets, row);
        }
        gradients.sum(parameters, rows, rows.length, this::clip, sum);
        write(folder.resolve("parameters"), parameters);
        write(folder.resolve("inputs"), inputs);
        write(folder.resolve("targets"), targets);
        write(folder.resolve("norms"), norms);
        write(folder.resolve("sum"), sum);
    }

    private void clip(ExampleNorms of) {
        for (int i = 0; i < of.count(); i++) {
            double norm = of.norm(i);
            norms[of.first() + i] = (float) norm;
            of.scale(i, Math.min(1, CLIP / norm));
        }
    }

    private static void write(Path file, float[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        Files.write(file, bytes.array());
    }
}

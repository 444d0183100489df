package dev.tacita.engine;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Sequence;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.kernel.Draws;
import java.util.OptionalInt;
import java.util.Random;

/** Random examples, parameters and tasks for tests. */
public final class Cases {
    static final Loss SOFTMAX = new Loss.SoftmaxCrossEntropy();
    static final Loss BINARY = new Loss.BinaryCrossEntropyWithLogits();
    static final Loss SQUARED = new Loss.MeanSquaredError();

    private Cases() {}

    static float[] uniform(Random random, int length) {
        return Draws.uniform(random, length);
    }

    public static Examples examples(ModelSpec model, Loss loss, int count, long seed) {
        Random random = new Random(seed);
        Shape input = model.inputs().get(0).shape();
        int outputs = model.outputShape().size();
        int targetSize = loss.equals(SOFTMAX) ? 1 : outputs;
        float[] targets = uniform(random, count * targetSize);
        if (loss.equals(SOFTMAX)) {
            for (int i = 0; i < targets.length; i++) {
                targets[i] = random.nextInt(outputs);
            }
        } else if (loss.equals(BINARY)) {
            for (int i = 0; i < targets.length; i++) {
                targets[i] = random.nextInt(2);
            }
        }
        return new ArrayExamples(input, targetSize, inputs(model, random, count * input.size()), targets);
    }

    /** Token ids for a model that has an embedding, else numbers. */
    private static float[] inputs(ModelSpec model, Random random, int length) {
        float[] values = uniform(random, length);
        int vocabulary = model.nodes().stream()
                .map(Node::layer)
                .mapToInt(layer -> layer instanceof Sequence.Embedding embedding ? embedding.vocabulary() : 0)
                .max()
                .orElse(0);
        for (int i = 0; i < length && vocabulary > 0; i++) {
            values[i] = random.nextInt(vocabulary);
        }
        return values;
    }

    static boolean readsTokens(ModelSpec model) {
        return model.nodes().stream().anyMatch(node -> node.layer() instanceof Sequence.Embedding);
    }

    /** Initial values, with every bias made different from zero. */
    public static float[] parameters(ModelSpec model, long seed) {
        float[] values = model.layout().initialValues(SeedStream.of(seed));
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] += 0.2f * (random.nextFloat() - 0.5f);
        }
        return values;
    }

    static double[] widen(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    public static LocalTask task(ModelSpec model, Loss loss, LocalWork work, float[] parameters) {
        return new LocalTask(model, loss, work, parameters, SeedStream.of(7));
    }

    public static LocalWork.Train steps(OptimizerSpec optimizer, int steps, int batch) {
        return new LocalWork.Train(optimizer, new LocalWork.Extent.Steps(steps), OptionalInt.of(batch));
    }

    public static LocalWork.Train epochs(OptimizerSpec optimizer, int epochs, int batch) {
        return new LocalWork.Train(optimizer, new LocalWork.Extent.Epochs(epochs), OptionalInt.of(batch));
    }

    public static LocalWork.Train fullBatch(OptimizerSpec optimizer, int epochs) {
        return new LocalWork.Train(optimizer, new LocalWork.Extent.Epochs(epochs), OptionalInt.empty());
    }
}

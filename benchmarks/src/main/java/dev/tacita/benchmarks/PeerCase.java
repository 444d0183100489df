package dev.tacita.benchmarks;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Blocks;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.ResNet;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import java.util.OptionalInt;
import java.util.Random;

/** A model, its loss, and made-up examples for some batches. */
record PeerCase(ModelSpec model, Loss loss, int batch, Examples examples) {
    static final float RATE = 0.01f;

    private static final int BATCHES = 8;

    /** With examples for a few batches. */
    static PeerCase of(String name, int batch) {
        return of(name, batch, BATCHES * batch);
    }

    static PeerCase of(String name, int batch, int count) {
        return of(model(name), batch, count);
    }

    static PeerCase of(ModelSpec model, int batch, int count) {
        boolean binary = model.outputShape().size() == 1;
        return new PeerCase(
                model,
                binary ? new Loss.BinaryCrossEntropyWithLogits() : new Loss.SoftmaxCrossEntropy(),
                batch,
                examples(model.inputs().get(0).shape(), count, binary ? 2 : 10));
    }

    float[] initialParameters() {
        return model.layout().initialValues(SeedStream.of(1));
    }

    LocalTask task(float[] parameters, int steps) {
        LocalWork.Train work = new LocalWork.Train(
                OptimizerSpec.Sgd.of(RATE), new LocalWork.Extent.Steps(steps), OptionalInt.of(batch));
        return new LocalTask(model, loss, work, parameters, SeedStream.of(7));
    }

    private static ModelSpec model(String name) {
        Shape image = Shape.of(3, 32, 32);
        return switch (name) {
            case "logistic" -> Models.logisticRegression(13, 1);
            case "2nn" -> Models.mcMahan2nn();
            case "tutorial" -> TutorialNetwork.with(new ActivationFunction.Relu());
            case "cnn" -> Models.mcMahanCnn();
            case "lenet5" -> Models.leNet5();
            case "resnet18" -> ResNet.resNet18(ResNet.Stem.SMALL, image, 64, 10, Blocks.batchNorm());
            case "resnet18gn" -> ResNet.resNet18(ResNet.Stem.SMALL, image, 64, 10, Blocks.groupNorm(32));
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
}

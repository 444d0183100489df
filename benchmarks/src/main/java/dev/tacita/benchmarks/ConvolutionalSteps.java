package dev.tacita.benchmarks;

import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.Layer;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import dev.tacita.engine.EngineTrainer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a step of gradient descent of a small convolutional network costs on one core, 60 steps a task. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ConvolutionalSteps {
    private static final int STEPS = 60;

    /** The networks and batches that the simulators of Python are timed on, and NIID-Bench's. */
    public enum Network {
        /** McMahan's CNN. */
        CNN(Models.mcMahanCnn(), 10),
        /** LeNet's layers without padding, 6 and 16 filters, on digits. */
        NIID_BENCH(lenet(Shape.of(1, 28, 28)), 64),
        /** The same on colour images. */
        COLOUR(lenet(Shape.of(3, 32, 32)), 50);

        private final ModelSpec model;
        private final int batch;

        Network(ModelSpec model, int batch) {
            this.model = model;
            this.batch = batch;
        }

        private static ModelSpec lenet(Shape input) {
            Layer relu = new Layer.Activation(new ActivationFunction.Relu());
            Layer halve = new Layer.MaxPool2d(Window.square(2, 2, 0));
            return ModelSpec.sequential(
                    input,
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
    }

    /** What is trained. */
    @Param
    public Network network = Network.CNN;

    private final EngineTrainer trainer = new EngineTrainer();
    private PeerCase example = PeerCase.of(Network.CNN.model, Network.CNN.batch, 1);
    private float[] parameters = new float[0];

    /** Draws examples and parameters. */
    @Setup
    public void draw() {
        example = PeerCase.of(network.model, network.batch, 10 * network.batch);
        parameters = example.initialParameters();
    }

    /** One task of 60 steps. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public float[] steps() throws InterruptedException {
        return trainer.train(example.task(parameters, STEPS), example.examples())
                .update()
                .valuesInTheClear();
    }
}

package dev.tacita.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.model.Blocks;
import dev.tacita.core.model.GraphBuilder;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.EngineOutputs;
import dev.tacita.engine.EngineTrainer;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Outputs and gradients of networks on either side of the bridge. */
class Dl4jBridgeTest {
    private static final int BATCH = 5;

    @BeforeAll
    static void needsNd4j() {
        Nd4jLibrary.assumed();
    }

    @Test
    void aPerceptronGivesTheSameOutputsAndGradients() throws InterruptedException {
        MultiLayerNetwork network = Networks.perceptron();
        Dl4jModel read = Dl4jModels.read(network);
        float[] inputs = inputs(read.model(), 1);
        outputsAgree(network.output(array(read.model(), inputs)), read, inputs);
        MultiLayerNetwork still = withoutDropout(network);
        gradientsAgree(still, Dl4jModels.read(still), inputs);
    }

    @Test
    void lenetGivesTheSameOutputsAndGradients() throws InterruptedException {
        MultiLayerNetwork network = Networks.lenet();
        Dl4jModel read = Dl4jModels.read(network);
        float[] inputs = inputs(read.model(), 2);
        outputsAgree(network.output(array(read.model(), inputs)), read, inputs);
        gradientsAgree(network, read, inputs);
    }

    @Test
    void aResidualGraphGivesTheSameOutputsAndGradients() throws InterruptedException {
        for (boolean frozenNorms : List.of(false, true)) {
            ComputationGraph network = Networks.residual(frozenNorms);
            Dl4jModel read = Dl4jModels.read(network, Networks.residualInput());
            float[] inputs = inputs(read.model(), 3);
            outputsAgree(network.outputSingle(array(read.model(), inputs)), read, inputs);
            assertThat(read.model().mixingNodes()).hasSize(frozenNorms ? 0 : 2);
            if (!frozenNorms) {
                gradientsAgree(network, read, inputs);
            }
        }
    }

    @Test
    void aTextNetworkGivesTheSameOutputsAndGradients() throws InterruptedException {
        MultiLayerNetwork network = Networks.text();
        Dl4jModel read = Dl4jModels.read(network);
        float[] inputs = new float[BATCH * 6];
        var random = new SplittableRandom(4);
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.nextInt(11);
        }
        outputsAgree(network.output(array(read.model(), inputs)), read, inputs);
        gradientsAgree(network, read, inputs);
    }

    @Test
    void everyActivationIsTheSameFunctionThereAndBack() {
        for (IActivation activation : List.of(
                new ActivationReLU(),
                new ActivationLReLU(0.3),
                new ActivationELU(1),
                new ActivationTanH(),
                new ActivationSigmoid(),
                new ActivationSoftPlus(),
                new ActivationSwish(),
                new ActivationHardTanH(),
                new ActivationReLU6())) {
            var configuration = new NeuralNetConfiguration.Builder()
                    .seed(11)
                    .list()
                    .layer(new DenseLayer.Builder()
                            .nIn(6)
                            .nOut(40)
                            .activation(activation)
                            .build())
                    .layer(new OutputLayer.Builder(LossFunction.MSE)
                            .nIn(40)
                            .nOut(2)
                            .activation(Activation.IDENTITY)
                            .build())
                    .build();
            var network = new MultiLayerNetwork(configuration);
            network.init();
            network.getParam("0_W").muli(5);
            Dl4jModel read = Dl4jModels.read(network);
            assertThat(read.mapping().loss()).contains(new Loss.MeanSquaredError());
            float[] inputs = inputs(read.model(), 12);
            float[] ours = EngineOutputs.of(read.model(), read.parameters(), inputs);
            INDArray array = array(read.model(), inputs);
            assertClose(ours, Vectors.floats(network.output(array)), 1e-5f, activation + ", output");
            INDArray back = Dl4jModels.write(read.model(), read.parameters()).outputSingle(array);
            assertClose(ours, Vectors.floats(back), 1e-5f, activation + " written, output");
        }
    }

    @Test
    void poolsOfEveryModeAgree() {
        for (PoolingType type : List.of(PoolingType.MAX, PoolingType.AVG)) {
            for (boolean counted : List.of(false, true)) {
                poolAgrees(new SubsamplingLayer.Builder(type).padding(1, 1), counted, 3);
                poolAgrees(new SubsamplingLayer.Builder(type).convolutionMode(ConvolutionMode.Same), counted, 3);
            }
        }
        poolAgrees(new SubsamplingLayer.Builder(PoolingType.MAX).convolutionMode(ConvolutionMode.Same), false, 2);
        poolAgrees(new SubsamplingLayer.Builder(PoolingType.AVG).convolutionMode(ConvolutionMode.Same), true, 2);
    }

    private static void poolAgrees(SubsamplingLayer.Builder pool, boolean counted, int kernel) {
        SubsamplingLayer layer = pool.kernelSize(kernel, kernel).stride(2, 2).build();
        layer.setAvgPoolIncludePadInDivisor(counted);
        var configuration = new NeuralNetConfiguration.Builder()
                .list()
                .layer(layer)
                .layer(Networks.output(3))
                .setInputType(InputType.convolutional(7, 9, 2))
                .build();
        var network = new MultiLayerNetwork(configuration);
        network.init();
        Dl4jModel read = Dl4jModels.read(network, Shape.of(2, 7, 9));
        float[] inputs = inputs(read.model(), 13);
        outputsAgree(network.output(array(read.model(), inputs)), read, inputs);
    }

    @Test
    void whatWasReadIsWrittenWithTheSameOutputs() {
        MultiLayerNetwork lenet = Networks.lenet();
        writtenAgrees(Dl4jModels.read(lenet), lenet::output, 5);
        MultiLayerNetwork perceptron = Networks.perceptron();
        writtenAgrees(Dl4jModels.read(perceptron), perceptron::output, 6);
    }

    private interface Outputs {
        INDArray of(INDArray inputs);
    }

    private static void writtenAgrees(Dl4jModel read, Outputs network, long seed) {
        ComputationGraph written = Dl4jModels.write(
                read.model(), read.parameters(), read.mapping().loss().orElseThrow());
        INDArray inputs = array(read.model(), inputs(read.model(), seed));
        assertClose(Vectors.floats(written.outputSingle(inputs)), Vectors.floats(network.of(inputs)), 1e-5f, "output");
        Dl4jModel again = Dl4jModels.read(written, read.model().inputs().get(0).shape());
        assertThat(again.parameters()).containsExactly(read.parameters());
    }

    @Test
    void ourModelsAreWrittenWithTheSameOutputs() {
        GraphBuilder graph = new GraphBuilder();
        String last = graph.chain(
                "stem",
                graph.input("image", Shape.of(2, 9, 8)),
                List.of(
                        dev.tacita.core.model.Layer.Conv2d.of(4, new Window(3, 2, 2, 1, 1, 1)),
                        Normalization.BatchNorm.standard(),
                        new dev.tacita.core.model.Layer.AvgPool2d(new Window(3, 3, 1, 1, 1, 1)),
                        new dev.tacita.core.model.Layer.MaxPool2d(new Window(3, 3, 2, 2, 1, 1))));
        last = Blocks.residual(graph, "block", last, 6, 2, channels -> Normalization.BatchNorm.standard());
        ModelSpec residual = graph.build(graph.chain(
                "end",
                last,
                List.of(
                        new dev.tacita.core.model.Pooling.GlobalAvgPool(),
                        new dev.tacita.core.model.Layer.Flatten(),
                        dev.tacita.core.model.Layer.Dense.of(3))));
        for (ModelSpec model :
                List.of(residual, Models.mcMahan2nn(), Models.twoHiddenLayers(Shape.of(2, 3, 1), 4, 2))) {
            float[] parameters = parameters(model, 7);
            float[] inputs = inputs(model, 8);
            INDArray theirs = Dl4jModels.write(model, parameters).outputSingle(array(model, inputs));
            assertClose(Vectors.floats(theirs), EngineOutputs.of(model, parameters, inputs), 1e-5f, "output");
        }
    }

    @Test
    void aFrozenNodeStaysFrozenOnTheWayThereAndBack() {
        GraphBuilder graph = new GraphBuilder();
        graph.input("x", Shape.of(3));
        graph.add(new Node("first", dev.tacita.core.model.Layer.Dense.of(4), List.of("x")).asFrozen());
        ModelSpec model = graph.build(graph.add("last", dev.tacita.core.model.Layer.Dense.of(2), "first"));
        assertThat(Dl4jModels.read(Dl4jModels.write(model, parameters(model, 9)))
                        .model())
                .isEqualTo(model);
    }

    private static MultiLayerNetwork withoutDropout(MultiLayerNetwork network) {
        MultiLayerNetwork still = network.clone();
        for (var layer : still.getLayers()) {
            layer.conf().getLayer().setIDropout(null);
        }
        return still;
    }

    /** DL4J's probabilities against the softmax of our logits. */
    private static void outputsAgree(INDArray theirs, Dl4jModel read, float[] inputs) {
        float[] ours = EngineOutputs.of(read.model(), read.parameters(), inputs);
        int classes = read.model().outputShape().size();
        for (int row = 0; row < BATCH; row++) {
            double sum = 0;
            for (int i = 0; i < classes; i++) {
                sum += Math.exp(ours[row * classes + i]);
            }
            for (int i = 0; i < classes; i++) {
                ours[row * classes + i] = (float) (Math.exp(ours[row * classes + i]) / sum);
            }
        }
        assertThat(read.mapping().loss()).contains(new Loss.SoftmaxCrossEntropy());
        assertClose(ours, Vectors.floats(theirs), 1e-5f, "output");
    }

    private static void gradientsAgree(MultiLayerNetwork network, Dl4jModel read, float[] inputs)
            throws InterruptedException {
        network.setInput(array(read.model(), inputs));
        network.setLabels(labels(read.model().outputShape().size()));
        network.computeGradientAndScore();
        gradientsAgree(network.gradient().gradient(), network.score(), read, inputs);
    }

    private static void gradientsAgree(ComputationGraph network, Dl4jModel read, float[] inputs)
            throws InterruptedException {
        network.setInputs(array(read.model(), inputs));
        network.setLabels(labels(read.model().outputShape().size()));
        network.computeGradientAndScore();
        gradientsAgree(network.gradient().gradient(), network.score(), read, inputs);
    }

    private static void gradientsAgree(INDArray theirs, double score, Dl4jModel read, float[] inputs)
            throws InterruptedException {
        ModelSpec model = read.model();
        float[] targets = new float[BATCH];
        for (int row = 0; row < BATCH; row++) {
            targets[row] = row % model.outputShape().size();
        }
        var examples = new ArrayExamples(model.inputs().get(0).shape(), 1, inputs, targets);
        var task = new LocalTask(
                model,
                read.mapping().loss().orElseThrow(),
                new LocalWork.Train(OptimizerSpec.Sgd.of(1), new LocalWork.Extent.Steps(1), OptionalInt.empty()),
                read.parameters(),
                SeedStream.of(1));
        var ours = new EngineTrainer().train(task, examples);
        assertThat(ours.training().loss()).isCloseTo(score, within(1e-5));
        float[] expected = read.mapping().toModel(Vectors.floats(theirs.div(BATCH)));
        float[] step = ours.update().valuesInTheClear();
        for (ParameterLayout.Slot slot : model.layout().slots()) {
            if (slot.trained() && !slot.parameter().name().equals("recurrent-bias")) {
                for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
                    assertThat(-step[i]).as("%s at %s", slot.name(), i).isCloseTo(expected[i], within(1e-4f));
                }
            }
        }
    }

    private static INDArray labels(int classes) {
        float[] labels = new float[BATCH * classes];
        for (int row = 0; row < BATCH; row++) {
            labels[row * classes + row % classes] = 1;
        }
        return Nd4j.create(labels, new long[] {BATCH, classes}, 'c');
    }

    private static float[] parameters(ModelSpec model, long seed) {
        float[] parameters = model.layout().initialValues(SeedStream.of(seed));
        var random = new SplittableRandom(seed);
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += (float) random.nextDouble(-0.02, 0.02);
        }
        return parameters;
    }

    private static float[] inputs(ModelSpec model, long seed) {
        var random = new SplittableRandom(seed);
        float[] inputs = new float[BATCH * model.inputs().get(0).shape().size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextDouble(-1, 1);
        }
        return inputs;
    }

    private static INDArray array(ModelSpec model, float[] inputs) {
        Shape shape = model.inputs().get(0).shape();
        long[] dimensions = new long[shape.rank() + 1];
        dimensions[0] = BATCH;
        for (int i = 0; i < shape.rank(); i++) {
            dimensions[i + 1] = shape.dimension(i);
        }
        return Nd4j.create(inputs.clone(), dimensions, 'c');
    }

    private static void assertClose(float[] actual, float[] expected, float within, String what) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).as("%s %s", what, i).isCloseTo(expected[i], within(within));
        }
    }
}

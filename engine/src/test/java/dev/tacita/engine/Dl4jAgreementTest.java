package dev.tacita.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.ActivationFunction;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Losses and gradients against those of Deeplearning4j, layer by layer. */
class Dl4jAgreementTest {
    private static final int BATCH = 6;

    /** One layer as we describe it and as DL4J does. */
    private record Pair(dev.tacita.core.model.Layer ours, Layer theirs) {}

    @BeforeAll
    static void needsNd4j() {
        boolean available;
        try {
            Nd4j.create(1);
            available = true;
        } catch (LinkageError | RuntimeException e) {
            available = false;
        }
        assumeTrue(available, "ND4J has no library for this platform");
    }

    static Stream<Pair> activations() {
        return Stream.of(
                activation(new ActivationFunction.Relu(), Activation.RELU.getActivationFunction()),
                activation(new ActivationFunction.LeakyRelu(0.2), new ActivationLReLU(0.2)),
                activation(new ActivationFunction.Elu(1), new ActivationELU(1)),
                activation(new ActivationFunction.Tanh(), Activation.TANH.getActivationFunction()),
                activation(new ActivationFunction.Sigmoid(), Activation.SIGMOID.getActivationFunction()),
                activation(new ActivationFunction.Softplus(), Activation.SOFTPLUS.getActivationFunction()),
                new Pair(
                        new dev.tacita.core.model.Layer.Softmax(), theirs(Activation.SOFTMAX.getActivationFunction())));
    }

    @ParameterizedTest
    @MethodSource("activations")
    void denseLayersAndActivationsAgree(Pair activation) {
        agree(Shape.of(7), InputType.feedForward(7), dense(9), activation, dense(8), activation);
    }

    @Test
    void convolutionsAndPoolsAgree() {
        agree(
                Shape.of(2, 13, 12),
                InputType.convolutional(13, 12, 2),
                convolution(4, new Window(5, 5, 1, 1, 2, 2)),
                activation(new ActivationFunction.Relu(), Activation.RELU.getActivationFunction()),
                pool(new Window(2, 2, 2, 2, 0, 0), PoolingType.MAX),
                convolution(5, new Window(3, 2, 1, 2, 1, 0)),
                activation(new ActivationFunction.Tanh(), Activation.TANH.getActivationFunction()),
                pool(new Window(2, 2, 1, 1, 0, 0), PoolingType.AVG),
                pool(new Window(3, 2, 2, 1, 0, 0), PoolingType.MAX));
    }

    private static Pair dense(int units) {
        return new Pair(
                dev.tacita.core.model.Layer.Dense.of(units),
                new DenseLayer.Builder()
                        .nOut(units)
                        .activation(Activation.IDENTITY)
                        .build());
    }

    private static Pair activation(ActivationFunction ours, IActivation theirs) {
        return new Pair(new dev.tacita.core.model.Layer.Activation(ours), theirs(theirs));
    }

    private static Layer theirs(IActivation activation) {
        return new ActivationLayer.Builder().activation(activation).build();
    }

    private static Pair convolution(int filters, Window window) {
        return new Pair(
                dev.tacita.core.model.Layer.Conv2d.of(filters, window),
                new ConvolutionLayer.Builder(window.height(), window.width())
                        .stride(window.strideHeight(), window.strideWidth())
                        .padding(window.paddingHeight(), window.paddingWidth())
                        .nOut(filters)
                        .activation(Activation.IDENTITY)
                        .build());
    }

    private static Pair pool(Window window, PoolingType type) {
        return new Pair(
                type == PoolingType.MAX
                        ? new dev.tacita.core.model.Layer.MaxPool2d(window)
                        : new dev.tacita.core.model.Layer.AvgPool2d(window),
                new SubsamplingLayer.Builder(type)
                        .kernelSize(window.height(), window.width())
                        .stride(window.strideHeight(), window.strideWidth())
                        .build());
    }

    private static void agree(Shape input, InputType inputType, Pair... pairs) {
        agree(input, inputType, pairs, Cases.SOFTMAX, Activation.SOFTMAX, LossFunction.MCXENT);
        agree(input, inputType, pairs, Cases.BINARY, Activation.SIGMOID, LossFunction.XENT);
        agree(input, inputType, pairs, Cases.SQUARED, Activation.IDENTITY, LossFunction.MSE);
    }

    private static void agree(
            Shape input, InputType inputType, Pair[] pairs, Loss loss, Activation last, LossFunction theirLoss) {
        List<dev.tacita.core.model.Layer> layers = new ArrayList<>();
        var list = new NeuralNetConfiguration.Builder().seed(1).list();
        for (Pair pair : pairs) {
            layers.add(pair.ours());
            list.layer(pair.theirs());
        }
        if (input.rank() > 1) {
            layers.add(new dev.tacita.core.model.Layer.Flatten());
        }
        layers.add(dev.tacita.core.model.Layer.Dense.of(3));
        list.layer(new OutputLayer.Builder(theirLoss).nOut(3).activation(last).build());
        ModelSpec model = ModelSpec.sequential(input, layers);
        var network = new MultiLayerNetwork(list.setInputType(inputType).build());
        network.init();

        float[] parameters = Cases.parameters(model, 2);
        Examples examples = Cases.examples(model, loss, BATCH, 3);
        setParameters(network, model, parameters);
        network.setInput(inputs(examples, input));
        network.setLabels(labels(examples, loss));
        network.computeGradientAndScore();

        LocalResult ours = gradient(model, loss, parameters, examples);
        assertThat(ours.training().loss()).as("%s", loss).isCloseTo(network.score(), within(1e-5));
        float[] gradient = ours.update().valuesInTheClear();
        for (ParameterLayout.Slot slot : model.layout().slots()) {
            float[] expected = network.gradient()
                    .getGradientFor(key(model, slot))
                    .dup(order(slot))
                    .divi(BATCH)
                    .data()
                    .asFloat();
            for (int i = 0; i < slot.length(); i++) {
                assertThat(gradient[slot.offset() + i])
                        .as("%s, %s, element %d", loss, slot.name(), i)
                        .isCloseTo(expected[i], within(1e-5f));
            }
        }
    }

    private static LocalResult gradient(ModelSpec model, Loss loss, float[] parameters, Examples examples) {
        try {
            return new EngineTrainer().train(Cases.task(model, loss, new LocalWork.Gradient(), parameters), examples);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Layers are numbered from 0; a flatten has no counterpart. */
    private static String key(ModelSpec model, ParameterLayout.Slot slot) {
        long index = model.nodes().stream()
                .takeWhile(node -> !node.id().equals(slot.node()))
                .filter(node -> !(node.layer() instanceof dev.tacita.core.model.Layer.Flatten))
                .count();
        return index + (slot.parameter().name().equals("weight") ? "_W" : "_b");
    }

    /** Their dense weights are the transpose of ours. */
    private static char order(ParameterLayout.Slot slot) {
        return slot.parameter().shape().rank() == 4 ? 'c' : 'f';
    }

    private static void setParameters(MultiLayerNetwork network, ModelSpec model, float[] parameters) {
        for (ParameterLayout.Slot slot : model.layout().slots()) {
            float[] values = java.util.Arrays.copyOfRange(parameters, slot.offset(), slot.offset() + slot.length());
            INDArray target = network.getParam(key(model, slot));
            target.assign(Nd4j.create(values, target.shape(), order(slot)));
        }
    }

    private static INDArray inputs(Examples examples, Shape shape) {
        float[] values = new float[BATCH * shape.size()];
        for (int row = 0; row < BATCH; row++) {
            examples.copyInput(row, values, row * shape.size());
        }
        long[] dimensions = new long[shape.rank() + 1];
        dimensions[0] = BATCH;
        for (int i = 0; i < shape.rank(); i++) {
            dimensions[i + 1] = shape.dimension(i);
        }
        return Nd4j.create(values, dimensions, 'c');
    }

    private static INDArray labels(Examples examples, Loss loss) {
        float[] labels = new float[BATCH * 3];
        float[] target = new float[examples.targetSize()];
        for (int row = 0; row < BATCH; row++) {
            examples.copyTarget(row, target, 0);
            if (loss.equals(Cases.SOFTMAX)) {
                labels[row * 3 + (int) target[0]] = 1;
            } else {
                System.arraycopy(target, 0, labels, row * 3, 3);
            }
        }
        return Nd4j.create(labels, new long[] {BATCH, 3}, 'c');
    }
}

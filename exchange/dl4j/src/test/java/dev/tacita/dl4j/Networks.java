package dev.tacita.dl4j;

import dev.tacita.core.model.Shape;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small DL4J networks of the kinds that people have. */
final class Networks {
    private Networks() {}

    static MultiLayerNetwork perceptron() {
        return initialised(new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.01))
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(7).build())
                .layer(new DenseLayer.Builder()
                        .nOut(6)
                        .activation(Activation.RELU)
                        .dropOut(0.8)
                        .build())
                .layer(output(3))
                .setInputType(InputType.feedForward(5))
                .build()));
    }

    static MultiLayerNetwork lenet() {
        return initialised(new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(2)
                .updater(new Sgd(0.1))
                .list()
                .layer(convolution(4, 5, 1).build())
                .layer(pool(PoolingType.MAX))
                .layer(convolution(6, 5, 1).activation(Activation.RELU).build())
                .layer(pool(PoolingType.MAX))
                .layer(new DenseLayer.Builder()
                        .nOut(12)
                        .activation(Activation.RELU)
                        .build())
                .layer(output(4))
                .setInputType(InputType.convolutionalFlat(28, 28, 1))
                .build()));
    }

    /** With convolutions in DL4J's mode Same, of even and uneven padding, and batch normalisations. */
    static ComputationGraph residual(boolean frozenNorms) {
        var graph = new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Sgd(0.1))
                .activation(Activation.IDENTITY)
                .convolutionMode(ConvolutionMode.Same)
                .graphBuilder()
                .addInputs("image")
                .addLayer("stem", convolution(4, 3, 2).hasBias(false).build(), "image")
                .addLayer("stem norm", norm(frozenNorms, true), "stem")
                .addLayer("stem relu", new ActivationLayer(Activation.RELU), "stem norm")
                .addLayer("a", convolution(4, 3, 1).build(), "stem relu")
                .addLayer("a norm", norm(frozenNorms, false), "a")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a norm", "stem relu")
                .addLayer("small", pool(PoolingType.MAX), "sum")
                .addLayer("mean", pool(PoolingType.AVG), "sum")
                .addVertex("both", new MergeVertex(), "small", "mean")
                .addLayer(
                        "wide",
                        convolution(3, 3, 1)
                                .dilation(2, 2)
                                .activation(Activation.ELU)
                                .build(),
                        "both")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "wide")
                .addLayer("out", output(3), "pool")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(12, 12, 2));
        var network = new ComputationGraph(graph.build());
        network.init();
        jitter(network.params());
        return network;
    }

    static MultiLayerNetwork text() {
        return initialised(new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(4)
                .list()
                .layer(new EmbeddingSequenceLayer.Builder()
                        .nIn(11)
                        .nOut(5)
                        .inputLength(6)
                        .build())
                .layer(new LSTM.Builder()
                        .nIn(5)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build())
                .layer(new LastTimeStep(new LSTM.Builder()
                        .nIn(4)
                        .nOut(3)
                        .activation(Activation.TANH)
                        .build()))
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(3)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build()));
    }

    static OutputLayer output(int units) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(units)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static ConvolutionLayer.Builder convolution(int filters, int kernel, int stride) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .stride(stride, stride)
                .nOut(filters)
                .activation(Activation.IDENTITY);
    }

    private static Layer pool(PoolingType type) {
        return new SubsamplingLayer.Builder(type).kernelSize(2, 2).stride(2, 2).build();
    }

    private static Layer norm(boolean frozen, boolean logarithm) {
        var norm = new BatchNormalization.Builder().useLogStd(logarithm).build();
        return frozen ? new FrozenLayer(norm) : norm;
    }

    private static MultiLayerNetwork initialised(MultiLayerNetwork network) {
        network.init();
        jitter(network.params());
        return network;
    }

    /** So that no bias is zero and no running statistic is what it starts as. */
    private static void jitter(org.nd4j.linalg.api.ndarray.INDArray parameters) {
        var random = new SplittableRandom(5);
        float[] noise = new float[Math.toIntExact(parameters.length())];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextDouble(-0.05, 0.05);
        }
        parameters.addi(Nd4j.create(noise, parameters.shape(), 'c'));
    }

    static Shape residualInput() {
        return Shape.of(2, 12, 12);
    }
}

package dev.tacita.dl4j;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Shape;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * DL4J networks as model descriptions with parameters, and back. What is read gives the network's outputs, but for what
 * the mapping's remarks say. Shapes are those of one example as DL4J has them: images (channels, height, width),
 * sequences (features, steps).
 */
public final class Dl4jModels {
    private static final String SUBJECT = "the DL4J network";

    private Dl4jModels() {}

    /**
     * A network as a model description.
     *
     * @param input the shape of its input; may be left out if the first layer is dense, an embedding of known length, or
     *     takes images as vectors
     * @throws dev.tacita.core.ProblemsException with every layer and setting that is not supported
     */
    public static Dl4jModel read(MultiLayerNetwork network, Shape... input) {
        Dl4jMapping mapping = mapping(network.getLayerWiseConfigurations(), input);
        return new Dl4jModel(mapping, mapping.toModel(Vectors.floats(network.params())));
    }

    /**
     * A network as a model description.
     *
     * @param inputs the shapes of its inputs, in their order; may be left out if their first layers are dense, embeddings
     *     of known length, or take images as vectors
     * @throws dev.tacita.core.ProblemsException with every layer, vertex and setting that is not supported
     */
    public static Dl4jModel read(ComputationGraph network, Shape... inputs) {
        Dl4jMapping mapping = mapping(network.getConfiguration(), inputs);
        return new Dl4jModel(mapping, mapping.toModel(Vectors.floats(network.params())));
    }

    /** How a network of this configuration reads; as {@link #read(MultiLayerNetwork, Shape...)}, without parameters. */
    public static Dl4jMapping mapping(MultiLayerConfiguration configuration, Shape... input) {
        return NetworkReader.read(configuration, SUBJECT, List.of(input));
    }

    /** How a network of this configuration reads; as {@link #read(ComputationGraph, Shape...)}, without parameters. */
    public static Dl4jMapping mapping(ComputationGraphConfiguration configuration, Shape... inputs) {
        return NetworkReader.read(configuration, SUBJECT, List.of(inputs));
    }

    /**
     * A network with the outputs of the model, in evaluation; its updater is DL4J's default. It has no output layer, so
     * it is not for training.
     *
     * @throws dev.tacita.core.ProblemsException with every node that DL4J has no layer for
     * @throws IllegalArgumentException if the parameters are not as many as the model has
     */
    public static ComputationGraph write(ModelSpec model, float[] parameters) {
        return NetworkWriter.write(model, parameters, Optional.empty());
    }

    /**
     * A network that ends in the loss, with the activation that belongs to it: a softmax after the model's output for
     * softmax-cross-entropy, a sigmoid for binary-cross-entropy, none for mean-squared-error.
     *
     * @throws dev.tacita.core.ProblemsException with every node that DL4J has no layer for, and the loss if it has none
     * @throws IllegalArgumentException if the parameters are not as many as the model has
     */
    public static ComputationGraph write(ModelSpec model, float[] parameters, Loss loss) {
        return NetworkWriter.write(model, parameters, Optional.of(requireNonNull(loss, "loss is null")));
    }
}

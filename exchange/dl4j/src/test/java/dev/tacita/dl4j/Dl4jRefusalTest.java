package dev.tacita.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tacita.core.Problem;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.Shape;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;

/** Networks and models that cannot cross the bridge. */
class Dl4jRefusalTest {
    @BeforeAll
    static void needsNd4j() {
        Nd4jLibrary.assumed();
    }

    @Test
    void everyLayerThatIsNotSupportedIsNamed() {
        var configuration = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(4)
                        .nOut(8)
                        .activation(Activation.CUBE)
                        .build())
                .layer(new ElementWiseMultiplicationLayer.Builder()
                        .nIn(8)
                        .nOut(8)
                        .build())
                .layer(new SimpleRnn.Builder().nIn(8).nOut(3).build())
                .build();
        assertThatThrownBy(() -> Dl4jModels.mapping(configuration))
                .isInstanceOfSatisfying(
                        ProblemsException.class,
                        thrown -> assertThat(thrown.problems())
                                .extracting(Problem::toString)
                                .satisfiesExactly(
                                        first -> assertThat(first)
                                                .startsWith("layer 'layer0' (DenseLayer): its activation"),
                                        second -> assertThat(second)
                                                .startsWith(
                                                        "layer 'layer1' (ElementWiseMultiplicationLayer): this type"),
                                        third -> assertThat(third)
                                                .startsWith("layer 'layer2' (SimpleRnn): its preprocessor"),
                                        fourth -> assertThat(fourth)
                                                .startsWith("layer 'layer2' (SimpleRnn): this type")));
    }

    @Test
    void aConvolutionWithoutTheShapeOfItsImagesIsRefused() {
        var configuration = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new org.deeplearning4j.nn.conf.layers.ConvolutionLayer.Builder(3, 3)
                        .nOut(2)
                        .build())
                .layer(Networks.output(2))
                .setInputType(InputType.convolutional(6, 6, 1))
                .build();
        assertThatThrownBy(() -> Dl4jModels.mapping(configuration)).hasMessageContaining("does not say its shape");
        assertThat(Dl4jModels.mapping(configuration, Shape.of(1, 6, 6)).model().outputShape())
                .isEqualTo(Shape.of(2));
    }

    @Test
    void everyNodeThatDl4jLacksIsNamed() {
        ModelSpec model = ModelSpec.sequential(
                Shape.of(4, 3, 3),
                List.of(
                        Normalization.GroupNorm.of(2),
                        new dev.tacita.core.model.Pooling.AdaptiveAvgPool2d(2, 2),
                        new dev.tacita.core.model.Layer.Flatten()));
        assertThatThrownBy(() -> Dl4jModels.write(model, new float[8], new Loss.Hinge()))
                .hasMessageContaining("node 'layer-1': DL4J has no layer for this group-norm")
                .hasMessageContaining("node 'layer-2': DL4J has no layer for this adaptive-avg-pool2d")
                .hasMessageContaining("the loss: DL4J has none that is hinge");
    }
}

package dev.tacita.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeInferenceTest {
    private static final Shape IMAGE = Shape.of(3, 28, 20);

    @Test
    void denseMapsAVectorOrEachStepToItsUnits() {
        assertThat(Layer.Dense.of(5).outputShape(List.of(Shape.of(7)))).isEqualTo(Shape.of(5));
        assertThat(Layer.Dense.of(5).outputShape(List.of(Shape.of(3, 7)))).isEqualTo(Shape.of(3, 5));
        assertThat(Layer.Dense.of(5).parameters(List.of(Shape.of(3, 7))).get(0).shape())
                .isEqualTo(Shape.of(5, 7));
        refused(Layer.Dense.of(5), "a vector, or a sequence (steps, features); put a flatten before it", IMAGE);
        refused(Layer.Dense.of(5), "exactly one input", Shape.of(7), Shape.of(7));
    }

    @Test
    void convolutionsSlideTheirWindow() {
        assertThat(out(Layer.Conv2d.of(8, Window.square(5, 1, 2)))).isEqualTo(Shape.of(8, 28, 20));
        assertThat(out(Layer.Conv2d.of(8, Window.square(3, 2, 0)))).isEqualTo(Shape.of(8, 13, 9));
        assertThat(out(Layer.Conv2d.of(1, new Window(28, 1, 1, 3, 0, 1)))).isEqualTo(Shape.of(1, 1, 8));
        refused(Layer.Conv2d.of(8, Window.square(3, 1, 0)), "an image (channels, height, width)", Shape.of(7));
        refused(Layer.Conv2d.of(8, Window.square(21, 1, 0)), "width of 21 does not fit", IMAGE);
        refused(Layer.Conv2d.of(8, Window.square(29, 1, 0)), "height of 29 does not fit", IMAGE);
    }

    @Test
    void holesWidenTheWindow() {
        assertThat(out(Layer.Conv2d.of(8, Window.square(3, 1, 2).dilated(2, 2))))
                .isEqualTo(Shape.of(8, 28, 20));
        assertThat(out(Layer.Conv2d.of(8, new Window(3, 2, 2, 1, 0, 0).dilated(4, 19))))
                .isEqualTo(Shape.of(8, 10, 1));
        refused(Layer.Conv2d.of(8, Window.square(2, 1, 0).dilated(1, 20)), "width of 21 does not fit", IMAGE);
        refused(Layer.Conv2d.of(8, Window.square(65536, 1, 0).dilated(65536, 1)), "height of 4294901761", IMAGE);
        assertThatThrownBy(() -> Window.square(2, 1, 0).dilated(0, 1)).hasMessageContaining("dilation must be >= 1");
        assertThatThrownBy(() -> new Layer.MaxPool2d(Window.square(2, 1, 0).dilated(1, 2)))
                .hasMessageContaining("dilation of a pooling must be 1. Provided value: 1 x 2");
    }

    @Test
    void groupsDivideChannelsAndFilters() {
        Layer.Conv2d depthwise = Layer.Conv2d.of(6, Window.square(3, 1, 1)).inGroups(3);
        assertThat(out(depthwise)).isEqualTo(Shape.of(6, 28, 20));
        assertThat(depthwise.parameters(List.of(IMAGE)))
                .extracting(Parameter::shape)
                .containsExactly(Shape.of(6, 1, 3, 3), Shape.of(6));
        refused(
                Layer.Conv2d.of(4, Window.square(3, 1, 1)).inGroups(2),
                "groups must divide the input's channels",
                IMAGE);
        assertThatThrownBy(() -> Layer.Conv2d.of(4, Window.square(3, 1, 1)).inGroups(3))
                .hasMessageContaining("groups must divide the filters. Provided value: 3 for 4 filters");
    }

    @Test
    void normalisationsKeepTheShapeAndNeedSeveralValuesAtATime() {
        for (Layer layer : List.of(
                Normalization.BatchNorm.standard(),
                Normalization.GroupNorm.of(3),
                Normalization.InstanceNorm.standard(),
                new Normalization.LayerNorm(3, 1e-5))) {
            assertThat(out(layer)).isEqualTo(IMAGE);
            refused(layer, "exactly one input", IMAGE, IMAGE);
        }
        assertThat(new Normalization.LayerNorm(2, 1e-5).parameters(List.of(IMAGE)))
                .extracting(Parameter::shape)
                .containsExactly(Shape.of(28, 20), Shape.of(28, 20));
        assertThat(Normalization.BatchNorm.standard().parameters(List.of(IMAGE)))
                .extracting(Parameter::name, Parameter::trainable)
                .containsExactly(
                        tuple("weight", true),
                        tuple("bias", true),
                        tuple("running-mean", false),
                        tuple("running-variance", false));
        assertThat(Normalization.BatchNorm.standard().outputShape(List.of(Shape.of(4))))
                .isEqualTo(Shape.of(4));
        refused(Normalization.GroupNorm.of(2), "groups must divide", IMAGE);
        refused(Normalization.GroupNorm.of(4), "at least two values to normalise", Shape.of(4));
        refused(Normalization.InstanceNorm.standard(), "at least two values to normalise", Shape.of(4, 1, 1));
        refused(Normalization.LayerNorm.standard(), "at least two values to normalise", Shape.of(4, 1));
        refused(new Normalization.LayerNorm(4, 1e-5), "dimensions must be at most the input's 3", IMAGE);
        assertThatThrownBy(() -> new Normalization.InstanceNorm(0)).hasMessageContaining("epsilon must be > 0");
        assertThatThrownBy(() -> new Normalization.BatchNorm(0, 1)).hasMessageContaining("momentum must be > 0");
    }

    @Test
    void poolsKeepTheChannels() {
        Window half = Window.square(2, 2, 0);
        assertThat(out(new Layer.MaxPool2d(half))).isEqualTo(Shape.of(3, 14, 10));
        assertThat(out(new Layer.AvgPool2d(new Window(3, 3, 2, 2, 1, 1)))).isEqualTo(Shape.of(3, 14, 10));
        refused(new Layer.MaxPool2d(half), "an image (channels, height, width)", Shape.of(4, 4));
        refused(new Layer.AvgPool2d(Window.square(30, 1, 0)), "does not fit", IMAGE);
        assertThatThrownBy(() -> new Layer.MaxPool2d(Window.square(2, 2, 2)))
                .hasMessageContaining("at most half its kernel");
    }

    @Test
    void meansOverBinsBringImagesToAFixedSize() {
        assertThat(out(new Pooling.GlobalAvgPool())).isEqualTo(Shape.of(3, 1, 1));
        assertThat(out(new Pooling.AdaptiveAvgPool2d(7, 30))).isEqualTo(Shape.of(3, 7, 30));
        refused(new Pooling.GlobalAvgPool(), "an image (channels, height, width)", Shape.of(7));
        refused(new Pooling.AdaptiveAvgPool2d(1, 1), "an image (channels, height, width)", Shape.of(7));
        assertThatThrownBy(() -> new Pooling.AdaptiveAvgPool2d(0, 1)).hasMessageContaining("height must be >= 1");
        assertThatThrownBy(() -> new ActivationFunction.Hardtanh(1, 1)).hasMessageContaining("min must be < max");
    }

    @Test
    void elementWiseLayersKeepTheShape() {
        for (Layer layer : List.of(
                new Layer.Activation(new ActivationFunction.Relu()), new Layer.Softmax(), new Layer.Dropout(0.5))) {
            assertThat(out(layer)).isEqualTo(IMAGE);
            refused(layer, "exactly one input", IMAGE, IMAGE);
        }
    }

    @Test
    void flattenMakesAVector() {
        assertThat(out(new Layer.Flatten())).isEqualTo(Shape.of(1680));
    }

    @Test
    void addNeedsEqualShapes() {
        assertThat(new Layer.Add().outputShape(List.of(IMAGE, IMAGE, IMAGE))).isEqualTo(IMAGE);
        refused(new Layer.Add(), "at least two inputs", IMAGE);
        refused(new Layer.Add(), "inputs of one shape", Shape.of(3), Shape.of(4));
    }

    @Test
    void multiplyNeedsEqualShapes() {
        assertThat(new Layer.Multiply().outputShape(List.of(IMAGE, IMAGE))).isEqualTo(IMAGE);
        refused(new Layer.Multiply(), "at least two inputs", IMAGE);
        refused(new Layer.Multiply(), "multiply needs inputs of one shape", Shape.of(3), Shape.of(4));
    }

    @Test
    void reshapeKeepsTheNumberOfElements() {
        assertThat(out(new Rearrangement.Reshape(Shape.of(1680)))).isEqualTo(Shape.of(1680));
        assertThat(out(new Rearrangement.Reshape(Shape.of(14, 120)))).isEqualTo(Shape.of(14, 120));
        refused(
                new Rearrangement.Reshape(Shape.of(14, 121)),
                "has 1694. Provided shape: [3, 28, 20], with 1680",
                IMAGE);
    }

    @Test
    void transposeMovesTheDimensions() {
        assertThat(out(new Rearrangement.Transpose(List.of(1, 2, 0)))).isEqualTo(Shape.of(28, 20, 3));
        refused(new Rearrangement.Transpose(List.of(1, 0)), "needs an input of 2 dimensions", IMAGE);
        for (List<Integer> wrong : List.of(List.<Integer>of(), List.of(0, 0), List.of(1, 2), List.of(-1, 0))) {
            assertThatThrownBy(() -> new Rearrangement.Transpose(wrong)).hasMessageContaining("permutation must ");
        }
    }

    @Test
    void sliceTakesAPartOfOneDimension() {
        assertThat(out(new Rearrangement.Slice(1, 3, 28))).isEqualTo(Shape.of(3, 25, 20));
        refused(new Rearrangement.Slice(1, 3, 29), "takes 3 to 29 of dimension 1", IMAGE);
        refused(new Rearrangement.Slice(3, 0, 1), "takes 0 to 1 of dimension 3", IMAGE);
        assertThatThrownBy(() -> new Rearrangement.Slice(0, 2, 2)).hasMessageContaining("to must be > from");
        assertThatThrownBy(() -> new Rearrangement.Slice(-1, 0, 2)).hasMessageContaining("dimension must be >= 0");
    }

    @Test
    void padAddsToEachDimension() {
        assertThat(out(new Rearrangement.Pad(List.of(0, 1, 2), List.of(3, 0, 5), 0)))
                .isEqualTo(Shape.of(6, 29, 27));
        refused(new Rearrangement.Pad(List.of(0), List.of(1), 0), "needs an input of 1 dimensions", IMAGE);
        assertThatThrownBy(() -> new Rearrangement.Pad(List.of(0), List.of(0, 1), 0))
                .hasMessageContaining("before and after must have one length");
        assertThatThrownBy(() -> new Rearrangement.Pad(List.of(-1), List.of(0), 0))
                .hasMessageContaining("before must be >= 0");
        assertThatThrownBy(() -> new Rearrangement.Pad(List.of(0), List.of(0), Double.NaN))
                .hasMessageContaining("value must be finite");
    }

    @Test
    void embeddingGivesEachTokenItsWidth() {
        assertThat(new Sequence.Embedding(9, 4).outputShape(List.of(Shape.of(7))))
                .isEqualTo(Shape.of(7, 4));
        refused(new Sequence.Embedding(9, 4), "a vector of token ids", Shape.of(7, 1));
        assertThatThrownBy(() -> new Sequence.Embedding(16_777_217, 4)).hasMessageContaining("<= 16777216");
        assertThatThrownBy(() -> new Sequence.Embedding(0, 4)).hasMessageContaining("vocabulary must be >= 1");
    }

    @Test
    void positionalEmbeddingAndAttentionKeepTheShapeOfASequence() {
        for (Layer layer : List.of(new Sequence.PositionalEmbedding(), new Sequence.SelfAttention(2, true))) {
            assertThat(layer.outputShape(List.of(Shape.of(5, 6)))).isEqualTo(Shape.of(5, 6));
            refused(layer, "a sequence (steps, features)", IMAGE);
        }
        refused(new Sequence.SelfAttention(4, false), "a multiple of its heads, 4", Shape.of(5, 6));
        assertThatThrownBy(() -> new Sequence.SelfAttention(0, false)).hasMessageContaining("heads must be >= 1");
    }

    @Test
    void recurrentLayersReturnAllStepsOrTheLast() {
        for (boolean all : new boolean[] {false, true}) {
            for (Layer layer : List.of(new Sequence.Lstm(3, all), new Sequence.Gru(3, all))) {
                assertThat(layer.outputShape(List.of(Shape.of(5, 6)))).isEqualTo(all ? Shape.of(5, 3) : Shape.of(3));
                refused(layer, "a sequence (steps, features)", Shape.of(6));
            }
        }
        assertThat(new Sequence.Lstm(3, true).parameters(List.of(Shape.of(5, 6))))
                .extracting(Parameter::shape)
                .containsExactly(Shape.of(12, 6), Shape.of(12, 3), Shape.of(12), Shape.of(12));
        assertThatThrownBy(() -> new Sequence.Gru(0, true)).hasMessageContaining("units must be >= 1");
        assertThatThrownBy(() -> new Sequence.Lstm(Integer.MAX_VALUE / 4 + 1, true))
                .hasMessageContaining("units must be <= 536870911");
    }

    @Test
    void concatJoinsTheFirstDimension() {
        assertThat(new Layer.Concat().outputShape(List.of(IMAGE, Shape.of(2, 28, 20))))
                .isEqualTo(Shape.of(5, 28, 20));
        assertThat(new Layer.Concat().outputShape(List.of(Shape.of(2), Shape.of(3), Shape.of(4))))
                .isEqualTo(Shape.of(9));
        refused(new Layer.Concat(), "agree in all but the first dimension", IMAGE, Shape.of(3, 28, 21));
        refused(new Layer.Concat(), "agree in all but the first dimension", IMAGE, Shape.of(3));
    }

    @Test
    void shapesThatNoArrayHoldsAreRefused() {
        assertThatThrownBy(() -> Shape.of(65536, 65536)).hasMessageContaining("at most 2147483647 elements");
        assertThatThrownBy(() -> Shape.of(3, 0)).hasMessageContaining("each dimension must be >= 1");
        assertThatThrownBy(() -> Shape.of()).hasMessageContaining("at least one dimension");
    }

    private static Shape out(Layer layer) {
        return layer.outputShape(List.of(IMAGE));
    }

    private static void refused(Layer layer, String rule, Shape... inputs) {
        assertThatThrownBy(() -> layer.outputShape(List.of(inputs)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(rule);
    }
}

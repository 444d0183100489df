package dev.tacita.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Normalization;
import dev.tacita.core.model.ResNet;
import dev.tacita.core.model.Shape;
import dev.tacita.core.model.Transformer;
import dev.tacita.engine.EngineModels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the writer writes: run by ONNX Runtime, and read again. */
class OnnxExportTest {
    private static final int EXAMPLES = 3;

    static Stream<Named<ModelSpec>> models() {
        Map<String, ModelSpec> models = new TreeMap<>(EngineModels.all());
        models.put("logistic regression", Models.logisticRegression(13, 1));
        models.put("2NN", Models.mcMahan2nn());
        models.put("CNN", Models.mcMahanCnn());
        models.put("LeNet-5", Models.leNet5());
        models.put("text transformer", Transformer.text(11, 6, 8, 2, 2, 3));
        models.put(
                "ResNet-18 for small images",
                ResNet.resNet18(
                        ResNet.Stem.SMALL, Shape.of(3, 16, 16), 4, 5, channels -> Normalization.GroupNorm.of(2)));
        models.put(
                "ResNet-18 for large images",
                ResNet.resNet18(
                        ResNet.Stem.LARGE, Shape.of(3, 64, 64), 4, 5, channels -> Normalization.BatchNorm.standard()));
        models.put("two hidden layers", Models.twoHiddenLayers(Shape.of(2, 3), 8, 4));
        return models.entrySet().stream().map(entry -> Named.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest
    @MethodSource("models")
    void onnxRuntimeComputesWhatTheEngineComputes(ModelSpec model) {
        OnnxRuntime.assumeAvailable();
        float[] parameters = EngineModels.parameters(model, 5);
        float[] inputs = EngineModels.inputs(model, EXAMPLES, 6);
        float[] ours = EngineModels.outputs(model, parameters, inputs);
        for (int opset : model.layout().size() > 100_000 ? List.of(18) : List.of(13, 17, 21)) {
            byte[] file = new OnnxWriter(opset).bytes(OnnxModel.of(model, parameters));
            float[] theirs = OnnxRuntime.outputs(file, model, inputs, EXAMPLES);
            assertThat(theirs).as("opset %s", opset).hasSize(ours.length);
            for (int i = 0; i < ours.length; i++) {
                assertThat(theirs[i]).as("opset %s, output %s", opset, i).isEqualTo(ours[i], within(1e-4f));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void whatIsWrittenIsReadAsItWas(ModelSpec model) throws Exception {
        float[] parameters = EngineModels.parameters(model, 7);
        for (int opset : model.layout().size() > 100_000
                ? new int[] {18}
                : IntStream.rangeClosed(13, 21).toArray()) {
            byte[] file = new OnnxWriter(opset).bytes(OnnxModel.of(model, parameters));
            OnnxModel read = OnnxReader.standard().read(file);
            assertThat(read.model()).as("opset %s", opset).isEqualTo(model);
            assertThat(read.parameters()).as("opset %s", opset).isEqualTo(parameters);
        }
    }

    @Test
    void withoutWhatTheWriterNotesMostLayersAreStillUnderstood() throws Exception {
        Set<String> refused = new TreeSet<>();
        for (Map.Entry<String, ModelSpec> entry : EngineModels.all().entrySet()) {
            ModelSpec model = entry.getValue();
            float[] parameters = EngineModels.parameters(model, 5);
            float[] inputs = EngineModels.inputs(model, EXAMPLES, 6);
            for (int opset : new int[] {13, 18, 21}) {
                byte[] file = new OnnxWriter(opset).bytes(OnnxModel.of(model, parameters));
                byte[] bare = ModelProto.parseFrom(file).toBuilder()
                        .clearMetadataProps()
                        .build()
                        .toByteArray();
                try {
                    OnnxModel read = OnnxReader.standard().read(bare);
                    assertThat(EngineModels.outputs(read.model(), read.parameters(), inputs))
                            .as("%s, opset %s", entry.getKey(), opset)
                            .usingComparatorWithPrecision(1e-5f)
                            .containsExactly(EngineModels.outputs(model, parameters, inputs));
                } catch (ProblemsException e) {
                    refused.add(entry.getKey());
                }
            }
        }
        assertThat(refused)
                .allMatch(name -> Stream.of(
                                "lstm",
                                "gru",
                                "attention",
                                "embedding",
                                "recurrent",
                                "layer norm",
                                "adaptive",
                                "shared parameters",
                                "positional")
                        .anyMatch(name::contains));
    }

    @Test
    void theSameModelGivesTheSameBytes() {
        ModelSpec model = Models.twoHiddenLayers(Shape.of(2, 3), 8, 4);
        float[] parameters = EngineModels.parameters(model, 8);
        assertThat(OnnxWriter.standard().bytes(OnnxModel.of(model, parameters)))
                .isEqualTo(OnnxWriter.standard().bytes(OnnxModel.of(model, parameters.clone())));
    }

    @Test
    void valuesNodesAndTensorsHaveTheNamesOfTheModel() throws Exception {
        ModelSpec model = Models.twoHiddenLayers(Shape.of(2, 3), 8, 4);
        ModelProto proto = ModelProto.parseFrom(
                OnnxWriter.standard().bytes(OnnxModel.of(model, EngineModels.parameters(model, 9))));
        assertThat(proto.getGraph().getNodeList().stream().map(node -> node.getName()))
                .containsExactly("layer-1", "layer-2", "layer-3", "layer-4", "layer-5", "layer-6");
        assertThat(proto.getGraph().getInitializerList().stream().map(tensor -> tensor.getName()))
                .containsExactlyElementsOf(
                        model.layout().slots().stream().map(slot -> slot.name()).toList());
        assertThat(proto.getGraph()
                        .getInput(0)
                        .getType()
                        .getTensorType()
                        .getShape()
                        .getDim(0)
                        .getDimParam())
                .isEqualTo("batch");
        assertThat(proto.getGraph().getOutput(0).getName()).isEqualTo("layer-6");
    }

    @Test
    void whatTheFileSaysAboutItselfStaysWithIt() throws Exception {
        ModelSpec model = Models.logisticRegression(3, 1);
        Map<String, String> about = Map.of("run", "2026-heart", "sha256", "00ff");
        OnnxModel written = new OnnxModel(model, new float[4], new TreeMap<>(about));
        assertThat(OnnxReader.standard()
                        .read(OnnxWriter.standard().bytes(written))
                        .metadata())
                .isEqualTo(about);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OnnxModel(model, new float[4], new TreeMap<>(Map.of("tacita.node.a", "x"))))
                .withMessageContaining("tacita.node.a");
    }

    @Test
    void opsetsOutsideOfThirteenToTwentyOneAreRefused() {
        List<Integer> refused = new ArrayList<>();
        for (int opset = 0; opset < 30; opset++) {
            try {
                refused.add(new OnnxWriter(opset).opset());
                refused.remove(refused.size() - 1);
            } catch (IllegalArgumentException e) {
                refused.add(opset);
            }
        }
        assertThat(refused)
                .containsExactlyElementsOf(IntStream.range(0, 30)
                        .filter(opset -> opset < 13 || opset > 21)
                        .boxed()
                        .toList());
    }
}

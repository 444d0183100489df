package dev.tacita.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.tacita.engine.EngineModels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that both of PyTorch's exporters wrote; {@code src/test/python} has the script. */
class PyTorchImportTest {
    @ParameterizedTest
    @CsvSource({
        "lenet-torchscript, lenet",
        "lenet-dynamo, lenet",
        "resnet18-narrow-torchscript, resnet18-narrow",
        "resnet18-narrow-dynamo, resnet18-narrow",
        "assorted-torchscript, assorted",
        "assorted-dynamo, assorted"
    })
    void theEngineComputesWhatPyTorchComputed(String file, String data) throws IOException {
        OnnxModel model = OnnxReader.standard().read(resource(file + ".onnx"));
        ByteBuffer bytes = ByteBuffer.wrap(resource(data + ".bin")).order(ByteOrder.LITTLE_ENDIAN);
        int examples = bytes.getInt();
        float[] inputs =
                new float[examples * model.model().inputs().get(0).shape().size()];
        float[] theirs = new float[examples * model.model().outputShape().size()];
        bytes.asFloatBuffer().get(inputs).get(theirs);
        float[] ours = EngineModels.outputs(model.model(), model.parameters(), inputs);
        for (int i = 0; i < ours.length; i++) {
            assertThat(ours[i]).as("output %s", i).isEqualTo(theirs[i], within(1e-4f));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lenet-torchscript",
                "lenet-dynamo",
                "resnet18-narrow-torchscript",
                "resnet18-narrow-dynamo",
                "assorted-torchscript",
                "assorted-dynamo"
            })
    void whatWasReadCanBeWrittenAndReadAgain(String file) throws IOException {
        OnnxModel first = OnnxReader.standard().read(resource(file + ".onnx"));
        byte[] written = OnnxWriter.standard().bytes(first);
        OnnxModel second = OnnxReader.standard().read(written);
        assertThat(second.model()).isEqualTo(first.model());
        assertThat(second.parameters()).isEqualTo(first.parameters());
        assertThat(OnnxWriter.standard().bytes(second)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lenet-torchscript", "lenet-dynamo"})
    void aLayerIsNamedAfterItsWeight(String file) throws IOException {
        OnnxModel model = OnnxReader.standard().read(resource(file + ".onnx"));
        assertThat(model.model().layout().slots().stream().map(slot -> slot.name()))
                .containsExactly(
                        "conv1.weight",
                        "conv1.bias",
                        "conv2.weight",
                        "conv2.bias",
                        "fc1.weight",
                        "fc1.bias",
                        "fc2.weight",
                        "fc2.bias",
                        "fc3.weight",
                        "fc3.bias");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lenet-torchscript", "resnet18-narrow-torchscript"})
    void aBatchOfFixedSizeIsReadAsOneOfAnySize(String file) throws IOException {
        ModelProto.Builder proto = ModelProto.parseFrom(resource(file + ".onnx")).toBuilder();
        proto.getGraphBuilder()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .setDimValue(1);
        assertThat(OnnxReader.standard().read(proto.build().toByteArray()).model())
                .isEqualTo(OnnxReader.standard().read(resource(file + ".onnx")).model());
    }

    static byte[] resource(String name) throws IOException {
        try (InputStream stream = PyTorchImportTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(stream, name).readAllBytes();
        }
    }
}

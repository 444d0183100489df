package dev.tacita.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tacita.core.model.Input;
import dev.tacita.core.model.Node;
import dev.tacita.core.model.ParameterLayout;
import dev.tacita.core.model.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes models as ONNX files. The same model gives the same bytes. Values and nodes have the ids of the model's nodes,
 * parameters the names of its layout's slots; the batch dimension is symbolic.
 *
 * @param opset version of the ONNX operators, 13 to 21
 */
public record OnnxWriter(int opset) {
    static final int OLDEST_OPSET = 13;
    static final int NEWEST_OPSET = 21;

    private static final String BATCH = "batch";

    /** @throws IllegalArgumentException unless the opset is one of 13 to 21 */
    public OnnxWriter {
        if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
            throw new IllegalArgumentException(
                    "opset must be " + OLDEST_OPSET + " to " + NEWEST_OPSET + ". Provided value: " + opset);
        }
    }

    /** A writer for opset 18, which PyTorch's exporter writes too: the one that most programs have been tried with. */
    public static OnnxWriter standard() {
        return new OnnxWriter(18);
    }

    /** Writes the file, over one that is there. */
    public void write(OnnxModel model, Path file) throws IOException {
        Files.write(file, bytes(model));
    }

    /** The bytes of the file. */
    public byte[] bytes(OnnxModel model) {
        ModelProto.Builder proto = ModelProto.newBuilder()
                .setIrVersion(irVersion())
                .setProducerName("tacita")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset))
                .setGraph(graph(model));
        model.metadata().forEach((key, value) -> proto.addMetadataProps(entry(key, value)));
        for (Node node : model.model().nodes()) {
            proto.addMetadataProps(entry(ClaimWriter.KEY + node.id(), ClaimWriter.claim(node)));
        }
        return proto.build().toByteArray();
    }

    /** The version of the file format that came out with the opset. */
    private int irVersion() {
        if (opset <= 14) {
            return 7;
        } else if (opset <= 18) {
            return 8;
        }
        return opset <= 20 ? 9 : 10;
    }

    private GraphProto graph(OnnxModel model) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("model");
        Map<String, Shape> shapes = model.model().shapes();
        for (Input input : model.model().inputs()) {
            graph.addInput(value(input.id(), input.shape()));
        }
        for (Node node : model.model().nodes()) {
            List<Shape> inputs = node.inputs().stream()
                    .map(id -> Objects.requireNonNull(shapes.get(id)))
                    .toList();
            Emission emission = node.layer().accept(new LayerEmitter(node, inputs, opset, Emission.Permission.ANY));
            graph.addAllNode(emission.nodes());
            graph.addAllInitializer(emission.constants());
        }
        for (ParameterLayout.Slot slot : model.model().layout().slots()) {
            graph.addInitializer(parameter(slot, model.parameters()));
        }
        return graph.addOutput(value(model.model().output(), model.model().outputShape()))
                .build();
    }

    private static TensorProto parameter(ParameterLayout.Slot slot, float[] parameters) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(slot.name())
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .setRawData(Emission.floatBytes(parameters, slot.offset(), slot.length()));
        slot.parameter().shape().dimensions().forEach(tensor::addDims);
        return tensor.build();
    }

    private static ValueInfoProto value(String name, Shape shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        dimensions.addDimBuilder().setDimParam(BATCH);
        shape.dimensions().forEach(dimension -> dimensions.addDimBuilder().setDimValue(dimension));
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                                .setShape(dimensions)))
                .build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}

package dev.tacita.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The ONNX nodes of one layer and the constants they need. The last node and its value have the layer's id; the others
 * have {@code id/part}, which no id can be, for a slash is no part of one.
 */
final class Emission {
    private final String id;
    private final Permission permission;
    private final List<NodeProto> nodes = new ArrayList<>();
    private final List<TensorProto> constants = new ArrayList<>();

    /** Says whether a constant may be made before it is. */
    @FunctionalInterface
    interface Permission {
        /** Every constant may be made. */
        Permission ANY = (name, elements) -> {};

        /** @throws IllegalArgumentException if the constant must not be made */
        void check(String name, long elements);
    }

    Emission(String id, Permission permission) {
        this.id = id;
        this.permission = permission;
    }

    /** Asks whether a constant, whose size a layer sets and not the length of a text, may be made. */
    void ask(String part, long elements) {
        permission.check(id + "/" + part, elements);
    }

    List<NodeProto> nodes() {
        return nodes;
    }

    List<TensorProto> constants() {
        return constants;
    }

    /** Adds an inner node and names its value. */
    String part(String part, String operator, List<String> inputs, AttributeProto... attributes) {
        return add(id + "/" + part, operator, inputs, attributes);
    }

    /** Adds the layer's last node. */
    Emission last(String operator, List<String> inputs, AttributeProto... attributes) {
        add(id, operator, inputs, attributes);
        return this;
    }

    /** Adds an inner node with several values and names them. */
    List<String> parts(List<String> parts, String operator, List<String> inputs, AttributeProto... attributes) {
        List<String> outputs = parts.stream()
                .map(part -> part.isEmpty() ? "" : id + "/" + part)
                .toList();
        nodes.add(NodeProto.newBuilder()
                .setName(outputs.stream()
                        .filter(output -> !output.isEmpty())
                        .findFirst()
                        .orElseThrow())
                .setOpType(operator)
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(Arrays.asList(attributes))
                .build());
        return outputs;
    }

    /** Adds a constant vector of integers and names it. */
    String integers(String part, long... values) {
        return constant(part, TensorProto.DataType.INT64, new int[] {values.length}, longBytes(values));
    }

    /** Adds a constant integer without dimensions and names it. */
    String integer(String part, long value) {
        return constant(part, TensorProto.DataType.INT64, new int[0], longBytes(value));
    }

    /** Adds a constant number without dimensions and names it. */
    String number(String part, double value) {
        return numbers(part, new int[0], (float) value);
    }

    /** Adds a constant tensor and names it. */
    String numbers(String part, int[] dimensions, float... values) {
        return constant(part, TensorProto.DataType.FLOAT, dimensions, floatBytes(values, 0, values.length));
    }

    static ByteString floatBytes(float[] values, int offset, int length) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(length, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values, offset, length);
        return ByteString.copyFrom(bytes);
    }

    private static ByteString longBytes(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return ByteString.copyFrom(bytes);
    }

    private String constant(String part, TensorProto.DataType type, int[] dimensions, ByteString raw) {
        String name = id + "/" + part;
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .setRawData(raw);
        Arrays.stream(dimensions).forEach(tensor::addDims);
        constants.add(tensor.build());
        return name;
    }

    private String add(String name, String operator, List<String> inputs, AttributeProto... attributes) {
        nodes.add(NodeProto.newBuilder()
                .setName(name)
                .setOpType(operator)
                .addAllInput(inputs)
                .addOutput(name)
                .addAllAttribute(Arrays.asList(attributes))
                .build());
        return name;
    }
}

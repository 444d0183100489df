package dev.tacita.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads tensors that are written out in a file; none may lie in another file. */
final class TensorReader {
    private final Budget budget;

    TensorReader(Budget budget) {
        this.budget = budget;
    }

    /** @throws IllegalArgumentException if the tensor is not whole, too large, or of a type that is not read */
    Value read(TensorProto tensor) {
        if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL || tensor.getExternalDataCount() > 0) {
            throw new IllegalArgumentException("its numbers lie in another file, which is never read");
        }
        if (tensor.hasSegment()) {
            throw new IllegalArgumentException("it is a segment of a tensor, and segments are not read");
        }
        DataType type = DataType.forNumber(tensor.getDataType());
        if (type == null) {
            throw new IllegalArgumentException(
                    "data_type must be one of ONNX's. Provided value: " + tensor.getDataType());
        }
        int[] dimensions = new int[tensor.getDimsCount()];
        long length = 1;
        for (int i = 0; i < dimensions.length; i++) {
            long dimension = tensor.getDims(i);
            if (dimension < 0 || dimension > Integer.MAX_VALUE || length * dimension > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "its dimensions must be >= 0 and their product at most 2147483647. Provided value: "
                                + tensor.getDimsList());
            }
            dimensions[i] = (int) dimension;
            length *= dimension;
        }
        return read(tensor, type, dimensions, (int) length);
    }

    private Value read(TensorProto tensor, DataType type, int[] dimensions, int length) {
        return switch (type) {
            case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> {
                float[] values = numbers(tensor, type, length);
                yield new Value.Numbers(tensor.getName(), dimensions, values);
            }
            case INT64, INT32, INT16, INT8, UINT8, BOOL -> {
                if (dimensions.length > 1) {
                    throw new IllegalArgumentException(
                            "a tensor of integers must have at most one dimension. Provided value: "
                                    + tensor.getDimsList());
                }
                yield new Value.Integers(dimensions.length == 0, integers(tensor, type, length));
            }
            default -> throw new IllegalArgumentException("tensors of type " + type + " are not read");
        };
    }

    private float[] numbers(TensorProto tensor, DataType type, int length) {
        if (tensor.hasRawData()) {
            ByteBuffer raw =
                    raw(tensor.getRawData(), length, type == DataType.DOUBLE ? 8 : type == DataType.FLOAT ? 4 : 2);
            float[] values = allocate(length);
            for (int i = 0; i < length; i++) {
                values[i] = switch (type) {
                    case DOUBLE -> (float) raw.getDouble();
                    case FLOAT -> raw.getFloat();
                    case FLOAT16 -> HalfPrecision.float16(raw.getShort());
                    default -> HalfPrecision.bfloat16(raw.getShort());
                };
            }
            return values;
        }
        int count =
                switch (type) {
                    case DOUBLE -> tensor.getDoubleDataCount();
                    case FLOAT -> tensor.getFloatDataCount();
                    default -> tensor.getInt32DataCount();
                };
        requireCount(count, length);
        float[] values = allocate(length);
        for (int i = 0; i < length; i++) {
            values[i] = switch (type) {
                case DOUBLE -> (float) tensor.getDoubleData(i);
                case FLOAT -> tensor.getFloatData(i);
                case FLOAT16 -> HalfPrecision.float16((short) tensor.getInt32Data(i));
                default -> HalfPrecision.bfloat16((short) tensor.getInt32Data(i));
            };
        }
        return values;
    }

    private long[] integers(TensorProto tensor, DataType type, int length) {
        if (tensor.hasRawData()) {
            int width =
                    switch (type) {
                        case INT64 -> 8;
                        case INT32 -> 4;
                        case INT16 -> 2;
                        default -> 1;
                    };
            ByteBuffer raw = raw(tensor.getRawData(), length, width);
            budget.spend(2L * length);
            long[] values = new long[length];
            for (int i = 0; i < length; i++) {
                values[i] = switch (type) {
                    case INT64 -> raw.getLong();
                    case INT32 -> raw.getInt();
                    case INT16 -> raw.getShort();
                    case INT8 -> raw.get();
                    default -> raw.get() & 0xff;
                };
            }
            return values;
        }
        requireCount(type == DataType.INT64 ? tensor.getInt64DataCount() : tensor.getInt32DataCount(), length);
        budget.spend(2L * length);
        long[] values = new long[length];
        for (int i = 0; i < length; i++) {
            values[i] = type == DataType.INT64 ? tensor.getInt64Data(i) : tensor.getInt32Data(i);
        }
        return values;
    }

    private float[] allocate(int length) {
        budget.spend(length);
        return new float[length];
    }

    private static ByteBuffer raw(ByteString bytes, int length, int width) {
        if (bytes.size() != (long) length * width) {
            throw new IllegalArgumentException("its " + length + " elements need " + (long) length * width
                    + " bytes. Provided value: " + bytes.size());
        }
        return bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void requireCount(int count, int length) {
        if (count != length) {
            throw new IllegalArgumentException(
                    "its dimensions ask for " + length + " elements. Provided value: " + count);
        }
    }
}

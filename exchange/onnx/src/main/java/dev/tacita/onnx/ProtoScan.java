package dev.tacita.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * Counts what a message would become in memory before it is read: two bytes of a file can ask for an object of a
 * hundred.
 */
final class ProtoScan {
    private static final int DEEPEST = 32;

    private final CodedInputStream input;
    private final int limit;
    private int elements;

    private ProtoScan(byte[] bytes, int limit) {
        input = CodedInputStream.newInstance(bytes);
        this.limit = limit;
    }

    /** @throws IOException if the bytes are no such message, or one of more elements than the limit */
    static void check(byte[] bytes, Descriptor type, int limit) throws IOException {
        new ProtoScan(bytes, limit).message(type, 0);
    }

    private void message(Descriptor type, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("its messages are nested more than " + DEEPEST + " deep");
        }
        int tag = input.readTag();
        while (tag != 0) {
            count(1);
            FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            boolean delimited = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            if (delimited && field != null && field.getJavaType() == JavaType.MESSAGE) {
                int previous = input.pushLimit(input.readRawVarint32());
                message(field.getMessageType(), depth + 1);
                input.checkLastTagWas(0);
                input.popLimit(previous);
            } else if (delimited && field != null && isIntegerList(field)) {
                int length = input.readRawVarint32();
                count(length);
                input.skipRawBytes(length);
            } else if (!input.skipField(tag)) {
                return;
            }
            tag = input.readTag();
        }
    }

    private static boolean isIntegerList(FieldDescriptor field) {
        return field.isRepeated()
                && (field.getJavaType() == JavaType.INT
                        || field.getJavaType() == JavaType.LONG
                        || field.getJavaType() == JavaType.ENUM);
    }

    private void count(int some) throws IOException {
        if (some < 0 || some > limit - elements) {
            throw new IOException("it has more than " + limit + " elements");
        }
        elements += some;
    }
}

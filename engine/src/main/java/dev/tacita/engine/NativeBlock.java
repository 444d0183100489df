package dev.tacita.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/** Native memory for one block of a matrix. */
final class NativeBlock {
    private final FloatBuffer buffer;
    private final FloatPointer pointer;

    NativeBlock(int capacity) {
        buffer = ByteBuffer.allocateDirect(Math.multiplyExact(capacity, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        pointer = new FloatPointer(buffer);
    }

    FloatPointer pointer() {
        return pointer;
    }

    void read(float[] from, int offset, int stride, int rows, int columns) {
        if (stride == columns) {
            buffer.put(0, from, offset, rows * columns);
        } else {
            for (int i = 0; i < rows; i++) {
                buffer.put(i * columns, from, offset + i * stride, columns);
            }
        }
    }

    void write(float[] to, int offset, int stride, int rows, int columns) {
        if (stride == columns) {
            buffer.get(0, to, offset, rows * columns);
        } else {
            for (int i = 0; i < rows; i++) {
                buffer.get(i * columns, to, offset + i * stride, columns);
            }
        }
    }
}

package dev.tacita.engine.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/** Native memory for one operand or result, from the beginning of a cache line. */
final class NativeBlock {
    private static final int CACHE_LINE = 64;

    private final FloatBuffer buffer;
    private final FloatPointer pointer;

    NativeBlock(int capacity) {
        buffer = ByteBuffer.allocateDirect(Math.addExact(Math.multiplyExact(capacity, Float.BYTES), 2 * CACHE_LINE))
                .alignedSlice(CACHE_LINE)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        pointer = new FloatPointer(buffer);
    }

    FloatPointer pointer() {
        return pointer;
    }

    void read(float[] from, int offset, int length) {
        buffer.put(0, from, offset, length);
    }

    void write(float[] to, int offset, int length) {
        buffer.get(0, to, offset, length);
    }

    void read(float[] from, int offset, int stride, int rows, int columns) {
        if (stride == columns) {
            read(from, offset, rows * columns);
        } else {
            for (int i = 0; i < rows; i++) {
                buffer.put(i * columns, from, offset + i * stride, columns);
            }
        }
    }

    void write(float[] to, int offset, int stride, int rows, int columns) {
        if (stride == columns) {
            write(to, offset, rows * columns);
        } else {
            for (int i = 0; i < rows; i++) {
                buffer.get(i * columns, to, offset + i * stride, columns);
            }
        }
    }
}

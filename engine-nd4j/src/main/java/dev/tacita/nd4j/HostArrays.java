package dev.tacita.nd4j;

import java.util.Arrays;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Parts of arrays of the JVM as arrays of the device, and back; always row-major. */
final class HostArrays {
    private HostArrays() {}

    static INDArray in(float[] values, int offset, long... shape) {
        int length = length(shape);
        Objects.checkFromIndexSize(offset, length, values.length);
        return Nd4j.create(Arrays.copyOfRange(values, offset, offset + length), shape, 'c');
    }

    static INDArray empty(long... shape) {
        return Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
    }

    static void out(INDArray array, float[] to, int offset) {
        float[] values = array.data().asFloat();
        System.arraycopy(values, 0, to, offset, Math.toIntExact(array.length()));
    }

    private static int length(long... shape) {
        long length = 1;
        for (long dimension : shape) {
            length = Math.multiplyExact(length, dimension);
        }
        return Math.toIntExact(length);
    }
}

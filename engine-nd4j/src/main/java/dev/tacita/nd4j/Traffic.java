package dev.tacita.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The only way between the host and the device that a training has; it counts what passes. */
final class Traffic {
    private long in;
    private long out;

    /** A copy on the device, row-major. */
    INDArray in(float[] values, long... shape) {
        in++;
        return Nd4j.create(values, shape, 'c');
    }

    /** A copy on the host. */
    float[] out(INDArray array) {
        out++;
        return array.data().asFloat();
    }

    /** As {@link #out}, of numbers in double precision. */
    double[] outInDoublePrecision(INDArray array) {
        out++;
        return array.data().asDouble();
    }

    long copiesIn() {
        return in;
    }

    long copiesOut() {
        return out;
    }
}

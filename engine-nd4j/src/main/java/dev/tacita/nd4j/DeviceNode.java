package dev.tacita.nd4j;

import dev.tacita.core.model.Shape;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * One node of a model on its way into a graph for batches of one size.
 *
 * @param graph where its operations go
 * @param batch examples
 * @param training whether it computes as in training
 * @param frozen whether its parameters stay as they are
 * @param inputs (batch, then the shape of one example)
 * @param inputShapes of one example
 * @param outputShape of one example
 * @param parameters in the order of its layer
 * @param running what those of them that no optimizer moves are after the nodes before it, in the same order
 */
record DeviceNode(
        SameDiff graph,
        int batch,
        boolean training,
        boolean frozen,
        List<SDVariable> inputs,
        List<Shape> inputShapes,
        Shape outputShape,
        List<SDVariable> parameters,
        List<SDVariable> running) {
    SDVariable input() {
        return inputs.get(0);
    }

    Shape inputShape() {
        return inputShapes.get(0);
    }

    SDVariable parameter(int index) {
        return parameters.get(index);
    }

    /** The value in the shape of the output. */
    SDVariable output(SDVariable value) {
        return value.reshape(withBatch(batch, outputShape));
    }

    static long[] withBatch(int batch, Shape shape) {
        long[] dimensions = new long[shape.rank() + 1];
        dimensions[0] = batch;
        for (int i = 0; i < shape.rank(); i++) {
            dimensions[i + 1] = shape.dimension(i);
        }
        return dimensions;
    }

    /** {@code x W^T + b} for the rows of a matrix. */
    static SDVariable affine(SDVariable rows, SDVariable weight, SDVariable bias) {
        return product(rows, weight).add(bias);
    }

    /** {@code x W^T}. */
    static SDVariable product(SDVariable rows, SDVariable weight) {
        return rows.mmul(weight.permute(1, 0));
    }
}

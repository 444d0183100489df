package dev.tacita.onnx;

import dev.tacita.onnx.Value.Numbers;
import java.util.Arrays;

/** Constant tensors in other arrangements. */
final class Tensors {
    private Tensors() {}

    static Numbers transposed(Numbers matrix, NodeCall call) {
        return permuted(matrix, new int[] {1, 0}, call);
    }

    /** Dimension i of the result is dimension permutation[i] of the tensor. */
    static Numbers permuted(Numbers tensor, int[] permutation, NodeCall call) {
        int rank = tensor.rank();
        int[] from = tensor.dimensions();
        int[] to = new int[rank];
        int[] strides = new int[rank];
        int stride = 1;
        for (int i = rank - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= from[i];
        }
        for (int i = 0; i < rank; i++) {
            to[i] = from[permutation[i]];
        }
        call.context().budget().spend(tensor.values().length);
        float[] values = new float[tensor.values().length];
        int[] index = new int[rank];
        for (int at = 0; at < values.length; at++) {
            int source = 0;
            for (int i = 0; i < rank; i++) {
                source += index[i] * strides[permutation[i]];
            }
            values[at] = tensor.values()[source];
            for (int i = rank - 1; i >= 0 && ++index[i] == to[i]; i--) {
                index[i] = 0;
            }
        }
        return new Numbers(tensor.name(), to, values);
    }

    /** A tensor that stands for a vector of that length: one with other dimensions of 1, or a single number. */
    static Numbers vector(Numbers tensor, int length, NodeCall call) {
        if (tensor.values().length == length) {
            long ones = Arrays.stream(tensor.dimensions()).filter(d -> d != 1).count();
            if (ones <= 1) {
                return new Numbers(tensor.name(), new int[] {length}, tensor.values());
            }
        } else if (tensor.single()) {
            call.context().budget().spend(length);
            float[] values = new float[length];
            Arrays.fill(values, tensor.values()[0]);
            return new Numbers(tensor.name(), new int[] {length}, values);
        }
        throw new IllegalArgumentException("tensor '" + Printable.of(tensor.name()) + "' must be a vector of " + length
                + ". Provided shape: " + Arrays.toString(tensor.dimensions()));
    }
}

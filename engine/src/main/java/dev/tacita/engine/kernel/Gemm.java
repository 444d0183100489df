package dev.tacita.engine.kernel;

import org.bytedeco.javacpp.FloatPointer;

/** A native matrix product: C = op(A) op(B) + beta C, row-major, with rows of the given strides. */
@FunctionalInterface
interface Gemm {
    void multiply(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            FloatPointer a,
            int strideA,
            FloatPointer b,
            int strideB,
            float beta,
            FloatPointer c,
            int strideC);
}

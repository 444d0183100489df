package dev.tacita.engine.kernel;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;

/** Matrix products whose operands lie at fixed places of native memory, made one after the other. */
final class FixedProducts {
    private record Product(
            int m,
            int n,
            int k,
            FloatPointer a,
            int strideA,
            FloatPointer b,
            int strideB,
            float beta,
            FloatPointer c,
            int strideC) {}

    private final List<Product> products = new ArrayList<>();

    /** C = A B, or C += A B. */
    void add(
            int m,
            int n,
            int k,
            FloatPointer a,
            int strideA,
            FloatPointer b,
            int strideB,
            boolean accumulate,
            FloatPointer c,
            int strideC) {
        products.add(new Product(m, n, k, a, strideA, b, strideB, accumulate ? 1f : 0f, c, strideC));
    }

    void run(Gemm gemm) {
        for (int i = 0; i < products.size(); i++) {
            Product each = products.get(i);
            gemm.multiply(
                    false,
                    false,
                    each.m(),
                    each.n(),
                    each.k(),
                    each.a(),
                    each.strideA(),
                    each.b(),
                    each.strideB(),
                    each.beta(),
                    each.c(),
                    each.strideC());
        }
    }
}

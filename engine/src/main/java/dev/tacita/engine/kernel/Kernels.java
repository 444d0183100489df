package dev.tacita.engine.kernel;

import java.util.Optional;

/**
 * The arithmetic that decides how fast a model trains. All implementations are held to the same tests. The same
 * arguments give the same bits. An instance may keep working memory: it belongs to one thread at a time.
 */
public interface Kernels {
    /**
     * C = op(A) op(B), or C += op(A) op(B), for row-major matrices without gaps; op transposes or does nothing.
     *
     * @param transposeA whether A is stored k by m, else m by k
     * @param transposeB whether B is stored n by k, else k by n
     * @param m rows of C, at least 1
     * @param n columns of C, at least 1
     * @param k length of each inner product, at least 1
     * @param a holds A from {@code aOffset}
     * @param b holds B from {@code bOffset}
     * @param accumulate whether the product is added to what C holds
     * @param c holds C from {@code cOffset}; shares no element with A or B
     * @throws IndexOutOfBoundsException if a matrix does not lie within its array
     */
    void multiply(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            float[] b,
            int bOffset,
            boolean accumulate,
            float[] c,
            int cOffset);

    /**
     * Convolutions of one shape, ready to run on up to {@code capacity} images; empty if these kernels have none that is
     * faster than products over column matrices.
     *
     * @param capacity at least 1
     */
    default Optional<Convolution> convolution(ConvolutionShape shape, int capacity) {
        return Optional.empty();
    }

    /**
     * A matrix of weights for steps on up to {@code rows} rows; empty if these kernels gain nothing by keeping one.
     *
     * @param units at least 1
     * @param features at least 1
     * @param rows at least 1
     */
    default Optional<ResidentWeight> residentWeight(int units, int features, int rows) {
        return Optional.empty();
    }
}

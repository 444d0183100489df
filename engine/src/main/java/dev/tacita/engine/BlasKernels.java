package dev.tacita.engine;

/**
 * Matrix products by OpenBLAS, small ones by {@link JavaKernels}. One native thread: parallelism is across workers.
 *
 * <p>JavaCPP hands heap arrays to native code as copies of whole arrays, so operands are copied block by block, only
 * what a product needs, into native working memory of 4 MiB that stays in the cache of the core.
 */
public final class BlasKernels implements Kernels {
    /** Below this many multiplications a call to native code costs more than it saves; measured. */
    private static final long CROSSOVER = 400;

    private final Kernels small = new JavaKernels();
    private final OpenBlas blas;

    private BlasKernels(OpenBlas blas) {
        this.blas = blas;
    }

    /**
     * New kernels for one worker, after a check of the native library.
     *
     * @throws NativeArithmeticException if the library's products are wrong on this processor
     * @throws UnsatisfiedLinkError if there is no library for this platform
     */
    public static BlasKernels create() {
        return new BlasKernels(OpenBlas.load());
    }

    /**
     * {@link #create} where the library can be loaded, else {@link JavaKernels} and one warning in the log.
     *
     * @throws NativeArithmeticException if the library's products are wrong on this processor
     */
    public static Kernels createOrFallBack() {
        try {
            return create();
        } catch (LinkageError e) {
            OpenBlas.warnOnce(e);
            return new JavaKernels();
        }
    }

    @Override
    public void multiply(
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
            int cOffset) {
        Kernels kernels = (long) m * n * k < CROSSOVER ? small : blas;
        kernels.multiply(transposeA, transposeB, m, n, k, a, aOffset, b, bOffset, accumulate, c, cOffset);
    }
}

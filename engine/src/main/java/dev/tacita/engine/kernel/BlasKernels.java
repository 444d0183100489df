package dev.tacita.engine.kernel;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Matrix products and convolutions by native libraries, small products by {@link JavaKernels}: oneDNN where it runs, else
 * OpenBLAS. One native thread unless told otherwise: parallelism is across workers.
 */
public final class BlasKernels implements Kernels {
    /** Below this many multiplications a call to native code costs more than it saves; measured. */
    private static final long CROSSOVER = 400;

    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private final Kernels small = new JavaKernels();
    private final Kernels large;
    private final Optional<OneDnn> library;

    private BlasKernels(Kernels large, Optional<OneDnn> library) {
        this.large = large;
        this.library = library;
    }

    /**
     * New kernels for one worker, after a check of the native library.
     *
     * @throws NativeArithmeticException if the library computes wrongly on this processor
     * @throws UnsatisfiedLinkError if there is no library for this platform
     */
    public static BlasKernels create() {
        return create(1);
    }

    /**
     * As {@link #create()}, with oneDNN on several threads.
     *
     * @param threads at least 1
     */
    public static BlasKernels create(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be >= 1. Provided value: " + threads);
        }
        try {
            return of(OneDnn.load(threads));
        } catch (LinkageError e) {
            return of(OpenBlas.load());
        }
    }

    /**
     * Kernels of OpenBLAS alone, for one native thread, even where oneDNN can be loaded: other bits, to compare with.
     *
     * @throws NativeArithmeticException if the library computes wrongly on this processor
     * @throws UnsatisfiedLinkError if there is no library for this platform
     */
    public static BlasKernels openBlas() {
        return of(OpenBlas.load());
    }

    static BlasKernels of(OneDnn library) {
        return new BlasKernels(new StagedProducts(library), Optional.of(library));
    }

    static BlasKernels of(OpenBlas library) {
        return new BlasKernels(new StagedProducts(library), Optional.empty());
    }

    /**
     * {@link #create()} where a library can be loaded, else {@link JavaKernels} and one warning in the log.
     *
     * @throws NativeArithmeticException if the library computes wrongly on this processor
     */
    public static Kernels createOrFallBack() {
        try {
            return create();
        } catch (LinkageError e) {
            warnOnce(e);
            return new JavaKernels();
        }
    }

    private static void warnOnce(LinkageError e) {
        if (!WARNED.getAndSet(true)) {
            System.getLogger(BlasKernels.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "neither oneDNN nor OpenBLAS can be loaded; training runs on plain Java loops, many times slower",
                            e);
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
        Kernels kernels = (long) m * n * k < CROSSOVER ? small : large;
        kernels.multiply(transposeA, transposeB, m, n, k, a, aOffset, b, bOffset, accumulate, c, cOffset);
    }

    @Override
    public Optional<Convolution> convolution(ConvolutionShape shape, int capacity) {
        return library.flatMap(oneDnn ->
                MinimalConvolution.of(oneDnn, shape, capacity).or(() -> OneDnnConvolution.of(oneDnn, shape, capacity)));
    }

    @Override
    public Optional<ResidentWeight> residentWeight(int units, int features, int rows) {
        return library.flatMap(oneDnn -> OneDnnResidentWeight.of(oneDnn, units, features, rows));
    }
}

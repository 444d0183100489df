package dev.tacita.engine.kernel;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/** OpenBLAS on one thread. */
final class OpenBlas implements Gemm {
    private OpenBlas() {}

    /**
     * The library, its products checked on this processor.
     *
     * @throws NativeArithmeticException if they are wrong
     * @throws LinkageError if there is no library for this platform
     */
    static OpenBlas load() {
        Loader.load(openblas_nolapack.class);
        org.bytedeco.openblas.presets.openblas_nolapack.blas_set_num_threads(1);
        OpenBlas blas = new OpenBlas();
        LibraryCheck.products(
                "OpenBLAS",
                new StagedProducts(blas),
                "It is older than the processor; set the environment variable OPENBLAS_CORETYPE=Haswell and start again");
        return blas;
    }

    @Override
    public void multiply(
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
            int strideC) {
        cblas_sgemm(
                CblasRowMajor,
                transposeA ? CblasTrans : CblasNoTrans,
                transposeB ? CblasTrans : CblasNoTrans,
                m,
                n,
                k,
                1f,
                a,
                strideA,
                b,
                strideB,
                beta,
                c,
                strideC);
    }
}

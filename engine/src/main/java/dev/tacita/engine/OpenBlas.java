package dev.tacita.engine;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/** Products of any size by OpenBLAS, in blocks that fit into native working memory. */
final class OpenBlas implements Kernels {
    private static final int BLOCK = 1 << 18;
    private static final int MOST_DEPTH = 1 << 12;
    private static final int SQUARE = 1 << 9;
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private final NativeBlock left = new NativeBlock(BLOCK);
    private final NativeBlock right = new NativeBlock(BLOCK);
    private final NativeBlock product = new NativeBlock(BLOCK);

    private OpenBlas() {}

    static OpenBlas load() {
        Loader.load(openblas_nolapack.class);
        org.bytedeco.openblas.presets.openblas_nolapack.blas_set_num_threads(1);
        OpenBlas blas = new OpenBlas();
        check(blas);
        return blas;
    }

    static void warnOnce(LinkageError e) {
        if (!WARNED.getAndSet(true)) {
            System.getLogger(BlasKernels.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "OpenBLAS cannot be loaded; training runs on plain Java loops, many times slower",
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
        int depth = Math.min(k, MOST_DEPTH);
        int rows = Math.min(m, BLOCK / depth);
        int columns = Math.min(n, BLOCK / depth);
        if ((long) rows * columns > BLOCK) {
            rows = Math.min(rows, SQUARE);
            columns = Math.min(columns, BLOCK / rows);
        }
        for (int i = 0; i < m; i += rows) {
            int mb = Math.min(rows, m - i);
            for (int j = 0; j < n; j += columns) {
                int nb = Math.min(columns, n - j);
                if (accumulate) {
                    product.read(c, cOffset + i * n + j, n, mb, nb);
                }
                for (int l = 0; l < k; l += depth) {
                    int kb = Math.min(depth, k - l);
                    if (j == 0 || depth < k) {
                        readOperand(left, transposeA, a, aOffset, m, k, i, l, mb, kb);
                    }
                    if (i == 0 || columns < n || depth < k) {
                        readOperand(right, transposeB, b, bOffset, k, n, l, j, kb, nb);
                    }
                    cblas_sgemm(
                            CblasRowMajor,
                            transposeA ? CblasTrans : CblasNoTrans,
                            transposeB ? CblasTrans : CblasNoTrans,
                            mb,
                            nb,
                            kb,
                            1f,
                            left.pointer(),
                            transposeA ? mb : kb,
                            right.pointer(),
                            transposeB ? kb : nb,
                            accumulate || l > 0 ? 1f : 0f,
                            product.pointer(),
                            nb);
                }
                product.write(c, cOffset + i * n + j, n, mb, nb);
            }
        }
    }

    private static void readOperand(
            NativeBlock to,
            boolean transposed,
            float[] from,
            int offset,
            int rows,
            int columns,
            int row,
            int column,
            int height,
            int width) {
        if (transposed) {
            to.read(from, offset + column * rows + row, rows, width, height);
        } else {
            to.read(from, offset + row * columns + column, columns, height, width);
        }
    }

    /** Compares products of all four kinds with plain loops. */
    static void check(Kernels kernels) {
        Random random = new Random(1);
        int m = 19;
        int n = 37;
        int k = 53;
        float[] a = random(random, m * k);
        float[] b = random(random, k * n);
        for (int variant = 0; variant < 4; variant++) {
            boolean transposeA = (variant & 1) != 0;
            boolean transposeB = (variant & 2) != 0;
            float[] expected = new float[m * n];
            float[] actual = new float[m * n];
            new JavaKernels().multiply(transposeA, transposeB, m, n, k, a, 0, b, 0, false, expected, 0);
            kernels.multiply(transposeA, transposeB, m, n, k, a, 0, b, 0, false, actual, 0);
            for (int i = 0; i < m * n; i++) {
                if (!(Math.abs(expected[i] - actual[i]) <= 1e-4)) {
                    throw new NativeArithmeticException("OpenBLAS multiplies matrices wrongly on this processor: "
                            + actual[i] + " in place of " + expected[i]
                            + ". It is older than the processor; set the environment variable"
                            + " OPENBLAS_CORETYPE=Haswell and start again");
                }
            }
        }
    }

    private static float[] random(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return values;
    }
}

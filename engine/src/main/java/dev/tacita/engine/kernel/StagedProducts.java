package dev.tacita.engine.kernel;

/**
 * Products of any size by a native library that cannot see the heap: operands are copied block by block, only what a
 * product needs, into 3 MiB of native working memory that stays in the cache of the core.
 */
final class StagedProducts implements Kernels {
    private static final int BLOCK = 1 << 18;
    private static final int MOST_DEPTH = 1 << 9;
    private static final int SQUARE = 1 << 9;

    private final NativeBlock left = new NativeBlock(BLOCK);
    private final NativeBlock right = new NativeBlock(BLOCK);
    private final NativeBlock product = new NativeBlock(BLOCK);
    private final Gemm gemm;

    StagedProducts(Gemm gemm) {
        this.gemm = gemm;
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
                    gemm.multiply(
                            transposeA,
                            transposeB,
                            mb,
                            nb,
                            kb,
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
}

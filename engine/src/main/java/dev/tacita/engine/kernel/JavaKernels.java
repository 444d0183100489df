package dev.tacita.engine.kernel;

import java.util.Arrays;

/** Plain loops: no native code, no working memory. The fastest choice for matrices of a few hundred elements. */
public final class JavaKernels implements Kernels {
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
        if (transposeB) {
            dots(m, n, k, a, aOffset, transposeA ? 1 : k, transposeA ? m : 1, b, bOffset, accumulate, c, cOffset);
        } else {
            rows(m, n, k, a, aOffset, transposeA ? 1 : k, transposeA ? m : 1, b, bOffset, accumulate, c, cOffset);
        }
    }

    private static void dots(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRow,
            int aStep,
            float[] b,
            int bOffset,
            boolean accumulate,
            float[] c,
            int cOffset) {
        for (int i = 0; i < m; i++) {
            int from = aOffset + i * aRow;
            int to = cOffset + i * n;
            int j = 0;
            for (; j + 3 < n; j += 4) {
                int b0 = bOffset + j * k;
                int b1 = b0 + k;
                int b2 = b1 + k;
                int b3 = b2 + k;
                float s0 = 0;
                float s1 = 0;
                float s2 = 0;
                float s3 = 0;
                for (int l = 0; l < k; l++) {
                    float x = a[from + l * aStep];
                    s0 += x * b[b0 + l];
                    s1 += x * b[b1 + l];
                    s2 += x * b[b2 + l];
                    s3 += x * b[b3 + l];
                }
                c[to + j] = (accumulate ? c[to + j] : 0) + s0;
                c[to + j + 1] = (accumulate ? c[to + j + 1] : 0) + s1;
                c[to + j + 2] = (accumulate ? c[to + j + 2] : 0) + s2;
                c[to + j + 3] = (accumulate ? c[to + j + 3] : 0) + s3;
            }
            for (; j < n; j++) {
                int row = bOffset + j * k;
                float sum = 0;
                for (int l = 0; l < k; l++) {
                    sum += a[from + l * aStep] * b[row + l];
                }
                c[to + j] = (accumulate ? c[to + j] : 0) + sum;
            }
        }
    }

    private static void rows(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRow,
            int aStep,
            float[] b,
            int bOffset,
            boolean accumulate,
            float[] c,
            int cOffset) {
        if (!accumulate) {
            Arrays.fill(c, cOffset, cOffset + m * n, 0f);
        }
        for (int i = 0; i < m; i++) {
            int from = aOffset + i * aRow;
            int to = cOffset + i * n;
            int l = 0;
            for (; l + 3 < k; l += 4) {
                int at = from + l * aStep;
                addFour(n, a[at], a[at + aStep], a[at + 2 * aStep], a[at + 3 * aStep], b, bOffset + l * n, c, to);
            }
            for (; l < k; l++) {
                float x = a[from + l * aStep];
                int row = bOffset + l * n;
                for (int j = 0; j < n; j++) {
                    c[to + j] += x * b[row + j];
                }
            }
        }
    }

    private static void addFour(int n, float x0, float x1, float x2, float x3, float[] b, int row, float[] c, int to) {
        int row1 = row + n;
        int row2 = row1 + n;
        int row3 = row2 + n;
        for (int j = 0; j < n; j++) {
            c[to + j] += x0 * b[row + j] + x1 * b[row1 + j] + x2 * b[row2 + j] + x3 * b[row3 + j];
        }
    }
}

package dev.tacita.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link Kernels} must do with products; doubles are the oracle. */
public abstract class ProductsContract {
    /** The implementation that is held to the contract. */
    protected abstract Kernels kernels();

    @Test
    void productsOfAnyShapeAgreeWithTheDefinition() {
        Kernels kernels = kernels();
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            check(kernels, 1 + random.nextInt(40), 1 + random.nextInt(40), 1 + random.nextInt(40), seed);
        }
    }

    @Test
    void productsLargerThanTheWorkingMemoryAgreeWithTheDefinition() {
        Kernels kernels = kernels();
        int[][] shapes = {
            {2, 3, 9001}, {3, 9001, 2}, {9001, 2, 3}, {700, 701, 2}, {3, 600, 601}, {67, 130, 4500}, {1, 300_000, 2}
        };
        for (int[] shape : shapes) {
            for (long seed = 0; seed < 8; seed++) {
                check(kernels, shape[0], shape[1], shape[2], seed);
            }
        }
    }

    @Test
    void aMatrixBeyondItsArrayIsRefused() {
        Kernels kernels = kernels();
        assertThatThrownBy(() -> kernels.multiply(
                        false, false, 40, 40, 40, new float[1600], 1, new float[1600], 0, false, new float[1600], 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static void check(Kernels kernels, int m, int n, int k, long seed) {
        Random random = new Random(seed);
        boolean transposeA = (seed & 1) != 0;
        boolean transposeB = (seed & 2) != 0;
        boolean accumulate = (seed & 4) != 0;
        int offset = random.nextInt(5);
        float[] a = Draws.uniform(random, offset + m * k);
        float[] b = Draws.uniform(random, 2 * offset + k * n);
        float[] c = Draws.uniform(random, offset + m * n + 3);
        float[] actual = c.clone();
        kernels.multiply(transposeA, transposeB, m, n, k, a, offset, b, 2 * offset, accumulate, actual, offset);
        String place = "%d x %d x %d, seed %d".formatted(m, n, k, seed);
        double worst = 0;
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double expected = accumulate ? c[offset + i * n + j] : 0;
                for (int l = 0; l < k; l++) {
                    expected += (double) a[offset + (transposeA ? l * m + i : i * k + l)]
                            * b[2 * offset + (transposeB ? j * k + l : l * n + j)];
                }
                worst = Math.max(worst, Math.abs(expected - actual[offset + i * n + j]));
            }
        }
        assertThat(worst).as(place).isLessThan(5e-6 * Math.sqrt(k));
        for (int i = 0; i < offset; i++) {
            assertThat(actual[i]).as(place).isEqualTo(c[i]);
        }
        for (int i = offset + m * n; i < c.length; i++) {
            assertThat(actual[i]).as(place).isEqualTo(c[i]);
        }
    }
}

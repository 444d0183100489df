package dev.tacita.engine.kernel;

import java.util.Random;

/** Whether a native library computes rightly on this processor, by comparison with plain loops. */
final class LibraryCheck {
    private LibraryCheck() {}

    /**
     * Compares products of all four kinds.
     *
     * @throws NativeArithmeticException if one differs
     */
    static void products(String library, Kernels kernels, String remedy) {
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
            compare(library + " multiplies matrices", expected, actual, remedy);
        }
    }

    static void compare(String what, float[] expected, float[] actual, String remedy) {
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(expected[i] - actual[i]) <= 1e-4)) {
                throw new NativeArithmeticException(what + " wrongly on this processor: " + actual[i] + " in place of "
                        + expected[i] + ". " + remedy);
            }
        }
    }

    static float[] random(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return values;
    }
}

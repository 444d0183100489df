package dev.tacita.core.learning;

/** Solves symmetric positive definite systems, in double precision. */
final class Cholesky {
    private Cholesky() {}

    /**
     * x of A x = b; not finite where A is not positive definite.
     *
     * @param lower A's lower triangle, row after row; not changed
     * @param right b; not changed
     */
    static double[] solve(double[] lower, double[] right) {
        int size = right.length;
        double[] factor = lower.clone();
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = factor[LogisticSums.place(i, j)];
                for (int k = 0; k < j; k++) {
                    sum -= factor[LogisticSums.place(i, k)] * factor[LogisticSums.place(j, k)];
                }
                factor[LogisticSums.place(i, j)] =
                        i == j ? Math.sqrt(sum > 0 ? sum : Double.NaN) : sum / factor[LogisticSums.place(j, j)];
            }
        }
        double[] solution = right.clone();
        for (int i = 0; i < size; i++) {
            for (int k = 0; k < i; k++) {
                solution[i] -= factor[LogisticSums.place(i, k)] * solution[k];
            }
            solution[i] /= factor[LogisticSums.place(i, i)];
        }
        for (int i = size - 1; i >= 0; i--) {
            for (int k = i + 1; k < size; k++) {
                solution[i] -= factor[LogisticSums.place(k, i)] * solution[k];
            }
            solution[i] /= factor[LogisticSums.place(i, i)];
        }
        return solution;
    }
}

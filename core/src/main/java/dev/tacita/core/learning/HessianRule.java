package dev.tacita.core.learning;

import java.util.Arrays;
import java.util.Optional;

/**
 * Nothing on the diagonal of a Hessian of a convex loss is negative, and where all of it is shown at once, its eigenvalues are
 * not either, but for what rounding to float makes of them.
 *
 * @param from index of its first number in a contribution
 * @param size rows, and columns; of these the contribution holds the lower triangle, row after row
 */
record HessianRule(int from, int size) implements ContributionRule {
    /** What rounding of each number may take from an eigenvalue, for each unit of the trace. */
    private static final double ROUNDING = 0x1p-22;

    @Override
    public Optional<String> problem(int first, float[] values) {
        for (int i = 0; i < size; i++) {
            int at = from + LogisticSums.place(i, i) - first;
            if (at >= 0 && at < values.length && values[at] < 0) {
                return Optional.of("the diagonal of a Hessian must not be negative. Provided value: " + values[at]
                        + " at index " + (first + at));
            }
        }
        int begin = from - first;
        int end = begin + LogisticSums.place(size, 0);
        return begin >= 0 && end <= values.length && !isPositive(Arrays.copyOfRange(values, begin, end))
                ? Optional.of("a Hessian must not have a negative eigenvalue; the one from index " + from + " has")
                : Optional.empty();
    }

    private boolean isPositive(float[] lower) {
        double[] shifted = new double[lower.length];
        double trace = 0;
        for (int i = 0; i < size; i++) {
            trace += lower[LogisticSums.place(i, i)];
        }
        for (int i = 0; i < lower.length; i++) {
            shifted[i] = lower[i];
        }
        for (int i = 0; i < size; i++) {
            shifted[LogisticSums.place(i, i)] += ROUNDING * trace + Float.MIN_NORMAL;
        }
        return Double.isFinite(Cholesky.solve(shifted, new double[size])[0]);
    }
}

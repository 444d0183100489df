package dev.tacita.dp.accounting;

import static dev.tacita.dp.accounting.RenyiDivergence.logSum;

import java.util.function.DoubleUnaryOperator;

/**
 * Rényi divergence of a mechanism run on a sample without replacement, for neighbours that replace one (Wang, Balle and
 * Kasiviswanathan 2019, theorem 9; between whole orders by the convexity of corollary 10).
 */
final class WithoutReplacement {
    private final double logRate;
    private final DoubleUnaryOperator inner;
    private final double pure;

    /** {@code inner} is the divergence of the mechanism itself at an order, the infinite one included. */
    WithoutReplacement(double rate, DoubleUnaryOperator inner) {
        this.logRate = Math.log(rate);
        this.inner = inner;
        this.pure = inner.applyAsDouble(Double.POSITIVE_INFINITY);
    }

    double divergence(double order) {
        if (order == Double.POSITIVE_INFINITY) {
            return pure == Double.POSITIVE_INFINITY ? pure : Math.log1p(Math.exp(logRate) * Math.expm1(pure));
        }
        double bound;
        if (order == Math.rint(order)) {
            bound = logMoment((int) order) / (order - 1);
        } else {
            int below = (int) Math.floor(order);
            double part = order - below;
            bound = ((1 - part) * logMoment(below) + part * logMoment(below + 1)) / (order - 1);
        }
        return Math.min(bound, inner.applyAsDouble(order));
    }

    /** (order - 1) times the divergence: convex in the order, 0 at order 1. */
    private double logMoment(int order) {
        if (order == 1) {
            return 0;
        }
        double second = inner.applyAsDouble(2);
        if (second == Double.POSITIVE_INFINITY) {
            return second;
        }
        double logGap = pure > 30 ? pure : Math.log(Math.expm1(pure));
        double logBinomial = Math.log(order) + Math.log((order - 1) / 2.0);
        double logSecond = Math.min(
                Math.log(4) + (second > 30 ? second : Math.log(Math.expm1(second))),
                second + Math.min(Math.log(2), 2 * logGap));
        double sum = logSum(0, 2 * logRate + logBinomial + logSecond);
        for (int j = 3; j <= order; j++) {
            logBinomial += Math.log((order - j + 1.0) / j);
            double term = (j - 1) * inner.applyAsDouble(j) + Math.min(Math.log(2), j * logGap);
            sum = logSum(sum, j * logRate + logBinomial + term);
        }
        return sum;
    }
}

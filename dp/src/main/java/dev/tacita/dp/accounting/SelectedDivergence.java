package dev.tacita.dp.accounting;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Rényi divergence of the best of a random number of runs (Papernot and Steinke 2022, theorems 2 and 6).
 */
final class SelectedDivergence {
    private static final int HALVINGS = 200;

    private final double[] orders;
    private final double[] bounds;

    /** {@code inner} is the divergence of one run at an order; the orders are those that can be asked for. */
    SelectedDivergence(Event.RepeatAndSelect event, double[] orders, DoubleUnaryOperator inner) {
        this.orders = orders;
        this.bounds = new double[orders.length];
        double[] one = Arrays.stream(orders).map(inner).toArray();
        boolean poisson = event.shape() == Double.POSITIVE_INFINITY;
        double constant = poisson ? 0 : constant(event, orders, one);
        for (int i = 0; i < orders.length; i++) {
            double more = poisson ? event.mean() * delta(Math.log1p(1 / (orders[i] - 1)), orders, one) : constant;
            bounds[i] = one[i] + Math.log(event.mean()) / (orders[i] - 1) + more;
        }
    }

    /** Divergences do not fall in the order, so that every larger order bounds this one. */
    double at(double order) {
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < orders.length; i++) {
            smallest = orders[i] >= order ? Math.min(smallest, bounds[i]) : smallest;
        }
        return smallest;
    }

    private static double constant(Event.RepeatAndSelect event, double[] orders, double[] one) {
        double logStop = Math.log(stop(event.mean(), event.shape()));
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < orders.length; i++) {
            double share = 1 / orders[i];
            smallest = Math.min(smallest, (1 - share) * one[i] - logStop * share);
        }
        return (1 + event.shape()) * smallest;
    }

    private static double delta(double epsilon, double[] orders, double[] one) {
        double smallest = 1;
        for (int i = 0; i < orders.length; i++) {
            double delta = orders[i] == Double.POSITIVE_INFINITY
                    ? (one[i] <= epsilon ? 0 : 1)
                    : Math.exp(RdpConversion.TIGHT.logDelta(orders[i], one[i], epsilon));
            smallest = Math.min(smallest, one[i] == 0 ? 0 : delta);
        }
        return smallest;
    }

    /** The parameter of the truncated negative binomial distribution with this mean, rounded down: between 0 and 1. */
    private static double stop(double mean, double shape) {
        if (shape == 1) {
            return 1 / mean;
        }
        double low = 0;
        double high = 1;
        for (int i = 0; i < HALVINGS && high - low > 1e-14 * high; i++) {
            double middle = 0.5 * (low + high);
            if (mean(middle, shape) < mean) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return mean == 1 ? 1 : low;
    }

    private static double mean(double stop, double shape) {
        double logStop = Math.log(stop);
        return shape == 0 ? (1 / stop - 1) / -logStop : shape * (1 / stop - 1) / -Math.expm1(shape * logStop);
    }
}

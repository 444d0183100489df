package dev.tacita.dp.accounting;

import org.hipparchus.special.Erf;

/** The standard normal distribution, far into its tails. */
final class Normal {
    private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
    private static final double TAIL = -35;

    private Normal() {}

    /** P(Z <= x). */
    static double below(double x) {
        return 0.5 * Erf.erfc(-x / Math.sqrt(2));
    }

    /** ln P(Z <= x); in the far tail by the asymptotic series of Mills' ratio, whose error there is below 1e-11. */
    static double logBelow(double x) {
        if (x > TAIL) {
            return Math.log(below(x));
        }
        if (x == Double.NEGATIVE_INFINITY) {
            return x;
        }
        double r = 1 / (x * x);
        return -x * x / 2 - HALF_LOG_TWO_PI - Math.log(-x) + Math.log1p(-r + 3 * r * r - 15 * r * r * r);
    }
}

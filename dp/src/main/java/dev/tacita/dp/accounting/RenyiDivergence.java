package dev.tacita.dp.accounting;

/** Rényi divergences of order alpha above 1, of the worst neighbours of a mechanism. An infinite order gives pure epsilon. */
final class RenyiDivergence {
    /** The tails beyond so many standard deviations hold less than 1e-18 of each bump. */
    private static final double TAILS = 9;

    /** The relative error of the trapezoidal rule is below exp(-this). */
    private static final double ACCURACY = 36;

    private RenyiDivergence() {}

    /** Mironov 2017, proposition 7. */
    static double gaussian(double noiseMultiplier, double order) {
        return noiseMultiplier == 0 ? Double.POSITIVE_INFINITY : order / (2 * noiseMultiplier * noiseMultiplier);
    }

    /** Mironov 2017, proposition 6. */
    static double laplace(double noiseMultiplier, double order) {
        if (noiseMultiplier == 0 || order == Double.POSITIVE_INFINITY) {
            return 1 / noiseMultiplier;
        }
        double up = Math.log(order / (2 * order - 1)) + (order - 1) / noiseMultiplier;
        double down = Math.log((order - 1) / (2 * order - 1)) - order / noiseMultiplier;
        return logSum(up, down) / (order - 1);
    }

    /** Of randomised response, which dominates every mechanism of pure epsilon (Kairouz, Oh and Viswanath 2015, theorem 3.4). */
    static double pure(double epsilon, double order) {
        if (order == Double.POSITIVE_INFINITY) {
            return epsilon;
        }
        double up = order * epsilon;
        double down = (1 - order) * epsilon;
        return Math.max(0, logSum(up, down) - logSum(epsilon, 0)) / (order - 1);
    }

    /**
     * Of a mechanism whose losses for two neighbours lie in some interval as wide as epsilon, such as the exponential mechanism (Dong,
     * Durfee and Rogers 2020, lemma 3.2): the worst has two losses at the ends of the interval.
     */
    static double boundedRange(double epsilon, double order) {
        if (order == Double.POSITIVE_INFINITY || epsilon == 0) {
            return epsilon;
        }
        double fall = -Math.expm1(-epsilon);
        double fallOfOrder = -Math.expm1(-order * epsilon);
        double fallBelowOrder = -Math.expm1((1 - order) * epsilon);
        double high = Math.min(epsilon, epsilon + Math.log((order - 1) / order * fallOfOrder / fallBelowOrder));
        double logHigh = Math.log(Math.max(0, -Math.expm1(high - epsilon)) / fall);
        double logLow = Math.log(Math.max(0, Math.exp(high - epsilon) - Math.exp(-epsilon)) / fall);
        double moment = logSum(logHigh + (order - 1) * high, logLow + (order - 1) * (high - epsilon));
        return Math.max(0, Math.min(epsilon, moment / (order - 1)));
    }

    /** By the geometric sums over the integers beside and between both centres. */
    static double discreteLaplace(double epsilon, long sensitivity, double order) {
        if (order == Double.POSITIVE_INFINITY) {
            return epsilon;
        }
        double rate = epsilon / sensitivity;
        double outside = logSum((order - 1) * epsilon, -order * epsilon) - Math.log1p(Math.exp(-rate));
        double slope = (2 * order - 1) * rate;
        double between = sensitivity == 1
                ? Double.NEGATIVE_INFINITY
                : (order - 1) * epsilon
                        - slope
                        + Math.log(Math.expm1(-slope * (sensitivity - 1.0)) / Math.expm1(-slope))
                        + Math.log(Math.tanh(rate / 2));
        return Math.max(0, logSum(outside, between)) / (order - 1);
    }

    /**
     * Of a Poisson-sampled Gaussian, for neighbours that add, remove or zero out one (Mironov, Talwar and Zhang 2019). Whole orders by
     * the finite sum of section 3.3. Other orders by the integral that defines A_alpha in theorem 4: the paper's series for
     * them alternates and need not converge, while the trapezoidal rule over the real line has, for this integrand, an error that
     * falls exponentially with the step and is known beforehand.
     */
    static double poissonGaussian(double rate, double noiseMultiplier, double order) {
        if (noiseMultiplier == 0 || order == Double.POSITIVE_INFINITY) {
            return Double.POSITIVE_INFINITY;
        }
        double logMoment = order == Math.rint(order)
                ? wholeOrder(rate, noiseMultiplier, (int) order)
                : anyOrder(rate, noiseMultiplier, order);
        return Math.max(0, logMoment) / (order - 1);
    }

    private static double wholeOrder(double rate, double noiseMultiplier, int order) {
        double logRate = Math.log(rate);
        double logRest = Math.log1p(-rate);
        double variance = noiseMultiplier * noiseMultiplier;
        double logBinomial = 0;
        double sum = Double.NEGATIVE_INFINITY;
        for (int k = 0; k <= order; k++) {
            double spread = 0.5 * k * (k - 1.0) / variance;
            sum = logSum(sum, logBinomial + k * logRate + (order - k) * logRest + spread);
            logBinomial += Math.log((order - k) / (k + 1.0));
        }
        return sum;
    }

    /**
     * The integrand is analytic in the strip |Im z| < pi * variance, where its modulus is at most exp(y^2 / (2 variance))
     * times its value on the real line; the step follows from the bound of the rule's error in such a strip (Trefethen and
     * Weideman 2014, theorem 5.1).
     */
    static double anyOrder(double rate, double noiseMultiplier, double order) {
        double variance = noiseMultiplier * noiseMultiplier;
        double narrow = 2 / (ACCURACY / (Math.PI * Math.PI * variance) + 0.5);
        double wide = noiseMultiplier * Math.PI * Math.sqrt(2 / ACCURACY);
        double step = wide > 2 ? wide : Math.min(2, narrow);
        double from = -TAILS * noiseMultiplier;
        double to = Math.ceil(order) + TAILS * noiseMultiplier;
        long points = (long) Math.ceil((to - from) / step);
        double logRest = Math.log1p(-rate);
        double logRate = Math.log(rate);
        double largest = Double.NEGATIVE_INFINITY;
        double sum = 0;
        for (long i = 0; i <= points; i++) {
            double z = from + i * step;
            double ratio = logSum(logRest, logRate + (2 * z - 1) / (2 * variance));
            double term = order * ratio - z * z / (2 * variance);
            if (term > largest) {
                sum = sum * Math.exp(largest - term) + 1;
                largest = term;
            } else {
                sum += Math.exp(term - largest);
            }
        }
        return largest + Math.log(sum * step / (noiseMultiplier * Math.sqrt(2 * Math.PI)));
    }

    /** ln(e^a + e^b). */
    static double logSum(double a, double b) {
        double high = Math.max(a, b);
        return Double.isInfinite(high) ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high));
    }
}

package dev.tacita.dp.accounting;

import java.util.List;

/**
 * The sums of losses that count, as multiples of the step: outside, at either end, there is a probability of at most {@link #TAIL} by
 * Chernoff's inequality.
 *
 * @param cut true if anything lies outside
 */
record LossWindow(long bottom, long top, boolean cut) {
    /** Probability that may lie outside, at each end. */
    static final double TAIL = 1e-15;

    private static final double LEAST_TILT = 1.0 / 64;
    private static final double MOST_TILT = 5000;

    long width() {
        return Math.max(1, top - bottom);
    }

    /**
     * The window of a composition by distributions that dominate those composed, and are on a grid of which theirs is a part.
     *
     * @param finest distributions as composed, of which only the ends are read
     */
    static LossWindow of(List<LossComposition.Repeated> coarse, List<LossComposition.Repeated> finest, double margin) {
        double step = finest.get(0).distribution().step();
        long lowest = 0;
        long highest = 0;
        for (LossComposition.Repeated part : finest) {
            lowest += part.times() * part.distribution().first();
            highest += part.times() * part.distribution().last();
        }
        double[] ends = ends(coarse);
        long bottom = (long) Math.floor((ends[0] - margin) / step) - 1;
        long top = (long) Math.ceil((ends[1] + margin) / step) + 1;
        return new LossWindow(Math.max(lowest, bottom), Math.min(highest, top), bottom > lowest || top < highest);
    }

    /** What the sum of losses, without offsets, is below and above with a probability of at most TAIL each. */
    static double[] ends(List<LossComposition.Repeated> parts) {
        return new double[] {-end(parts, -1), end(parts, 1)};
    }

    private static double end(List<LossComposition.Repeated> parts, int sign) {
        double best = Double.POSITIVE_INFINITY;
        for (double tilt = LEAST_TILT; tilt < MOST_TILT; tilt *= 1.5) {
            double logMoment = 0;
            for (LossComposition.Repeated part : parts) {
                LossDistribution distribution = part.distribution();
                logMoment += part.times()
                        * (logMoment(distribution, sign * tilt)
                                + (sign > 0 ? 0 : finerIsLarger(distribution.step(), tilt)));
            }
            double bound = (logMoment - Math.log(TAIL)) / tilt;
            if (bound > best) {
                break;
            }
            best = bound;
        }
        return best;
    }

    /** For exponents below 1, connecting finer dots makes a moment larger, by the curvature of a power between two dots at most. */
    private static double finerIsLarger(double step, double tilt) {
        return tilt < 1 ? Math.log1p(step * step / 8 * tilt * (1 - tilt) * Math.exp(step)) : 0;
    }

    private static double logMoment(LossDistribution distribution, double tilt) {
        double[] masses = distribution.masses();
        double ratio = Math.exp(-Math.abs(tilt) * distribution.step());
        double sum = 0;
        if (tilt > 0) {
            for (double mass : masses) {
                sum = sum * ratio + mass;
            }
        } else {
            for (int i = masses.length - 1; i >= 0; i--) {
                sum = sum * ratio + masses[i];
            }
        }
        long largest = tilt > 0 ? distribution.last() : distribution.first();
        return Math.log(sum) + tilt * largest * distribution.step();
    }
}

package dev.tacita.dp.accounting;

/**
 * A privacy loss distribution on a grid: the probability of each loss offset + (first + i) * step under the first of two neighbours, and
 * of an infinite loss, of which an allowance for errors may be taken.
 */
final class LossDistribution {
    private final double step;
    private final long first;
    private final double offset;
    private final double[] masses;
    private final double infinite;

    LossDistribution(double step, long first, double offset, double[] masses, double infinite) {
        this.step = step;
        this.first = first;
        this.offset = offset;
        this.masses = masses;
        this.infinite = infinite;
    }

    double step() {
        return step;
    }

    long first() {
        return first;
    }

    /** What is added to every loss. */
    double offset() {
        return offset;
    }

    long last() {
        return first + masses.length - 1;
    }

    double[] masses() {
        return masses;
    }

    double infinite() {
        return infinite;
    }

    /** The probability of all finite losses. */
    double finite() {
        double sum = 0;
        for (double mass : masses) {
            sum += mass;
        }
        return sum;
    }

    /** The same losses, with a probability added to, or taken from, the infinite one. */
    LossDistribution withAllowance(double probability) {
        return new LossDistribution(step, first, offset, masses, Math.min(1, infinite + probability));
    }

    /** The smallest delta at this epsilon: the expected positive part of 1 - exp(epsilon - loss). */
    double delta(double epsilon) {
        double sum = infinite;
        for (int i = masses.length - 1; i >= 0; i--) {
            double loss = offset + (first + i) * step;
            if (loss <= epsilon) {
                break;
            }
            sum += masses[i] * -Math.expm1(epsilon - loss);
        }
        return Math.max(0, Math.min(1, sum));
    }

    /** The smallest epsilon of 0 or more at this delta; infinite if none is. */
    double epsilon(double delta) {
        if (infinite > delta) {
            return Double.POSITIVE_INFINITY;
        }
        double weight = infinite;
        double discounted = 0;
        double shrink = Math.exp(-step);
        for (int i = masses.length - 1; i >= 0; i--) {
            double loss = offset + (first + i) * step;
            if (loss < 0) {
                break;
            }
            discounted *= shrink;
            if (discounted > 0 && weight - discounted > delta) {
                return Math.max(0, loss + Math.log((weight - delta) / discounted));
            }
            weight += masses[i];
            discounted += masses[i];
        }
        return delta(0) > delta ? crossingBelowTheGrid(delta) : 0;
    }

    /** Where every loss of the grid is above 0, delta is a line in exp(epsilon) up to the lowest of them. */
    private double crossingBelowTheGrid(double delta) {
        double weight = infinite;
        double discounted = 0;
        for (int i = 0; i < masses.length; i++) {
            weight += masses[i];
            discounted += masses[i] * Math.exp(-offset - (first + i) * step);
        }
        return Math.max(0, Math.log((weight - delta) / discounted));
    }
}

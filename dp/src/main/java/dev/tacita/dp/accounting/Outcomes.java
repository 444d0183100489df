package dev.tacita.dp.accounting;

import java.util.Arrays;

/** The worst pair of neighbours of a mechanism with few outcomes: the probability of each, with and without the record. */
final class Outcomes implements LossSource {
    private static final double LARGEST_NOISE = 1e5;
    private static final long LARGEST_SENSITIVITY = 100_000;
    private static final double MARGIN = 10;

    private final double[] with;
    private final double[] without;

    /** Two distributions over the same outcomes; each sums to 1. */
    Outcomes(double[] with, double[] without) {
        this.with = with;
        this.without = without;
    }

    /** Randomised response that fails with probability delta (Kairouz, Oh and Viswanath 2015, theorem 3.4). */
    static Outcomes of(Event.EpsilonDelta guarantee) {
        double kept = 1 - guarantee.delta();
        double likely = kept / (1 + Math.exp(-guarantee.epsilon()));
        double unlikely = kept * Math.exp(-guarantee.epsilon()) / (1 + Math.exp(-guarantee.epsilon()));
        double lost = guarantee.delta();
        return new Outcomes(new double[] {lost, likely, unlikely, 0}, new double[] {0, unlikely, likely, lost});
    }

    /** A record's answer against another answer, or against a uniform one if it was zeroed out. */
    static Outcomes of(Event.RandomizedResponse response, boolean zeroedOut) {
        double other = response.noise() / response.choices();
        double truth = 1 - response.noise() + other;
        double rest = Math.max(0, response.choices() - 2) * other;
        if (response.choices() == 1) {
            return new Outcomes(new double[] {1}, new double[] {1});
        }
        double uniform = 1.0 / response.choices();
        return zeroedOut
                ? new Outcomes(new double[] {truth, rest + other}, new double[] {uniform, 1 - uniform})
                : new Outcomes(new double[] {truth, other, rest}, new double[] {other, truth, rest});
    }

    /** All integers on one side of both centres have the same loss. */
    static LossSource of(Event.DiscreteLaplace event) {
        if (event.sensitivity() > LARGEST_SENSITIVITY) {
            return of(new Event.EpsilonDelta(event.epsilon(), 0));
        }
        int shift = (int) event.sensitivity();
        double rate = event.epsilon() / shift;
        double[] around0 = new double[shift + 1];
        around0[0] = 1 / (1 + Math.exp(-rate));
        for (int k = 1; k < shift; k++) {
            around0[k] = Math.tanh(rate / 2) * Math.exp(-rate * k);
        }
        around0[shift] = Math.exp(-event.epsilon()) / (1 + Math.exp(-rate));
        return new Outcomes(reversed(around0), around0);
    }

    /** True if there are not too many outcomes that count. */
    static boolean isFew(Event.DiscreteGaussian event) {
        return event.sigma() <= LARGEST_NOISE && event.sensitivity() <= LARGEST_SENSITIVITY;
    }

    static Outcomes of(Event.DiscreteGaussian event) {
        int reach = (int) Math.ceil(MARGIN * event.sigma()) + 2;
        int shift = (int) event.sensitivity();
        double[] around0 = new double[2 * reach + shift + 1];
        double total = 0;
        for (int i = 0; i < around0.length; i++) {
            double k = (i - reach) / event.sigma();
            around0[i] = Math.exp(-k * k / 2);
            total += around0[i];
        }
        for (int i = 0; i < around0.length; i++) {
            around0[i] /= total;
        }
        return new Outcomes(reversed(around0), around0);
    }

    /** Of this order, the larger one of both directions; the infinite order gives pure epsilon. */
    double divergence(double order) {
        return Math.max(divergence(with, without, order), divergence(without, with, order));
    }

    @Override
    public LossCells cells(double step) {
        long[] cells = new long[with.length];
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (int i = 0; i < with.length; i++) {
            if (with[i] > 0 && without[i] > 0) {
                cells[i] = (long) Math.floor(Math.log(with[i] / without[i]) / step);
                first = Math.min(first, cells[i]);
                last = Math.max(last, cells[i]);
            }
        }
        int size = first > last ? 1 : Math.toIntExact(last - first + 1);
        first = first > last ? 0 : first;
        double[] p = new double[size];
        double[] q = new double[size];
        double above = 0;
        double otherBelow = 0;
        for (int i = 0; i < with.length; i++) {
            if (with[i] > 0 && without[i] > 0) {
                p[(int) (cells[i] - first)] += with[i];
                q[(int) (cells[i] - first)] += without[i];
            } else {
                above += with[i];
                otherBelow += without[i];
            }
        }
        return new LossCells(step, first, p, q, 0, above, otherBelow, 0);
    }

    @Override
    public double width() {
        return 2 * largest();
    }

    @Override
    public double largest() {
        double largest = 0;
        for (int i = 0; i < with.length; i++) {
            if (with[i] > 0 && without[i] > 0) {
                largest = Math.max(largest, Math.abs(Math.log(with[i] / without[i])));
            }
        }
        return largest;
    }

    @Override
    public double infinite() {
        return Math.max(infinite(with, without), infinite(without, with));
    }

    @Override
    public boolean symmetric() {
        return Arrays.equals(with, reversed(without))
                || (with.length == 3 && with[0] == without[1] && with[1] == without[0] && with[2] == without[2]);
    }

    @Override
    public double mean(boolean turned) {
        double[] p = turned ? without : with;
        double[] q = turned ? with : without;
        double sum = 0;
        double total = 0;
        for (int i = 0; i < p.length; i++) {
            if (p[i] > 0 && q[i] > 0) {
                sum += p[i] * Math.log(p[i] / q[i]);
                total += p[i];
            }
        }
        return total == 0 ? 0 : sum / total;
    }

    private static double infinite(double[] p, double[] q) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += q[i] == 0 ? p[i] : 0;
        }
        return sum;
    }

    private static double divergence(double[] p, double[] q, double order) {
        double sum = Double.NEGATIVE_INFINITY;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < p.length; i++) {
            if (p[i] > 0) {
                double loss = Math.log(p[i] / q[i]);
                largest = Math.max(largest, loss);
                sum = RenyiDivergence.logSum(sum, Math.log(p[i]) + (order - 1) * loss);
            }
        }
        return order == Double.POSITIVE_INFINITY ? largest : Math.max(0, sum / (order - 1));
    }

    private static double[] reversed(double[] values) {
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = values[values.length - 1 - i];
        }
        return result;
    }
}

package dev.tacita.dp.accounting;

import org.hipparchus.analysis.integration.gauss.GaussIntegrator;
import org.hipparchus.analysis.integration.gauss.GaussIntegratorFactory;

/**
 * Noise around 0 without the record, and a mixture of noise around places of 0 and above with it. For a Poisson sample (rate 1: for all)
 * that is the worst pair: the mixture of 0 and 1 / noise multiplier (Zhu, Dong and Wang 2022, theorem 11).
 */
final class NoisePair implements LossSource {
    private static final GaussIntegrator LEGENDRE = new GaussIntegratorFactory().legendre(16, -1, 1);
    private static final double SQRT_TWO_PI = Math.sqrt(2 * Math.PI);
    private static final double PLACE_ERROR = 1e-14;

    private final Noise noise;
    private final double[] centres;
    private final double[] weights;
    private final double furthest;

    /** Places in the unit of the noise, with their probabilities; one of them at least is above 0 and has a probability. */
    NoisePair(Noise noise, double[] centres, double[] weights) {
        this.noise = noise;
        this.centres = centres;
        this.weights = weights;
        double largest = 0;
        for (int i = 0; i < centres.length; i++) {
            largest = weights[i] > 0 ? Math.max(largest, centres[i]) : largest;
        }
        this.furthest = largest;
    }

    static NoisePair sampled(Noise noise, double rate, double shift) {
        return rate == 1
                ? new NoisePair(noise, new double[] {shift}, new double[] {1})
                : new NoisePair(noise, new double[] {0, shift}, new double[] {1 - rate, rate});
    }

    @Override
    public LossCells cells(double step) {
        long first = (long) Math.ceil(loss(-noise.margin()) / step) - 1;
        long last = (long) Math.floor(loss(furthest + noise.margin()) / step) + 1;
        int size = Math.toIntExact(last - first);
        double[] places = new double[size + 1];
        for (int i = 0; i <= size; i++) {
            places[i] = reach((first + i) * step, i == 0 ? -noise.margin() : places[i - 1]);
        }
        double[] tails = noise.tails(places, 0);
        double[] without = differences(tails);
        double[] with = new double[size];
        double below = 0;
        double above = 0;
        for (int centre = 0; centre < centres.length; centre++) {
            double[] moved = centres[centre] == 0 ? tails : noise.tails(places, centres[centre]);
            double[] masses = centres[centre] == 0 ? without : differences(moved);
            for (int i = 0; i < size; i++) {
                with[i] += weights[centre] * masses[i];
            }
            below += weights[centre] * below(moved);
            above += weights[centre] * above(moved);
        }
        return new LossCells(step, first, with, without, below, above, below(tails), above(tails));
    }

    @Override
    public double width() {
        return loss(furthest + noise.margin()) - loss(-noise.margin());
    }

    @Override
    public double largest() {
        return noise == Noise.NORMAL ? Double.POSITIVE_INFINITY : Math.max(loss(furthest + 1), -loss(-1));
    }

    @Override
    public double infinite() {
        return 0;
    }

    @Override
    public boolean symmetric() {
        return centres.length == 1;
    }

    @Override
    public double mean(boolean turned) {
        if (turned) {
            return -mean(0);
        }
        double sum = 0;
        for (int i = 0; i < centres.length; i++) {
            sum += weights[i] * mean(centres[i]);
        }
        return sum;
    }

    /** The mean loss under noise around a place. */
    private double mean(double centre) {
        return noise == Noise.NORMAL ? normalMean(centre) : laplaceMean(centre);
    }

    /** By the trapezoidal rule, whose error falls exponentially with the step: the loss is analytic where |Im z| < pi / furthest. */
    private double normalMean(double centre) {
        double step = Math.min(0.1, 0.3 / furthest);
        int steps = (int) Math.ceil(noise.margin() / step);
        double sum = 0;
        for (int i = -steps; i <= steps; i++) {
            double z = i * step;
            sum += Math.exp(-z * z / 2) * loss(centre + z);
        }
        return sum * step / SQRT_TWO_PI;
    }

    /** The loss is constant below 0 and above the furthest place. */
    private double laplaceMean(double centre) {
        double sum = noise.below(-centre) * loss(0) + noise.below(centre - furthest) * loss(furthest);
        double from = 0;
        for (double end : new double[] {centre, furthest}) {
            int pieces = (int) Math.ceil(2 * (end - from));
            double half = (end - from) / (2 * Math.max(1, pieces));
            for (int i = 0; i < pieces; i++) {
                double middle = from + (2 * i + 1) * half;
                sum += half
                        * LEGENDRE.integrate(x -> {
                            double z = middle + half * x;
                            return 0.5 * Math.exp(-Math.abs(z - centre)) * loss(z);
                        });
            }
            from = end;
        }
        return sum;
    }

    private double loss(double z) {
        double sum = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < centres.length; i++) {
            sum = RenyiDivergence.logSum(sum, Math.log(weights[i]) + noise.loss(z, centres[i]));
        }
        return sum;
    }

    /** The largest z whose loss is at most this; the search starts at a place that is not above. */
    private double reach(double loss, double start) {
        if (centres.length == 1) {
            return noise.reach(loss, furthest);
        }
        if (centres.length == 2 && centres[0] == 0) {
            double share = 1 - weights[0] * Math.exp(-loss);
            return share <= 0
                    ? Double.NEGATIVE_INFINITY
                    : noise.reach(loss + Math.log(share) - Math.log(weights[1]), furthest);
        }
        return search(loss, start);
    }

    private double search(double loss, double start) {
        double low = Double.isInfinite(start) ? -noise.margin() : start;
        if (loss(-40) > loss) {
            return Double.NEGATIVE_INFINITY;
        }
        double width = 0.5;
        while (loss(low) > loss) {
            low -= width;
            width *= 2;
        }
        double high = low + 1e-3;
        for (width = 1e-3; loss(high) <= loss; width *= 2) {
            high += width;
        }
        while (high - low > PLACE_ERROR * Math.max(1, Math.abs(high))) {
            double middle = 0.5 * (low + high);
            if (loss(middle) <= loss) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static double below(double[] tails) {
        return tails[0] < 0 ? 1 + tails[0] : tails[0];
    }

    private static double above(double[] tails) {
        double last = tails[tails.length - 1];
        return last > 0 ? 1 - last : -last;
    }

    private static double[] differences(double[] tails) {
        double[] masses = new double[tails.length - 1];
        for (int i = 0; i < masses.length; i++) {
            masses[i] = Noise.between(tails[i], tails[i + 1]);
        }
        return masses;
    }
}

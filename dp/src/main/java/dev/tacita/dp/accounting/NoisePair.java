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
    private static final double PLACE_ERROR = 1e-13;
    private static final double FAR_LEFT = -40;
    private static final int NEWTON_STEPS = 200;

    private final Noise noise;
    private final double[] centres;
    private final double[] weights;
    private final double furthest;

    /** Places in the unit of the noise, with their probabilities; one of them at least is above 0 and has a probability. More than two: normal noise. */
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
            places[i] = reach((first + i) * step);
        }
        double[] without = masses(places, 0);
        double[] with = new double[size];
        double below = 0;
        double above = 0;
        for (int centre = 0; centre < centres.length; centre++) {
            double[] masses = centres[centre] == 0 ? without : masses(places, centres[centre]);
            for (int i = 0; i < size; i++) {
                with[i] += weights[centre] * masses[i];
            }
            below += weights[centre] * noise.below(places[0] - centres[centre]);
            above += weights[centre] * noise.below(centres[centre] - places[size]);
        }
        return new LossCells(
                step, first, with, without, below, above, noise.below(places[0]), noise.below(-places[size]));
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

    /** The largest z whose loss is at most this. */
    private double reach(double loss) {
        if (centres.length == 1) {
            return noise.reach(loss, furthest);
        }
        if (centres.length == 2 && centres[0] == 0) {
            double share = 1 - weights[0] * Math.exp(-loss);
            return share <= 0
                    ? Double.NEGATIVE_INFINITY
                    : noise.reach(loss + Math.log(share) - Math.log(weights[1]), furthest);
        }
        return newton(loss);
    }

    /** By Newton's method from the right, which for a function that is convex and grows never goes beyond the place. */
    private double newton(double loss) {
        double z = furthest + noise.margin();
        z += Math.max(0, (loss - loss(z)) / slope(z));
        for (int i = 0; i < NEWTON_STEPS && z > FAR_LEFT; i++) {
            double change = (loss(z) - loss) / slope(z);
            z -= change;
            if (!(change > PLACE_ERROR * Math.max(1, Math.abs(z)))) {
                return z;
            }
        }
        return Double.NEGATIVE_INFINITY;
    }

    /** The mean place, given what was seen. */
    private double slope(double z) {
        double loss = loss(z);
        double sum = 0;
        for (int i = 0; i < centres.length; i++) {
            sum += weights[i] * Math.exp(noise.loss(z, centres[i]) - loss) * centres[i];
        }
        return sum;
    }

    private double[] masses(double[] places, double centre) {
        double[] masses = new double[places.length - 1];
        for (int i = 0; i < masses.length; i++) {
            masses[i] = noise.between(places[i] - centre, places[i + 1] - centre);
        }
        return masses;
    }
}

package dev.tacita.dp.training;

import static java.util.Objects.requireNonNull;

import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Spending;
import dev.tacita.dp.mechanism.DiscreteGaussianMechanism;

/**
 * Guarantee: the sum, modulo a ring, of what at least {@code sites - missing} honest sites send reveals of any one of them no
 * more than {@link Terms#event} accounts for, for neighbours whose updates are {@code distance} apart at most, to whoever sees
 * nothing but that sum: the aggregator under secure aggregation, and everyone who has the model. Each share alone is too
 * small to protect; without secure aggregation it must not leave the site.
 *
 * <p>Each site adds discrete Gaussian noise to its clipped update in the integers of the ring. The sum of such noise is not
 * itself discrete Gaussian; how far it is from that is part of the event (Kairouz, Liu and Steinke 2021, "The distributed
 * discrete Gaussian mechanism for federated learning with secure aggregation", theorem 1). Where a share has a standard deviation
 * of a few steps, that part is nothing.
 *
 * <p>Sites that may drop out and sites that may tell others their noise count as missing. If all answer, there is more noise
 * than was accounted for.
 */
public final class NoiseShare {
    private static final double SMALLEST_SIGMA = 0.5;

    /**
     * What decides privacy.
     *
     * @param parameters values of one update, at least 1
     * @param distance the largest Euclidean distance between the updates of neighbours: the norm they are clipped to, if one
     *     site is there or not; twice that, if a site has other rows; above 0, finite
     * @param noiseMultiplier standard deviation of the sum's noise as a multiple of {@link #sensitivity}, if as many are missing
     *     as may be; above 0, at most 10000
     * @param sites of the smallest sum that is taken, at least 1
     * @param missing of how many of these the noise may be missing or known, at least 0, less than {@code sites}
     * @param step what a difference of one in the ring stands for; above 0; so small that {@link #sigma} is 1/2 or more, from
     *     where on the theorem holds
     */
    public record Terms(int parameters, double distance, double noiseMultiplier, int sites, int missing, double step) {
        public Terms {
            if (parameters < 1) {
                throw new IllegalArgumentException("parameters must be >= 1. Provided value: " + parameters);
            }
            checkPositive("distance", distance);
            PrivacyProblems.checkNoiseMultiplier(noiseMultiplier);
            if (sites < 1) {
                throw new IllegalArgumentException("sites must be >= 1. Provided value: " + sites);
            }
            if (missing < 0 || missing >= sites) {
                throw new IllegalArgumentException(
                        "missing must be >= 0 and < the " + sites + " sites. Provided value: " + missing);
            }
            checkPositive("step", step);
            double sigma = noiseMultiplier * sensitivity(parameters, distance, step) / Math.sqrt(sites - missing);
            if (!(sigma >= SMALLEST_SIGMA)) {
                throw new IllegalArgumentException("the noise of a share must be at least half a step of the ring; more"
                        + " bits make steps smaller. Provided value: " + sigma);
            }
        }

        private static void checkPositive(String name, double value) {
            if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(name + " must be > 0 and finite. Provided value: " + value);
            }
        }

        /**
         * The largest Euclidean distance of neighbours in steps of the ring: that of their updates, and what rounding adds, to the
         * nearest step or by the same draws at random.
         */
        public double sensitivity() {
            return sensitivity(parameters, distance, step);
        }

        /** The parameter of one share's noise, in steps of the ring. */
        public double sigma() {
            return noiseMultiplier * sensitivity() / Math.sqrt(sites - missing);
        }

        private static double sensitivity(int parameters, double distance, double step) {
            return distance * NoisyGradient.MARGIN / step + Math.sqrt(parameters);
        }

        /** What the sum of one round reveals. */
        public Event event() {
            double root = 1 / noiseMultiplier + gap() * Math.sqrt(parameters);
            return new Event.ZeroConcentrated(root * root / 2);
        }

        /** Tau of the theorem: how far the sum of the shares is from one discrete Gaussian. */
        private double gap() {
            double sum = 0;
            for (int k = 1; k < sites - missing; k++) {
                sum += Math.exp(-2 * Math.PI * Math.PI * sigma() * sigma() * k / (k + 1));
            }
            return 10 * sum;
        }
    }

    private final Terms terms;
    private final Spending spending;
    private final DiscreteGaussianMechanism noise;

    NoiseShare(Terms terms, Spending spending, DiscreteGaussianMechanism noise) {
        this.terms = terms;
        this.spending = requireNonNull(spending, "spending is null");
        this.noise = noise;
    }

    /** A site's part in the rounds of a run. */
    public static NoiseShare of(Terms terms, Spending spending) {
        return new NoiseShare(terms, spending, DiscreteGaussianMechanism.of(terms.sigma(), terms.sensitivity()));
    }

    /**
     * Adds this site's share to its clipped update, modulo 2^64; what is spent is entered first.
     *
     * @param words one for each parameter, in steps of the ring; changed in place
     */
    public void addTo(long[] words) {
        if (words.length != terms.parameters()) {
            throw new IllegalArgumentException("the words must be as many as the terms say, " + terms.parameters()
                    + ". Provided length: " + words.length);
        }
        spending.spend(terms.event());
        noise.addTo(words);
    }
}

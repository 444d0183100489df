package dev.tacita.dp.training;

import static java.util.Objects.requireNonNull;

import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Spending;
import dev.tacita.dp.mechanism.DiscreteGaussianMechanism;

/**
 * Guarantee: the sum, modulo 2^64, of what at least {@code sites - missing} honest sites send reveals of any one of them no
 * more than {@link Terms#event} accounts for, under the relation "add or remove one" site, to whoever sees nothing but that
 * sum: the aggregator under secure aggregation, and everyone who has the model. Each share alone is too small to protect;
 * without secure aggregation it must not leave the site.
 *
 * <p>Each site adds discrete Gaussian noise to its clipped update in the integers of the ring. The sum of such noise is not
 * itself discrete Gaussian; how far it is from that is part of the event (Kairouz, Liu and Steinke 2021, "The distributed
 * discrete Gaussian mechanism for federated learning with secure aggregation", theorem 1). At 2^32 steps to 1 that part is
 * nothing.
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
     * @param norm that updates are clipped to, above 0, finite
     * @param noiseMultiplier standard deviation of the sum's noise as a multiple of the sensitivity, if as many are missing as may
     *     be; above 0, at most 10000
     * @param sites of the cohort, at least 1
     * @param missing of how many the noise may be missing or known, at least 0, less than {@code sites}
     * @param fractionBits 2^fractionBits steps of the ring are 1; from 0 to 52; so many that {@link #sigma} is 1/2 or more, from
     *     where on the theorem holds
     */
    public record Terms(int parameters, double norm, double noiseMultiplier, int sites, int missing, int fractionBits) {
        public Terms {
            if (parameters < 1) {
                throw new IllegalArgumentException("parameters must be >= 1. Provided value: " + parameters);
            }
            if (!(norm > 0 && norm < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("norm must be > 0 and finite. Provided value: " + norm);
            }
            PrivacyProblems.checkNoiseMultiplier(noiseMultiplier);
            if (sites < 1) {
                throw new IllegalArgumentException("sites must be >= 1. Provided value: " + sites);
            }
            if (missing < 0 || missing >= sites) {
                throw new IllegalArgumentException(
                        "missing must be >= 0 and < the " + sites + " sites. Provided value: " + missing);
            }
            if (fractionBits < 0 || fractionBits > 52) {
                throw new IllegalArgumentException(
                        "fraction-bits must be >= 0 and <= 52. Provided value: " + fractionBits);
            }
            double sigma = sigma(parameters, norm, noiseMultiplier, sites - missing, fractionBits);
            if (!(sigma >= SMALLEST_SIGMA)) {
                throw new IllegalArgumentException("the noise of a share must be at least half a step of the ring; more"
                        + " fraction bits make steps smaller. Provided value: " + sigma);
            }
        }

        /** The largest Euclidean norm of a site's integers: that of its update, and of what rounding adds to it. */
        public double sensitivity() {
            return sensitivity(parameters, norm, fractionBits);
        }

        /** The parameter of one share's noise, in steps of the ring. */
        public double sigma() {
            return sigma(parameters, norm, noiseMultiplier, sites - missing, fractionBits);
        }

        private static double sensitivity(int parameters, double norm, int fractionBits) {
            return Math.scalb(norm * NoisyGradient.MARGIN, fractionBits) + Math.sqrt(parameters) / 2;
        }

        private static double sigma(int parameters, double norm, double noiseMultiplier, int shares, int fractionBits) {
            return noiseMultiplier * sensitivity(parameters, norm, fractionBits) / Math.sqrt(shares);
        }

        /** What the sum of one round reveals. */
        public Event event() {
            double root = 1 / noiseMultiplier + distance() * Math.sqrt(parameters);
            return new Event.ZeroConcentrated(root * root / 2);
        }

        /** Tau of the theorem: how far the sum of the shares is from one discrete Gaussian. */
        private double distance() {
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
     * @param words one for each parameter, rounded to the nearest step of the ring; changed in place
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

package dev.tacita.dp.mechanism;

import dev.tacita.dp.accounting.Event;
import java.math.BigInteger;

/**
 * Guarantee: releasing {@code values + noise} satisfies rho-zero-concentrated differential privacy with rho =
 * sensitivity^2 / (2 sigma^2), exactly, whichever neighbouring relation the sensitivity was found for: {@code
 * sensitivity} is the largest Euclidean distance between the integer vectors of two neighbouring data sets (Canonne,
 * Kamath and Steinke 2020, the multivariate theorem).
 *
 * <p>The noise k of each value has probability proportional to exp(-k^2 / (2 sigma^2)); its variance is a little below
 * sigma^2. It is drawn without floating point (algorithm 3 of the same paper), sigma being taken for exactly the double
 * that it is, from AES-128-CTR, keyed by {@link java.security.SecureRandom}. How long a call takes is not protected.
 */
public final class DiscreteGaussianMechanism {
    private final double sigma;
    private final double sensitivity;
    private final GaussianFractions fractions;
    private final ExactDraws draws;

    private DiscreteGaussianMechanism(double sigma, double sensitivity, RandomBits bits) {
        Checks.positive("sigma", sigma);
        Checks.positive("sensitivity", sensitivity);
        this.sigma = sigma;
        this.sensitivity = sensitivity;
        this.fractions = GaussianFractions.of(Rational.of(sigma).times(Rational.of(sigma)));
        this.draws = new ExactDraws(bits);
    }

    /** A mechanism for integers; sigma > 0 in the unit of the integers, sensitivity > 0. */
    public static DiscreteGaussianMechanism of(double sigma, double sensitivity) {
        return new DiscreteGaussianMechanism(sigma, sensitivity, RandomBits.secure());
    }

    static DiscreteGaussianMechanism of(double sigma, double sensitivity, RandomBits bits) {
        return new DiscreteGaussianMechanism(sigma, sensitivity, bits);
    }

    /** What one release reveals, for an accountant. */
    public Event event() {
        return new Event.ZeroConcentrated(rho());
    }

    /** The parameter of the noise. */
    public double sigma() {
        return sigma;
    }

    /** The sensitivity that was stated. */
    public double sensitivity() {
        return sensitivity;
    }

    /** rho of zero-concentrated differential privacy of one release. */
    public double rho() {
        return sensitivity / sigma * (sensitivity / sigma) / 2;
    }

    /** The noisy value; it is cut off at the range of a long. */
    public long release(long value) {
        synchronized (draws) {
            return Longs.limited(BigInteger.valueOf(value).add(draws.discreteGaussian(fractions)));
        }
    }

    /** Adds noise to every word modulo 2^64, as sums of masked words are taken; one release of the whole vector. */
    public void addTo(long[] words) {
        synchronized (draws) {
            for (int i = 0; i < words.length; i++) {
                words[i] += draws.discreteGaussian(fractions).longValue();
            }
        }
    }
}

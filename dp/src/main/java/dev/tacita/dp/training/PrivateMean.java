package dev.tacita.dp.training;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.Clipping;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.accounting.Spending;
import dev.tacita.dp.mechanism.GaussianMechanism;
import java.util.Optional;

/**
 * Guarantee: each released mean reveals of any one site, with all its data, no more than {@link Terms#event} accounts for,
 * under the relation "add or remove one" site, every release having been entered with {@link Spending} before its noise was
 * used: DP-FedAvg and DP-FedSGD (McMahan et al. 2018, "Learning differentially private recurrent language models",
 * algorithm 1). Whoever holds the sum without noise, the aggregator, is not kept from anything.
 *
 * <p>What it stands on: every site's update counts once, with no weight, and has a Euclidean norm of at most {@link #norm};
 * the sum is divided by the expected number of sites, never by how many there were. With an adaptive norm the number of
 * sites within it is released too, inside the same event (Andrew et al. 2021).
 *
 * <p>An instance belongs to one thread, and to one run. A run that goes on after a restart makes a new one, with the last
 * {@link #norm} as initial norm.
 */
public final class PrivateMean {
    /**
     * What decides privacy, besides the norm.
     *
     * @param parameters values of one update, at least 1
     * @param expectedSites how many sites a round expects; the divisor; at least 1, finite
     * @param rate above 0, at most 1: the probability of each site to be in a round, by its own coin and in secret. 1 claims no
     *     amplification, and is right for any other way to choose a cohort
     * @param noiseMultiplier standard deviation of the noise as a multiple of the norm; above 0, at most 10000
     */
    public record Terms(int parameters, double expectedSites, double rate, double noiseMultiplier) {
        public Terms {
            if (parameters < 1) {
                throw new IllegalArgumentException("parameters must be >= 1. Provided value: " + parameters);
            }
            if (!(expectedSites >= 1 && expectedSites < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "expected-sites must be >= 1 and finite. Provided value: " + expectedSites);
            }
            if (!(rate > 0 && rate <= 1)) {
                throw new IllegalArgumentException("rate must be > 0 and <= 1. Provided value: " + rate);
            }
            PrivacyProblems.checkNoiseMultiplier(noiseMultiplier);
        }

        /** What one release reveals. */
        public Event event() {
            return new Event.PoissonSampled(rate, new Event.Gaussian(noiseMultiplier));
        }
    }

    private final Terms terms;
    private final Spending spending;
    private final double fixedNorm;
    private final Optional<QuantileNorm> adaptive;
    private final GaussianMechanism sumNoise;
    private final GaussianMechanism countNoise;

    PrivateMean(
            Terms terms,
            Spending spending,
            double fixedNorm,
            Optional<QuantileNorm> adaptive,
            GaussianMechanism sumNoise,
            GaussianMechanism countNoise) {
        this.terms = terms;
        this.spending = requireNonNull(spending, "spending is null");
        this.fixedNorm = fixedNorm;
        this.adaptive = adaptive;
        this.sumNoise = sumNoise;
        this.countNoise = countNoise;
    }

    /** Of updates that are clipped to one norm in all rounds. */
    public static PrivateMean of(Terms terms, Clipping.Flat clipping, Spending spending) {
        return new PrivateMean(
                terms,
                spending,
                clipping.norm(),
                Optional.empty(),
                GaussianMechanism.of(terms.noiseMultiplier(), NoisyGradient.MARGIN, terms.parameters()),
                GaussianMechanism.of(terms.noiseMultiplier(), QuantileNorm.COUNT_SENSITIVITY, 1));
    }

    /**
     * Of updates that are clipped to a norm that follows theirs.
     *
     * @throws IllegalArgumentException if the count has too little noise to leave any for the sum
     */
    public static PrivateMean of(Terms terms, Clipping.Quantile clipping, Spending spending) {
        return new PrivateMean(
                terms,
                spending,
                clipping.initialNorm(),
                Optional.of(new QuantileNorm(clipping)),
                GaussianMechanism.of(
                        QuantileNorm.sumMultiplier(terms.noiseMultiplier(), clipping),
                        NoisyGradient.MARGIN,
                        terms.parameters()),
                GaussianMechanism.of(QuantileNorm.countMultiplier(clipping), QuantileNorm.COUNT_SENSITIVITY, 1));
    }

    /** The norm that sites must clip to in the coming round. It may be published. */
    public double norm() {
        return adaptive.map(QuantileNorm::norm).orElse(fixedNorm);
    }

    /** The standard deviation of the noise on each value of the coming mean. */
    public double standardDeviation() {
        return sumNoise.noiseMultiplier() * norm() / terms.expectedSites();
    }

    /**
     * Releases the mean of a round.
     *
     * @param sum of the clipped updates of its sites; not changed; zeros if none answered
     * @param sites how many are in the sum
     * @param within of how many the update was within the norm before it was clipped; for a fixed norm it says nothing
     * @return one value for each parameter
     * @throws IllegalArgumentException if the length of the sum is not that of the terms, a value is not finite, or {@code
     *     within} is not from 0 to {@code sites}; nothing is entered then
     */
    public double[] release(double[] sum, int sites, int within) {
        check(sum, sites, within);
        double norm = norm();
        double[] mean = new double[sum.length];
        for (int i = 0; i < mean.length && norm > 0; i++) {
            mean[i] = sum[i] / norm;
        }
        spending.spend(terms.event());
        if (norm > 0) {
            sumNoise.addTo(mean);
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] *= norm / terms.expectedSites();
        }
        adaptive.ifPresent(
                quantile -> quantile.follow(countNoise.release(within - sites / 2.0), terms.expectedSites()));
        return mean;
    }

    private void check(double[] sum, int sites, int within) {
        if (sum.length != terms.parameters()) {
            throw new IllegalArgumentException("the sum must have as many values as the terms, " + terms.parameters()
                    + ". Provided length: " + sum.length);
        }
        if (sites < 0 || within < 0 || within > sites) {
            throw new IllegalArgumentException("sites must be >= 0, and those within the norm >= 0 and <= sites");
        }
        for (int i = 0; i < sum.length; i++) {
            if (!Double.isFinite(sum[i])) {
                throw new IllegalArgumentException(
                        "the values of a sum must all be finite. One that is not is at index " + i);
            }
        }
    }
}

package dev.tacita.dp.mechanism;

/** Mechanisms that a seed repeats, for the tests of other packages. */
public final class Seeded {
    private Seeded() {}

    public static GaussianMechanism gaussian(double noiseMultiplier, double sensitivity, int dimension, long seed) {
        return GaussianMechanism.of(noiseMultiplier, sensitivity, dimension, Repeatable.bits(seed));
    }

    public static DiscreteGaussianMechanism discreteGaussian(double sigma, double sensitivity, long seed) {
        return DiscreteGaussianMechanism.of(sigma, sensitivity, Repeatable.bits(seed));
    }

    public static PoissonSampler sampler(double rate, long seed) {
        return PoissonSampler.of(rate, Repeatable.bits(seed));
    }
}

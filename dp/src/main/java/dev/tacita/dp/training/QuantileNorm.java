package dev.tacita.dp.training;

import dev.tacita.core.learning.Clipping;

/** A clipping norm that follows a quantile of the norms (Andrew et al. 2021, algorithm 1). */
final class QuantileNorm {
    /** By how much one member can move the number of those within the norm, each counted as 1/2 or -1/2. */
    static final double COUNT_SENSITIVITY = 0.5;

    private static final double LARGEST = 0x1p90;
    private static final double SMALLEST = 0x1p-90;

    private final Clipping.Quantile terms;
    private double norm;

    QuantileNorm(Clipping.Quantile terms) {
        this.terms = terms;
        norm = terms.initialNorm();
    }

    double norm() {
        return norm;
    }

    /**
     * Moves the norm, for the next step.
     *
     * @param noisyCount the number of members within the norm minus half the number of members, with its noise
     * @param expected members of a step
     */
    void follow(double noisyCount, double expected) {
        double within = noisyCount / expected + 0.5;
        double move = terms.learningRate() * (within - terms.quantile());
        norm = terms.update() == Clipping.Update.GEOMETRIC
                ? Math.max(SMALLEST, Math.min(LARGEST, norm * Math.exp(-move)))
                : Math.max(0, norm - move);
    }

    /** The noise multiplier of the count alone. */
    static double countMultiplier(Clipping.Quantile terms) {
        return terms.countDeviation() / COUNT_SENSITIVITY;
    }

    /** The noise multiplier of the sum alone, so that sum and count together have the one that is stated. */
    static double sumMultiplier(double noiseMultiplier, Clipping.Quantile terms) {
        double ofCount = noiseMultiplier / countMultiplier(terms);
        if (!(ofCount < 1)) {
            throw new IllegalArgumentException("count-deviation must be above half the noise multiplier of "
                    + noiseMultiplier + ", or nothing is left for the sum. Provided value: " + terms.countDeviation());
        }
        return noiseMultiplier / Math.sqrt(1 - ofCount * ofCount);
    }
}

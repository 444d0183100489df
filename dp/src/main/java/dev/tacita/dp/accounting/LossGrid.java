package dev.tacita.dp.accounting;

/**
 * Rounds privacy losses to a grid by connecting the dots (Doroshenko et al. 2022, algorithm 1): delta as a function of
 * exp(epsilon) becomes the chain of straight lines through its values at the grid, which no chain of a mechanism's delta lies below.
 * Each interval's probabilities under both neighbours go to its two ends such that both sums are kept.
 */
final class LossGrid {
    /** Numbers below have lost digits; all then goes to the upper end, which is safe. */
    private static final double NEGLIGIBLE = 1e-290;

    private final double step;
    private final long first;
    private final double[] masses;
    private double infinite;

    /** A grid from (first * step) to (last * step). */
    LossGrid(double step, long first, long last) {
        this.step = step;
        this.first = first;
        this.masses = new double[Math.toIntExact(last - first + 1)];
    }

    /** Adds what lies between the losses (lower * step) and ((lower + 1) * step), with its probability under either neighbour. */
    void addBetween(long lower, double probability, double otherProbability) {
        double up = probability;
        if (otherProbability > NEGLIGIBLE) {
            double atLower = Math.exp(lower * step + Math.log(otherProbability));
            up = Math.min(probability, Math.max(0, (probability - atLower) / -Math.expm1(-step)));
        }
        masses[(int) (lower - first)] += probability - up;
        masses[(int) (lower + 1 - first)] += up;
    }

    /** Adds what lies below the grid, at its lowest loss. */
    void addBelow(double probability) {
        masses[0] += probability;
    }

    /** Adds to the infinite loss. */
    void addInfinite(double probability) {
        infinite += probability;
    }

    LossDistribution distribution() {
        return new LossDistribution(step, first, masses, Math.min(1, infinite));
    }
}

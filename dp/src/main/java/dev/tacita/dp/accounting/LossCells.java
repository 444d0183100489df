package dev.tacita.dp.accounting;

import java.util.Arrays;

/**
 * Probabilities under both neighbours of the privacy losses between multiples of a step, which is all that the ways of rounding them need.
 *
 * @param step of the grid, above 0
 * @param first cell i holds the losses above (first + i) * step, up to the next multiple
 * @param with probabilities under the first neighbour
 * @param without probabilities under the second neighbour
 * @param below probability of losses below all cells under the first neighbour
 * @param above probability of losses above all cells, infinite ones included, under the first neighbour
 * @param otherBelow as below, under the second neighbour
 * @param otherAbove as above, under the second neighbour
 */
record LossCells(
        double step,
        long first,
        double[] with,
        double[] without,
        double below,
        double above,
        double otherBelow,
        double otherAbove) {
    /** Numbers below have lost digits; all then goes to the upper end, which is safe. */
    private static final double NEGLIGIBLE = 1e-290;

    /** What may be cut off at either end of a distribution. */
    private static final double TRIM = 1e-24;

    /** The same mechanism with the neighbours exchanged. */
    LossCells turned() {
        return new LossCells(
                step,
                -first - with.length,
                reversed(without),
                reversed(with),
                /* below= */ otherAbove,
                /* above= */ otherBelow,
                /* otherBelow= */ above,
                /* otherAbove= */ below);
    }

    /** These cells with this probability, and others with the rest. */
    LossCells mixedWith(LossCells other, double share) {
        long lowest = Math.min(first, other.first);
        int size = Math.toIntExact(Math.max(first + with.length, other.first + other.with.length) - lowest);
        double[] p = new double[size];
        double[] q = new double[size];
        addTo(p, q, lowest, share);
        other.addTo(p, q, lowest, 1 - share);
        return new LossCells(
                step,
                lowest,
                p,
                q,
                share * below + (1 - share) * other.below,
                share * above + (1 - share) * other.above,
                share * otherBelow + (1 - share) * other.otherBelow,
                share * otherAbove + (1 - share) * other.otherAbove);
    }

    /**
     * A distribution that dominates, by connecting the dots (Doroshenko et al. 2022, algorithm 1): delta as a function of exp(epsilon)
     * becomes the chain of straight lines through its values at the grid, which no chain of a mechanism's delta lies below. Each
     * cell's probabilities go to its two ends such that both sums are kept.
     */
    LossDistribution dominating() {
        int from = lowestThatCounts();
        int to = highestThatCounts();
        double[] masses = new double[to - from + 2];
        double perCell = -Math.expm1(-step);
        masses[0] = below + sum(0, from);
        for (int i = from; i <= to; i++) {
            double up = with[i];
            if (without[i] > NEGLIGIBLE) {
                double atLower = Math.exp((first + i) * step) * without[i];
                up = Math.min(with[i], Math.max(0, (with[i] - atLower) / perCell));
            }
            masses[i - from] += with[i] - up;
            masses[i - from + 1] += up;
        }
        return new LossDistribution(step, first + from, 0, masses, Math.min(1, above + sum(to + 1, with.length)));
    }

    /**
     * A distribution that is dominated. Parts of the two cells beside a multiple of the step are merged such that their common loss is that
     * multiple: merging outcomes is post-processing, which reveals no more. What finds no partner is rounded down.
     */
    LossDistribution dominated() {
        int from = lowestThatCounts();
        int to = highestThatCounts();
        double[] masses = new double[to - from + 2];
        double p = 0;
        double q = 0;
        for (int i = from; i <= to; i++) {
            double loss = (first + i) * step;
            double lacks = p == 0 ? 0 : Math.max(0, scaled(q, loss, Double.POSITIVE_INFINITY) - p);
            double exceeds = Math.max(0, with[i] - scaled(without[i], loss, 0));
            double left = lacks == 0 ? 1 : Math.min(1, exceeds / lacks);
            double right = lacks == 0 ? 0 : exceeds == 0 ? 1 : Math.min(1, lacks / exceeds);
            masses[i - from] += left * p + right * with[i];
            masses[Math.max(0, i - from - 1)] += (1 - left) * p;
            p = (1 - right) * with[i];
            q = (1 - right) * without[i];
        }
        masses[to - from] += p;
        double beyond = above + sum(to + 1, with.length);
        masses[to - from + 1] += otherAbove > 0 ? beyond : 0;
        return new LossDistribution(step, first + from, 0, masses, otherAbove > 0 ? 0 : beyond);
    }

    /** The finite losses at the middle of their cells, all moved a little such that their mean is exact. */
    LossDistribution centred(double mean) {
        int from = lowestThatCounts();
        int to = highestThatCounts();
        double[] masses = Arrays.copyOfRange(with, from, to + 1);
        double weighted = 0;
        double total = 0;
        for (int i = from; i <= to; i++) {
            weighted += with[i] * (first + i) * step;
            total += with[i];
        }
        return new LossDistribution(step, first + from, mean - weighted / total, masses, otherAbove > 0 ? 0 : above);
    }

    /** exp(loss) times the probability, or what stands for it if that has lost its digits. */
    private static double scaled(double probability, double loss, double unknown) {
        return probability > NEGLIGIBLE ? Math.exp(loss + Math.log(probability)) : unknown;
    }

    private int lowestThatCounts() {
        double tail = below;
        int i = 0;
        while (i < with.length - 1 && tail + with[i] <= TRIM) {
            tail += with[i++];
        }
        return i;
    }

    private int highestThatCounts() {
        double tail = otherAbove > 0 ? above : 0;
        int i = with.length - 1;
        while (i > 0 && tail + with[i] <= TRIM) {
            tail += with[i--];
        }
        return Math.max(i, lowestThatCounts());
    }

    private double sum(int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += with[i];
        }
        return sum;
    }

    private void addTo(double[] p, double[] q, long lowest, double share) {
        int at = (int) (first - lowest);
        for (int i = 0; i < with.length; i++) {
            p[at + i] += share * with[i];
            q[at + i] += share * without[i];
        }
    }

    private static double[] reversed(double[] values) {
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = values[values.length - 1 - i];
        }
        return result;
    }
}

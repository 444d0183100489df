package dev.tacita.dp.accounting;

/**
 * The worst pair of neighbours of a mechanism run on a Poisson sample (rate 1: on all): noise around 0 for the data without the
 * record, and a mixture of noise around 0 and around 1 / noise multiplier for the data with it (Zhu, Dong and Wang 2022, theorem 11).
 */
sealed interface LossPair {
    double rate();

    /** The largest z whose loss without sampling is at most this. */
    double reach(double loss);

    /** P(Z <= z) for noise around 0, by its lower tail. */
    double below(double z);

    /** How far the record moves the centre. */
    double shift();

    /** Beyond it, on either side of both centres, nothing happens that counts. */
    double margin();

    /** The loss without sampling at z. */
    double plainLoss(double z);

    /** Normal noise, in units of its standard deviation. */
    record OfGaussian(double rate, double noiseMultiplier) implements LossPair {
        @Override
        public double reach(double loss) {
            return loss * noiseMultiplier + 0.5 / noiseMultiplier;
        }

        @Override
        public double below(double z) {
            return Normal.below(z);
        }

        @Override
        public double shift() {
            return 1 / noiseMultiplier;
        }

        @Override
        public double margin() {
            return 9.5;
        }

        @Override
        public double plainLoss(double z) {
            return (z - 0.5 / noiseMultiplier) / noiseMultiplier;
        }
    }

    /** Laplace noise, in units of its scale. */
    record OfLaplace(double rate, double noiseMultiplier) implements LossPair {
        @Override
        public double reach(double loss) {
            if (loss < -shift()) {
                return Double.NEGATIVE_INFINITY;
            }
            return loss >= shift() ? Double.POSITIVE_INFINITY : 0.5 * (loss + shift());
        }

        @Override
        public double below(double z) {
            return z < 0 ? 0.5 * Math.exp(z) : 1 - 0.5 * Math.exp(-z);
        }

        @Override
        public double shift() {
            return 1 / noiseMultiplier;
        }

        @Override
        public double margin() {
            return 1;
        }

        @Override
        public double plainLoss(double z) {
            return Math.abs(z) - Math.abs(z - shift());
        }
    }

    /** The distribution of the loss, of the data with the record if {@code removed}, else of those without it. */
    default LossDistribution distribution(double step, boolean removed) {
        double low = loss(-margin());
        double high = loss(removed ? shift() + margin() : margin());
        long first = (long) Math.ceil((removed ? low : -high) / step) - 1;
        long last = (long) Math.floor((removed ? high : -low) / step) + 1;
        LossGrid grid = new LossGrid(step, first, last);
        double z = sampledReach(removed ? first * step : -first * step);
        double outside = removed ? with(Double.NEGATIVE_INFINITY, z) : without(z, Double.POSITIVE_INFINITY);
        grid.addBelow(outside);
        for (long i = first; i < last; i++) {
            double next = sampledReach(removed ? (i + 1) * step : -(i + 1) * step);
            if (removed) {
                grid.addBetween(i, with(z, next), without(z, next));
            } else {
                grid.addBetween(i, without(next, z), with(next, z));
            }
            z = next;
        }
        grid.addInfinite(removed ? with(z, Double.POSITIVE_INFINITY) : without(Double.NEGATIVE_INFINITY, z));
        return grid.distribution();
    }

    /** From the lowest loss that counts to the highest. */
    default double width() {
        return loss(shift() + margin()) - loss(-margin());
    }

    private double loss(double z) {
        return RenyiDivergence.logSum(Math.log1p(-rate()), Math.log(rate()) + plainLoss(z));
    }

    private double sampledReach(double loss) {
        if (rate() == 1) {
            return reach(loss);
        }
        double share = 1 - (1 - rate()) * Math.exp(-loss);
        return share <= 0 ? Double.NEGATIVE_INFINITY : reach(loss + Math.log(share) - Math.log(rate()));
    }

    private double without(double from, double to) {
        return from >= 0 ? below(-from) - below(-to) : below(to) - below(from);
    }

    private double with(double from, double to) {
        return (1 - rate()) * without(from, to) + rate() * without(from - shift(), to - shift());
    }
}

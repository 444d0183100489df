package dev.tacita.dp.accounting;

/** Noise of unit scale that is symmetric around 0, and the privacy losses between it and itself elsewhere. */
enum Noise {
    /** Normal noise, in units of its standard deviation. */
    NORMAL(9.5) {
        @Override
        double below(double z) {
            return Normal.below(z);
        }

        @Override
        double loss(double z, double shift) {
            return (z - 0.5 * shift) * shift;
        }

        @Override
        double reach(double loss, double shift) {
            return loss / shift + 0.5 * shift;
        }
    },
    /** Laplace noise, in units of its scale. */
    LAPLACE(1) {
        @Override
        double below(double z) {
            return z < 0 ? 0.5 * Math.exp(z) : 1 - 0.5 * Math.exp(-z);
        }

        @Override
        double loss(double z, double shift) {
            return Math.abs(z) - Math.abs(z - shift);
        }

        @Override
        double reach(double loss, double shift) {
            if (loss < -shift) {
                return Double.NEGATIVE_INFINITY;
            }
            return loss >= shift ? Double.POSITIVE_INFINITY : 0.5 * (loss + shift);
        }
    };

    private final double margin;

    Noise(double margin) {
        this.margin = margin;
    }

    /** Beyond it, on either side of all centres, nothing happens that counts. */
    double margin() {
        return margin;
    }

    /** P(Z <= z). */
    abstract double below(double z);

    /** ln(density around the shift / density around 0) at z; it does not fall in z. */
    abstract double loss(double z, double shift);

    /** The largest z whose loss is at most this. */
    abstract double reach(double loss, double shift);

    /** For each place the lower tail if it is below the centre, else minus the upper tail: both keep their digits. */
    double[] tails(double[] places, double centre) {
        double[] tails = new double[places.length];
        for (int i = 0; i < places.length; i++) {
            double z = places[i] - centre;
            tails[i] = z < 0 ? below(z) : -below(-z);
        }
        return tails;
    }

    /** P(from < Z <= to), given the tails of both. */
    static double between(double fromTail, double toTail) {
        boolean aroundCentre = Math.copySign(1, fromTail) > 0 && Math.copySign(1, toTail) < 0;
        return aroundCentre ? 1 + (toTail - fromTail) : Math.max(0, toTail - fromTail);
    }
}

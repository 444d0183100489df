package dev.tacita.dp.accounting;

/** From a Rényi divergence of order alpha above 1 to (epsilon, delta). Both hold; published figures use the one or the other. */
public enum RdpConversion {
    /** Mironov 2017, proposition 3. Looser; older papers and README files print it. */
    CLASSICAL("Mironov 2017") {
        @Override
        double epsilon(double order, double divergence, double logDelta) {
            return divergence - logDelta / (order - 1);
        }

        @Override
        double logDelta(double order, double divergence, double epsilon) {
            return (order - 1) * (divergence - epsilon);
        }
    },
    /** Canonne, Kamath and Steinke 2020, proposition 12; also Balle et al. 2020, theorem 21. */
    TIGHT("Canonne-Kamath-Steinke 2020") {
        @Override
        double epsilon(double order, double divergence, double logDelta) {
            return divergence + Math.log1p(-1 / order) - (logDelta + Math.log(order)) / (order - 1);
        }

        @Override
        double logDelta(double order, double divergence, double epsilon) {
            return (order - 1) * (divergence - epsilon + Math.log1p(-1 / order)) - Math.log(order);
        }
    };

    private final String words;

    RdpConversion(String words) {
        this.words = words;
    }

    abstract double epsilon(double order, double divergence, double logDelta);

    abstract double logDelta(double order, double divergence, double epsilon);

    @Override
    public String toString() {
        return words;
    }
}

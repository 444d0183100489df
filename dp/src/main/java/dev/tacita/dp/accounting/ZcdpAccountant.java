package dev.tacita.dp.accounting;

/**
 * The accountant of zero-concentrated differential privacy (Bun and Steinke 2016): one number, rho, that adds up. It takes Gaussian,
 * concentrated, and pure epsilon or Laplace events (proposition 3.3 there) under each relation, and no sampling.
 */
public final class ZcdpAccountant implements Accountant {
    private static final double[] ORDERS = orders();

    private final NeighbouringRelation relation;

    /** The accountant for such neighbours. */
    public ZcdpAccountant(NeighbouringRelation relation) {
        this.relation = relation;
    }

    @Override
    public String name() {
        return "zCDP";
    }

    @Override
    public NeighbouringRelation relation() {
        return relation;
    }

    /** Converted as in Canonne, Kamath and Steinke 2020, corollary 13, over orders a part in 200 apart. */
    @Override
    public PrivacyLoss account(Event event) {
        double[] rho = {0};
        Leaves.forEach(event, this, (leaf, times) -> {
            if (leaf instanceof Event.Gaussian gaussian) {
                rho[0] += times * RenyiDivergence.gaussian(gaussian.noiseMultiplier(), 1);
            } else if (leaf instanceof Event.ZeroConcentrated concentrated) {
                rho[0] += times * concentrated.rho();
            } else if (leaf instanceof Event.Laplace laplace) {
                rho[0] += times * RenyiDivergence.gaussian(laplace.noiseMultiplier(), 1);
            } else if (leaf instanceof Event.EpsilonDelta guarantee && guarantee.delta() == 0) {
                rho[0] += times * guarantee.epsilon() * guarantee.epsilon() / 2;
            } else if (leaf instanceof Event.NonPrivate) {
                rho[0] = Double.POSITIVE_INFINITY;
            } else {
                return "It takes Gaussian, Laplace, pure epsilon and concentrated events, not " + leaf + ".";
            }
            return "";
        });
        double[] divergences = new double[ORDERS.length];
        for (int i = 0; i < ORDERS.length; i++) {
            divergences[i] = rho[0] * ORDERS[i];
        }
        return new RdpLoss(name(), relation, RdpConversion.TIGHT, ORDERS, divergences, 0);
    }

    private static double[] orders() {
        double[] orders = new double[4000];
        for (int i = 0; i < orders.length; i++) {
            orders[i] = 1 + 1e-3 * Math.exp(i / 200.0);
        }
        return orders;
    }
}

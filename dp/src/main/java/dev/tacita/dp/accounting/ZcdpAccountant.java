package dev.tacita.dp.accounting;

import java.util.OptionalDouble;

/**
 * The accountant of zero-concentrated differential privacy (Bun and Steinke 2016): one number, rho, that adds up. It takes Gaussian,
 * discrete Gaussian and concentrated events, trees, matrix factorisations, and those of pure epsilon (proposition 3.3 there; a quarter of that for the
 * exponential mechanism: Cesar and Rogers 2021, lemma 3.2). It takes no sampling.
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
            OptionalDouble found = rho(leaf);
            rho[0] += times * found.orElse(0);
            if (found.isEmpty()) {
                return "It takes no sampling, no selection and no delta, as those of " + leaf + ".";
            }
            return "";
        });
        double[] divergences = new double[ORDERS.length];
        for (int i = 0; i < ORDERS.length; i++) {
            divergences[i] = rho[0] * ORDERS[i];
        }
        return new RdpLoss(name(), relation, RdpConversion.TIGHT, ORDERS, divergences, 0);
    }

    private static OptionalDouble rho(Event event) {
        OptionalDouble gaussian = Gaussians.noiseMultiplier(event);
        if (gaussian.isPresent()) {
            return OptionalDouble.of(RenyiDivergence.gaussian(gaussian.getAsDouble(), 1));
        } else if (event instanceof Event.DiscreteGaussian discrete) {
            return OptionalDouble.of(RenyiDivergence.gaussian(discrete.sigma() / discrete.sensitivity(), 1));
        } else if (event instanceof Event.ZeroConcentrated concentrated) {
            return OptionalDouble.of(concentrated.rho());
        } else if (event instanceof Event.Laplace laplace) {
            return OptionalDouble.of(RenyiDivergence.gaussian(laplace.noiseMultiplier(), 1));
        } else if (event instanceof Event.DiscreteLaplace laplace) {
            return OptionalDouble.of(ofPure(laplace.epsilon()));
        } else if (event instanceof Event.EpsilonDelta guarantee && guarantee.delta() == 0) {
            return OptionalDouble.of(ofPure(guarantee.epsilon()));
        } else if (event instanceof Event.PermuteAndFlipChoice choice) {
            return OptionalDouble.of(ofPure(choice.epsilon()));
        } else if (event instanceof Event.ExponentialChoice choice) {
            return OptionalDouble.of(ofPure(choice.epsilon()) / 4);
        } else if (event instanceof Event.NonPrivate) {
            return OptionalDouble.of(Double.POSITIVE_INFINITY);
        }
        return OptionalDouble.empty();
    }

    /** Bun and Steinke 2016, proposition 3.3. */
    private static double ofPure(double epsilon) {
        return epsilon * epsilon / 2;
    }

    private static double[] orders() {
        double[] orders = new double[4000];
        for (int i = 0; i < orders.length; i++) {
            orders[i] = 1 + 1e-3 * Math.exp(i / 200.0);
        }
        return orders;
    }
}

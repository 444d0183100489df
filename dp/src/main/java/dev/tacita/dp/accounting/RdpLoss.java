package dev.tacita.dp.accounting;

/** What an accountant of Rényi divergences found: a Rényi divergence at each order, and a probability that all fails. */
public final class RdpLoss implements PrivacyLoss {
    private final String accountant;
    private final NeighbouringRelation relation;
    private final RdpConversion conversion;
    private final double[] orders;
    private final double[] divergences;
    private final double failure;

    RdpLoss(
            String accountant,
            NeighbouringRelation relation,
            RdpConversion conversion,
            double[] orders,
            double[] divergences,
            double failure) {
        this.accountant = accountant;
        this.relation = relation;
        this.conversion = conversion;
        this.orders = orders;
        this.divergences = divergences;
        this.failure = failure;
    }

    /** The orders, as the accountant was given them. */
    public double[] orders() {
        return orders.clone();
    }

    /** The Rényi divergence at each order, 0 or more. */
    public double[] divergences() {
        return divergences.clone();
    }

    @Override
    public Guarantee epsilon(double delta) {
        Ranges.fraction("Delta", delta);
        double left = 1 - (1 - delta) / (1 - failure);
        double smallest = delta == 1 ? 0 : Double.POSITIVE_INFINITY;
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < orders.length && left >= 0; i++) {
            double epsilon = epsilon(orders[i], divergences[i], left);
            if (epsilon < smallest) {
                smallest = epsilon;
                best = orders[i];
            }
        }
        return guarantee(smallest, delta, best);
    }

    @Override
    public Guarantee delta(double epsilon) {
        Ranges.atLeastZero("Epsilon", epsilon);
        double smallest = 1;
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < orders.length; i++) {
            double delta = delta(orders[i], divergences[i], epsilon);
            if (delta < smallest) {
                smallest = delta;
                best = orders[i];
            }
        }
        return guarantee(epsilon, failure + (1 - failure) * smallest, best);
    }

    private double epsilon(double order, double divergence, double delta) {
        if (divergence == 0 || delta * delta >= -Math.expm1(-divergence)) {
            return 0;
        }
        if (order == Double.POSITIVE_INFINITY) {
            return divergence;
        }
        return delta == 0
                ? Double.POSITIVE_INFINITY
                : Math.max(0, conversion.epsilon(order, divergence, Math.log(delta)));
    }

    /** Also by the inequality of Bretagnolle and Huber: total variation is at most sqrt(1 - exp(-divergence)). */
    private double delta(double order, double divergence, double epsilon) {
        if (order == Double.POSITIVE_INFINITY) {
            return divergence <= epsilon ? 0 : Math.sqrt(-Math.expm1(-divergence));
        }
        double converted = divergence == 0 ? 0 : Math.exp(conversion.logDelta(order, divergence, epsilon));
        return Math.min(converted, Math.sqrt(-Math.expm1(-divergence)));
    }

    private Guarantee guarantee(double epsilon, double delta, double order) {
        return new Guarantee(epsilon, delta, relation, accountant, conversion + " at order " + order, true);
    }
}

package dev.tacita.dp.accounting;

import java.util.OptionalDouble;

/**
 * The accountant of Gaussian differential privacy (Dong, Roth and Su 2019). Gaussian events compose
 * exactly, trees and matrix factorisations among them. Poisson-sampled Gaussian ones go by the central limit theorem (Bu et al. 2020,
 * section 3): an approximation for many steps that can be below the truth, and its guarantee says so.
 */
public final class GdpAccountant implements Accountant {
    private final NeighbouringRelation relation;

    /** The accountant for such neighbours. */
    public GdpAccountant(NeighbouringRelation relation) {
        this.relation = relation;
    }

    @Override
    public String name() {
        return "GDP";
    }

    @Override
    public NeighbouringRelation relation() {
        return relation;
    }

    @Override
    public PrivacyLoss account(Event event) {
        double[] squaredMu = {0};
        boolean[] exact = {true};
        Leaves.forEach(event, this, (leaf, times) -> {
            OptionalDouble multiplier = Gaussians.noiseMultiplier(leaf);
            if (multiplier.isPresent()) {
                squaredMu[0] += times * Gaussians.precision(multiplier.getAsDouble());
            } else if (leaf instanceof Event.NonPrivate) {
                squaredMu[0] = Double.POSITIVE_INFINITY;
            } else if (leaf instanceof Event.PoissonSampled sampled
                    && sampled.event() instanceof Event.Gaussian gaussian) {
                exact[0] = false;
                double noise = gaussian.noiseMultiplier();
                squaredMu[0] += times * sampled.rate() * sampled.rate() * Math.expm1(1 / (noise * noise));
            } else {
                return "It takes Gaussian and Poisson-sampled Gaussian events, trees and matrix factorisations, not "
                        + leaf + ".";
            }
            return "";
        });
        return new GdpLoss(relation, Math.sqrt(squaredMu[0]), exact[0]);
    }

    private record GdpLoss(NeighbouringRelation relation, double mu, boolean exact) implements PrivacyLoss {
        @Override
        public Guarantee epsilon(double delta) {
            Ranges.fraction("Delta", delta);
            return guarantee(mu == 0 ? 0 : AnalyticGaussian.epsilon(1 / mu, delta), delta);
        }

        @Override
        public Guarantee delta(double epsilon) {
            Ranges.atLeastZero("Epsilon", epsilon);
            return guarantee(epsilon, mu == 0 ? 0 : AnalyticGaussian.delta(1 / mu, epsilon));
        }

        private Guarantee guarantee(double epsilon, double delta) {
            String method = (exact ? "exact composition, mu " : "central limit, mu ") + mu;
            return new Guarantee(epsilon, delta, relation, "GDP", method, exact);
        }
    }
}

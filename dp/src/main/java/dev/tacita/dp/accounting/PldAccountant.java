package dev.tacita.dp.accounting;

import java.util.ArrayList;
import java.util.List;

/**
 * The accountant of privacy loss distributions: numerically tight, and an upper bound, with an allowance of 4e-16 per step for rounding.
 * Losses are rounded by connecting the dots and composed by Fourier transform; the grid follows from the event, such that epsilon
 * is too large by less than about one part in a thousand.
 *
 * <p>It takes Gaussian, Laplace and (epsilon, delta) events under each relation, and Poisson-sampled Gaussian and Laplace ones for
 * neighbours that add or remove one, of which it takes the worse direction.
 */
public final class PldAccountant implements Accountant {
    private static final int GRID = 1 << 15;
    private static final int COARSE = 1 << 12;
    private static final int LARGEST_GRID = 1 << 21;
    private static final double EXCESS = 4e-4;
    private static final int REFINEMENTS = 6;

    private final NeighbouringRelation relation;

    /** The accountant for such neighbours. */
    public PldAccountant(NeighbouringRelation relation) {
        this.relation = relation;
    }

    @Override
    public String name() {
        return "PLD";
    }

    @Override
    public NeighbouringRelation relation() {
        return relation;
    }

    @Override
    public PrivacyLoss account(Event event) {
        List<Part> parts = new ArrayList<>();
        Leaves.forEach(event, this, (leaf, times) -> {
            String refusal = refusal(leaf);
            if (refusal.isEmpty()) {
                parts.add(new Part(leaf, times));
            }
            return refusal;
        });
        if (parts.stream().anyMatch(part -> revealsAll(part.event))) {
            LossDistribution all = new LossDistribution(1, 0, new double[] {0}, 1);
            return new PldLoss(relation, all, all);
        }
        return new PldLoss(relation, compose(parts, true), compose(parts, false));
    }

    private record Part(Event event, long times) {
        LossDistribution distribution(double step, boolean removed) {
            if (event instanceof Event.EpsilonDelta guarantee) {
                return pure(guarantee, step);
            }
            return pair().distribution(step, removed);
        }

        double width() {
            return event instanceof Event.EpsilonDelta guarantee ? 2 * guarantee.epsilon() : pair().width();
        }

        private LossPair pair() {
            double rate = event instanceof Event.PoissonSampled sampled ? sampled.rate() : 1;
            Event inner = event instanceof Event.PoissonSampled sampled ? sampled.event() : event;
            return inner instanceof Event.Laplace laplace
                    ? new LossPair.OfLaplace(rate, laplace.noiseMultiplier())
                    : new LossPair.OfGaussian(rate, ((Event.Gaussian) inner).noiseMultiplier());
        }
    }

    private static LossDistribution compose(List<Part> parts, boolean removed) {
        long times = Math.max(1, parts.stream().mapToLong(Part::times).sum());
        double widest = parts.stream().mapToDouble(Part::width).max().orElse(0);
        double step = Math.max(1e-9, widest / COARSE);
        double finest = step * COARSE / LARGEST_GRID;
        List<LossComposition.Repeated> repeated = repeated(parts, step, removed);
        LossComposition.Window window = LossComposition.window(repeated, step);
        for (int i = 0; i < REFINEMENTS; i++) {
            double width = step * Math.max(1, window.width());
            double wanted = Math.max(finest, Math.min(width / GRID, Math.sqrt(EXCESS * width / times)));
            if (wanted > step / 1.5) {
                break;
            }
            step = wanted;
            repeated = repeated(parts, step, removed);
            window = LossComposition.window(repeated, step);
        }
        while (window.width() > LARGEST_GRID) {
            step *= 2;
            repeated = repeated(parts, step, removed);
            window = LossComposition.window(repeated, step);
        }
        return LossComposition.of(repeated, step, window);
    }

    private static List<LossComposition.Repeated> repeated(List<Part> parts, double step, boolean removed) {
        return parts.stream()
                .map(part -> new LossComposition.Repeated(part.distribution(step, removed), part.times))
                .toList();
    }

    /** Randomised response that fails with probability delta (Kairouz, Oh and Viswanath 2015, theorem 3.4). */
    private static LossDistribution pure(Event.EpsilonDelta guarantee, double step) {
        double epsilon = guarantee.epsilon();
        long edge = (long) Math.floor(epsilon / step) + 1;
        LossGrid grid = new LossGrid(step, -edge, edge);
        double kept = 1 - guarantee.delta();
        double likely = kept / (1 + Math.exp(-epsilon));
        double unlikely = kept - likely;
        grid.addBetween(edge - 1, likely, unlikely);
        grid.addBetween(-edge, unlikely, likely);
        grid.addInfinite(guarantee.delta());
        return grid.distribution();
    }

    private String refusal(Event event) {
        if (event instanceof Event.PoissonSampled sampled) {
            if (relation != NeighbouringRelation.ADD_OR_REMOVE_ONE) {
                return "It takes Poisson sampling for neighbours that " + NeighbouringRelation.ADD_OR_REMOVE_ONE
                        + " only.";
            }
            boolean known = sampled.event() instanceof Event.Gaussian || sampled.event() instanceof Event.Laplace;
            return known
                    ? ""
                    : "Of Poisson-sampled events it takes the Gaussian and the Laplace one, not " + sampled.event()
                            + ".";
        }
        boolean known = event instanceof Event.Gaussian
                || event instanceof Event.Laplace
                || event instanceof Event.EpsilonDelta
                || event instanceof Event.NonPrivate;
        return known
                ? ""
                : "It takes Gaussian, Laplace, (epsilon, delta) and Poisson-sampled events, not " + event + ".";
    }

    private static boolean revealsAll(Event event) {
        return event instanceof Event.NonPrivate
                || (event instanceof Event.Gaussian gaussian && gaussian.noiseMultiplier() == 0)
                || (event instanceof Event.Laplace laplace && laplace.noiseMultiplier() == 0)
                || (event instanceof Event.PoissonSampled sampled && revealsAll(sampled.event()));
    }

    private record PldLoss(NeighbouringRelation relation, LossDistribution removed, LossDistribution added)
            implements PrivacyLoss {
        @Override
        public Guarantee epsilon(double delta) {
            Ranges.fraction("Delta", delta);
            return guarantee(Math.max(removed.epsilon(delta), added.epsilon(delta)), delta);
        }

        @Override
        public Guarantee delta(double epsilon) {
            Ranges.atLeastZero("Epsilon", epsilon);
            return guarantee(epsilon, Math.max(removed.delta(epsilon), added.delta(epsilon)));
        }

        private Guarantee guarantee(double epsilon, double delta) {
            String method = "connect the dots, grid " + Math.max(removed.step(), added.step());
            return new Guarantee(epsilon, delta, relation, "PLD", method, true);
        }
    }
}

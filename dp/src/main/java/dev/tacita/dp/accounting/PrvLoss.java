package dev.tacita.dp.accounting;

import java.util.List;
import java.util.function.Function;

/**
 * What the accountant of privacy random variables found. The grid is chosen when epsilon or delta is asked for, such that the bounds on epsilon
 * are at most half a percent from its estimate, or as close as a grid of four million losses allows.
 */
public final class PrvLoss implements PrivacyLoss {
    private static final double RELATIVE_ERROR = 4e-3;
    private static final double SHARE_OF_DELTA = 1e-3;
    private static final double FIRST_DELTA = 1e-10;

    private final NeighbouringRelation relation;
    private final LossSources sources;

    PrvLoss(NeighbouringRelation relation, LossSources sources) {
        this.relation = relation;
        this.sources = sources;
    }

    /** The upper bound on epsilon. */
    @Override
    public Guarantee epsilon(double delta) {
        Found found = epsilons(delta);
        String method = found.method("estimate " + found.estimate + ", not below " + found.lower);
        return new Guarantee(found.upper, delta, relation, "PRV", method, true);
    }

    /** The upper bound on delta. */
    @Override
    public Guarantee delta(double epsilon) {
        Ranges.atLeastZero("Epsilon", epsilon);
        Found found = sources.trivial() ? trivial(sources.infinite()) : deltas(epsilon);
        double upper = epsilon >= sources.largest() ? Math.min(found.upper, sources.infinite()) : found.upper;
        return new Guarantee(epsilon, upper, relation, "PRV", found.method("estimate " + found.estimate), true);
    }

    /**
     * Epsilon from both sides.
     *
     * @param delta from 0 to 1
     */
    public EpsilonRange epsilonRange(double delta) {
        Found found = epsilons(delta);
        return new EpsilonRange(found.lower, found.upper);
    }

    /**
     * The estimate of epsilon, which is within the bounds and much closer to the truth than they are to each other, but not proven to be.
     *
     * @param delta from 0 to 1
     */
    public double estimate(double delta) {
        return epsilons(delta).estimate;
    }

    private record Found(double lower, double estimate, double upper, String grid) {
        String method(String what) {
            return what + grid;
        }
    }

    private static Found trivial(double value) {
        return new Found(value, value, value, "");
    }

    private Found epsilons(double delta) {
        Ranges.fraction("Delta", delta);
        if (delta == 1) {
            return trivial(0);
        } else if (sources.infinite() > delta) {
            return trivial(Double.POSITIVE_INFINITY);
        } else if (sources.trivial()) {
            return trivial(0);
        } else if (delta == 0) {
            return trivial(sources.largest());
        }
        PrvGrid grid = PrvGrid.coarse(sources, delta * SHARE_OF_DELTA);
        Found found = epsilons(grid, delta);
        double allowed = RELATIVE_ERROR * found.estimate;
        if (grid.epsilonError() > allowed && found.estimate < Double.POSITIVE_INFINITY) {
            PrvGrid finer = grid.withError(Math.max(allowed, grid.epsilonError() / 64));
            found = finer.epsilonError() < grid.epsilonError() ? epsilons(finer, delta) : found;
        }
        return found;
    }

    private Found epsilons(PrvGrid grid, double delta) {
        double below = Math.max(0, worst(grid, each -> each.epsilon(delta + grid.deltaError())) - grid.epsilonError());
        double estimate = worst(grid, each -> each.epsilon(delta));
        double above = worst(grid, each -> each.epsilon(delta - grid.deltaError())) + grid.epsilonError();
        double largest = sources.largest();
        return new Found(
                Math.min(below, largest), Math.min(estimate, largest), Math.min(above, largest), grid.toString());
    }

    private Found deltas(double epsilon) {
        PrvGrid first = PrvGrid.coarse(sources, FIRST_DELTA);
        double known = worst(first, each -> each.delta(epsilon));
        PrvGrid grid = PrvGrid.coarse(sources, Math.max(1e-13, known * SHARE_OF_DELTA));
        grid = grid.withError(Math.min(grid.epsilonError(), RELATIVE_ERROR * Math.max(epsilon, 1e-2)));
        double error = grid.epsilonError();
        double below = worst(grid, each -> each.delta(epsilon + error)) - grid.deltaError();
        double above = worst(grid, each -> each.delta(epsilon - error)) + grid.deltaError();
        return new Found(
                Math.max(0, below), worst(grid, each -> each.delta(epsilon)), Math.min(1, above), grid.toString());
    }

    private static double worst(PrvGrid grid, Function<LossDistribution, Double> of) {
        List<LossDistribution> directions = grid.distributions();
        return directions.stream().mapToDouble(of::apply).max().orElse(0);
    }
}

package dev.tacita.dp.accounting;

import java.util.List;
import java.util.Optional;

/** What the accountant of privacy loss distributions found: distributions that dominate those of the event. */
public final class PldLoss implements PrivacyLoss {
    private final NeighbouringRelation relation;
    private final LossSources sources;
    private final Optional<PldGrid> grid;
    private final List<LossDistribution> dominating;

    PldLoss(NeighbouringRelation relation, LossSources sources) {
        this.relation = relation;
        this.sources = sources;
        this.grid = sources.trivial() ? Optional.empty() : Optional.of(new PldGrid(sources));
        this.dominating = grid.map(PldGrid::dominating).orElse(List.of());
    }

    @Override
    public Guarantee epsilon(double delta) {
        Ranges.fraction("Delta", delta);
        double epsilon = sources.revealsAll() ? Double.POSITIVE_INFINITY : epsilon(dominating, delta);
        if (delta >= sources.infinite()) {
            epsilon = Math.min(epsilon, sources.largest());
        }
        return guarantee(delta == 1 ? 0 : epsilon, delta);
    }

    @Override
    public Guarantee delta(double epsilon) {
        Ranges.atLeastZero("Epsilon", epsilon);
        double delta = sources.revealsAll() ? 1 : 0;
        for (LossDistribution distribution : dominating) {
            delta = Math.max(delta, distribution.delta(epsilon));
        }
        return guarantee(epsilon, epsilon >= sources.largest() ? Math.min(delta, sources.infinite()) : delta);
    }

    /**
     * Epsilon from both sides. The lower end comes from distributions on the same grid that are dominated by those of the event.
     *
     * @param delta from 0 to 1
     */
    public EpsilonRange epsilonRange(double delta) {
        double upper = epsilon(delta).epsilon();
        List<LossDistribution> dominated = grid.map(PldGrid::dominated).orElse(List.of());
        return new EpsilonRange(grid.isPresent() ? Math.min(upper, epsilon(dominated, delta)) : upper, upper);
    }

    private static double epsilon(List<LossDistribution> directions, double delta) {
        double epsilon = 0;
        for (LossDistribution distribution : directions) {
            epsilon = Math.max(epsilon, distribution.epsilon(delta));
        }
        return epsilon;
    }

    private Guarantee guarantee(double epsilon, double delta) {
        String method =
                "connect the dots" + grid.map(each -> ", grid " + each.step()).orElse("");
        return new Guarantee(epsilon, delta, relation, "PLD", method, true);
    }
}

package dev.tacita.dp.accounting;

/**
 * The accountant of privacy loss distributions: numerically tight, and an upper bound, with an allowance of 4e-16 per step for rounding.
 * Losses are rounded by connecting the dots and composed by Fourier transform; the grid follows from the event, such that epsilon
 * is too large by less than about one part in a thousand. {@link PldLoss#epsilonRange} says how far it can be from the truth.
 *
 * <p>It takes every event that is known by its worst pair of neighbours, of both directions the worse one: all but concentrated
 * events, samples without replacement, repeat-and-select, and Poisson samples of anything but Gaussian and Laplace events. Choices by the
 * exponential mechanism and by permute-and-flip it takes for any of pure epsilon.
 */
public final class PldAccountant implements Accountant {
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
    public PldLoss account(Event event) {
        return new PldLoss(relation, LossSources.of(event, this));
    }
}

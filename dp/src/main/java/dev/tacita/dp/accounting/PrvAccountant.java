package dev.tacita.dp.accounting;

/**
 * The accountant of privacy random variables (Gopi, Lee and Wutschitz 2021): an estimate of epsilon that is nearly exact, and proven bounds
 * on both sides of it. The guarantee it gives is the upper bound; {@link PrvLoss} has the others. Losses are rounded to the middle of cells
 * and moved such that their mean is exact, so that errors of many steps cancel; by Hoeffding's inequality they stay below the error that is
 * added to the estimate.
 *
 * <p>It takes the same events as {@link PldAccountant}.
 */
public final class PrvAccountant implements Accountant {
    private final NeighbouringRelation relation;

    /** The accountant for such neighbours. */
    public PrvAccountant(NeighbouringRelation relation) {
        this.relation = relation;
    }

    @Override
    public String name() {
        return "PRV";
    }

    @Override
    public NeighbouringRelation relation() {
        return relation;
    }

    @Override
    public PrvLoss account(Event event) {
        return new PrvLoss(relation, LossSources.of(event, this));
    }
}

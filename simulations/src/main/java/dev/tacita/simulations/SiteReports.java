package dev.tacita.simulations;

import dev.tacita.engine.LossMoments;
import java.util.List;
import java.util.OptionalDouble;

/** What the aggregator may ask of sites before it chooses a cohort. */
public interface SiteReports {
    /** The losses of sites on their training examples at the model that the round starts from, in the order of the sites. */
    List<LossMoments> losses(int[] sites) throws InterruptedException;

    /** How many seconds a round takes a site; empty if nobody knows. */
    OptionalDouble seconds(int site);
}

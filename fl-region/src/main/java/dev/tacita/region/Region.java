package dev.tacita.region;

import dev.tacita.client.Participant;
import dev.tacita.client.ParticipantBuilder;
import dev.tacita.server.Aggregator;

/**
 * A region of hierarchical federated averaging (Liu et al. 2020, HierFAVG): a site of the federation of regions, and the
 * aggregator of a federation of its own. For each round that the one asks of it, it runs as many rounds as the plan's {@code
 * edge-rounds} in the other, from the round's model, and answers with what the model has moved by, weighed by the training
 * examples that counted.
 *
 * <p>Guarantees: towards the federation of regions it is what every {@link Participant} is, with a policy of its own and an egress
 * record, and what it sends are sums over its sites: of updates, over those that counted; of metrics, over those that share
 * them, which may be a single one. Its sites read the plan, judge it by their policies, and may refuse it. A region
 * that is killed and started again on the same logs goes on with the same rounds; what it answers is the same. Rounds of its own
 * that come too late are stopped when it is asked for the next round, or when the run of the regions ends. What its sites send is seen by the region as that federation's
 * protection says. If its rounds come to nothing, it answers that its work failed and why, with the names of its sites that are
 * there, or refused, failed or did not answer, and the reasons that these gave.
 */
public final class Region implements AutoCloseable {
    private final Participant site;

    private Region(Participant site) {
        this.site = site;
    }

    /**
     * A region, not yet started.
     *
     * @param site what it is to the federation of regions: all that a participant needs but datasets and a trainer
     * @param aggregator of its own federation, which others may use too; stays the caller's to close, after the region
     * @param rounds how it does rounds there
     */
    public static Region of(ParticipantBuilder site, Aggregator aggregator, RegionSettings rounds) {
        return new Region(site.region(new OwnFederation(aggregator, rounds)).build());
    }

    /**
     * Begins to take part, and returns.
     *
     * @throws IllegalStateException if it was started or closed before
     */
    public void start() {
        site.start();
    }

    /** Says goodbye to the federation of regions. Rounds of its own that are under way go on, and are its answer when it is back. */
    @Override
    public void close() {
        site.close();
    }
}

package dev.tacita.client;

import dev.tacita.core.RunId;
import dev.tacita.core.learning.RunPlan;
import java.util.List;
import java.util.Set;

/**
 * What stands in the place of rows and a trainer where a site is a region (Liu et al. 2020, HierFAVG): rounds of a federation of
 * its own. Called in one round at a time.
 */
public interface RegionalWork {
    /** Every reason against a part in a run of this plan; empty if there is none. For any thread, at any time. */
    List<String> problemsWith(RunPlan plan);

    /**
     * Does what a round asks of the region; to be asked the same again gives the same again, and what is under way already is not
     * begun anew. What was asked before and is not over has become of no use.
     *
     * @throws RegionFailedException if the region's own rounds came to nothing
     * @throws dev.tacita.wire.TransportException if its federation cannot be reached now
     * @throws InterruptedException if the thread is interrupted before the end
     */
    RegionalResult work(RegionalTask task) throws RegionFailedException, InterruptedException;

    /** Ends what is under way for runs of the regions that are none of these: they are over. On another thread than the work. */
    void keepOnly(Set<RunId> runs);
}

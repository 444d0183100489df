package dev.tacita.simulations;

import dev.tacita.core.learning.Evaluation;
import java.io.Serializable;

/**
 * What one site came to.
 *
 * @param training metrics of its training examples as they were seen
 * @param weight how much its update counts
 * @param norm Euclidean, of what its update does to the parameters
 * @param update if the run's rule takes updates one by one; empty if they are added
 * @param memory what the site keeps
 * @param failure why its contribution does not count; empty if it does
 */
record SiteAnswered(Evaluation training, long weight, double norm, float[] update, float[] memory, String failure)
        implements Serializable {
    boolean counts() {
        return failure.isEmpty();
    }
}

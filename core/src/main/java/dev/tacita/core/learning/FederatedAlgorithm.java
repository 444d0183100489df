package dev.tacita.core.learning;

import dev.tacita.core.Problem;
import dev.tacita.core.model.ModelSpec;
import java.util.List;

/**
 * What a round asks of its sites, and what the aggregator does with the sum of their answers. An implementation is
 * immutable and pure: the same arguments give the same bits, live and simulated.
 */
public interface FederatedAlgorithm {
    /** The name that plans and policies use, such as {@code fedavg}. */
    String name();

    /** What keeps it from training such a model; empty if nothing does. */
    default List<Problem> problemsWith(ModelSpec model) {
        return List.of();
    }

    /** What round {@code round}, counted from 1, asks. */
    LocalWork work(int round);

    /**
     * The new parameters.
     *
     * @param parameters of the model that the round started from; not changed
     * @param mean the weighted mean of the sites' updates, of the same length
     */
    float[] step(float[] parameters, double[] mean);
}

package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

/**
 * All that the aggregator carries from one round to the next.
 *
 * @param parameters of the model; not to be changed
 * @param memory what the algorithm remembers besides, such as momentum; of {@link FederatedAlgorithm#memorySize}; not to be
 *     changed
 */
public record ServerState(float[] parameters, float[] memory) {
    private static final float[] NOTHING = {};

    public ServerState {
        requireNonNull(parameters, "parameters is null");
        requireNonNull(memory, "memory is null");
    }

    /** Of an algorithm that remembers nothing. */
    public static ServerState of(float[] parameters) {
        return new ServerState(parameters, NOTHING);
    }

    /** Before the first round of this algorithm: it remembers zeros. */
    public static ServerState first(FederatedAlgorithm algorithm, float[] parameters) {
        return new ServerState(parameters, new float[algorithm.memorySize(parameters.length)]);
    }
}

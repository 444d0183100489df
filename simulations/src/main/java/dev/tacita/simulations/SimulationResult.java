package dev.tacita.simulations;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What came of a simulated run.
 *
 * @param rounds that were done, in order
 * @param parameters of the model after them; not to be changed
 * @param failure why it ended before its last round, if it could not go on
 */
public record SimulationResult(List<SimulatedRound> rounds, float[] parameters, Optional<String> failure) {
    public SimulationResult {
        rounds = List.copyOf(rounds);
        requireNonNull(parameters, "parameters is null");
        requireNonNull(failure, "failure is null");
    }
}

package dev.tacita.server;

import dev.tacita.core.learning.RoundMean;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.server.Decision.Parameters;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.Tensors;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The outcome of the algorithm's step: new parameters, or why there are none. */
record Step(Optional<Parameters> parameters, Optional<String> problem) {
    private static final Logger LOG = LoggerFactory.getLogger(Step.class);

    /**
     * The step from these parameters, with all that the algorithm remembers, along this mean.
     *
     * @param round that it closes
     * @param contributions how many it is of
     */
    static Step of(RunPlan plan, RoundOpened round, Parameters from, double[] mean, int contributions) {
        ServerState next;
        try {
            RoundMean result = new RoundMean(mean, round.place().round(), contributions, round.sites());
            next = plan.algorithm().step(new ServerState(from.values(), from.memory()), result);
        } catch (RuntimeException e) {
            LOG.error("the server step failed", e);
            return new Step(Optional.empty(), Optional.of("the server step failed: " + e));
        }
        Optional<String> problem = problem("parameter", next.parameters())
                .or(() -> problem("number that the algorithm remembers", next.memory()));
        return problem.isPresent()
                ? new Step(Optional.empty(), problem)
                : new Step(
                        Optional.of(
                                new Parameters(Tensors.sha256(next.parameters()), next.parameters(), next.memory())),
                        Optional.empty());
    }

    private static Optional<String> problem(String what, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                return Optional.of("each new " + what + " must be finite. Provided value: " + values[i] + " at index "
                        + i + "; training has diverged");
            }
        }
        return Optional.empty();
    }
}

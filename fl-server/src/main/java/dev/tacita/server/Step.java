package dev.tacita.server;

import dev.tacita.core.learning.RunPlan;
import dev.tacita.server.Decision.Parameters;
import dev.tacita.wire.Tensors;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The outcome of the algorithm's step: new parameters, or why there are none. */
record Step(Optional<Parameters> parameters, Optional<String> problem) {
    private static final Logger LOG = LoggerFactory.getLogger(Step.class);

    /** The step from these parameters along this mean. */
    static Step of(RunPlan plan, Parameters from, double[] mean) {
        float[] values;
        try {
            values = plan.algorithm().step(from.values(), mean);
        } catch (RuntimeException e) {
            LOG.error("the server step failed", e);
            return new Step(Optional.empty(), Optional.of("the server step failed: " + e));
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                return new Step(
                        Optional.empty(),
                        Optional.of("each new parameter must be finite. Provided value: " + values[i] + " at index " + i
                                + "; training has diverged"));
            }
        }
        return new Step(Optional.of(new Parameters(Tensors.sha256(values), values)), Optional.empty());
    }
}

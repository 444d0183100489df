package dev.tacita.server;

import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.server.Decision.Parameters;
import dev.tacita.wire.AggregatorLog.Write;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Tensors;
import java.util.List;
import java.util.Optional;

/**
 * What an algorithm sends to sites beside the parameters. It lies where models do, under its hash.
 *
 * @param hash SHA-256 of its values
 * @param values not to be changed
 */
record Shared(Hash hash, float[] values) {
    /** What goes with these parameters and what the algorithm remembers beside them; empty if it sends nothing. */
    static Optional<Shared> by(RunPlan plan, Parameters parameters) {
        if (plan.algorithm().sharedSize(parameters.values().length) == 0) {
            return Optional.empty();
        }
        float[] values = plan.algorithm().shared(new ServerState(parameters.values(), parameters.memory()));
        return Optional.of(new Shared(Tensors.sha256(values), values));
    }

    /** What has to be written so that sites can read it. */
    List<Write> writes() {
        return Models.writes(hash, values);
    }
}

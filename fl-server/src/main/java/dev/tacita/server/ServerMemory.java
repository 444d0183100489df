package dev.tacita.server;

import dev.tacita.core.RunId;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.server.Decision.Parameters;
import dev.tacita.wire.AggregatorLog.Write;
import dev.tacita.wire.Hash;
import dev.tacita.wire.Tensors;
import dev.tacita.wire.Transport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What an algorithm remembers from round to round beside the parameters, such as momentum. It lies in the log of models,
 * written in one commit with the close of its round, under a name made of the run and the round; so a restart finds what
 * the round that closed last left. Only the aggregator reads it.
 */
final class ServerMemory {
    private ServerMemory() {}

    /** What has to be written when this round closes. */
    static List<Write> writes(RunId run, int round, float[] memory) {
        return memory.length == 0 ? List.of() : Models.writes(name(run, round), memory);
    }

    /**
     * These parameters with what the algorithm remembered after {@code rounds} rounds; empty if the log no longer holds
     * it.
     */
    static Optional<Parameters> join(Transport transport, RunId run, RunPlan plan, int rounds, Parameters parameters)
            throws InterruptedException {
        FederatedAlgorithm algorithm = plan.algorithm();
        int size = algorithm.memorySize(parameters.values().length);
        if (parameters.memory().length == size) {
            return Optional.of(parameters);
        }
        Optional<float[]> memory =
                rounds == 0 ? Optional.of(new float[size]) : Models.readNamed(transport, name(run, rounds), size);
        return memory.map(it -> new Parameters(parameters.model(), parameters.values(), it));
    }

    private static Hash name(RunId run, int round) {
        String text = "what the algorithm of run " + run + " remembers after round " + round;
        return Tensors.sha256(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}

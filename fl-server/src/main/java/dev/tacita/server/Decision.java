package dev.tacita.server;

import dev.tacita.wire.AggregatorLog.Write;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.Hash;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is written at once.
 *
 * @param models frames of new parameters
 * @param messages for the journal
 * @param parameters the new parameters, to be kept when all is written
 */
record Decision(List<Write> models, List<AggregatorMessage> messages, Optional<Parameters> parameters) {
    static final Decision NONE = new Decision(List.of(), List.of(), Optional.empty());

    /**
     * A run's parameters.
     *
     * @param model SHA-256 of their bytes
     * @param values one for each parameter; shared, not to be changed
     * @param memory what the run's algorithm remembers beside them, where it is at hand; else empty; not to be changed
     */
    record Parameters(Hash model, float[] values, float[] memory) {
        private static final float[] NOT_AT_HAND = {};

        /** Without what the algorithm remembers. */
        Parameters(Hash model, float[] values) {
            this(model, values, NOT_AT_HAND);
        }
    }

    static Decision of(AggregatorMessage... messages) {
        return new Decision(List.of(), List.of(messages), Optional.empty());
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    Decision and(Decision later) {
        return new Decision(
                Stream.concat(models.stream(), later.models.stream()).toList(),
                Stream.concat(messages.stream(), later.messages.stream()).toList(),
                later.parameters.or(() -> parameters));
    }
}

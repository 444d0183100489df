package dev.tacita.server.report;

import static java.util.Objects.requireNonNull;

import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RoundSummed;
import dev.tacita.wire.RoundKey;
import java.util.Optional;

/**
 * One try at one round.
 *
 * @param opened what was asked, and of whom
 * @param sum what the aggregator learnt under secure aggregation; empty before the round closed, and under other protections
 * @param closed what came of it; empty while the round is open, or if the run ended before it closed
 */
public record RoundAttempt(RoundOpened opened, Optional<RoundSummed> sum, Optional<RoundClosed> closed) {
    public RoundAttempt {
        requireNonNull(opened, "opened is null");
        requireNonNull(sum, "sum is null");
        requireNonNull(closed, "closed is null");
    }

    /** Run, round and attempt. */
    public RoundKey place() {
        return opened.place();
    }
}

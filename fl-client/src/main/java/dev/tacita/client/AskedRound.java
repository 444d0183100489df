package dev.tacita.client;

import dev.tacita.wire.AggregatorMessage.RoundOpened;
import java.time.Instant;

/**
 * A round that is open.
 *
 * @param message as the aggregator opened it
 * @param inThisLife whether the aggregator knew this life of the agent when it asked
 * @param expires when, by the site's clock, nobody waits for its answer any more
 */
record AskedRound(RoundOpened message, boolean inThisLife, Instant expires) {}

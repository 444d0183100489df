package dev.tacita.client;

import dev.tacita.wire.AggregatorMessage.RoundOpened;
import java.time.Instant;
import java.util.Optional;

/**
 * A round that is open.
 *
 * @param message as the aggregator opened it
 * @param inThisLife whether the aggregator knew this life of the agent when it asked
 * @param expires when, by the site's clock, nobody waits for its answer any more
 * @param counted the newest round of training before it in whose sum the site is; empty if there is none
 */
record AskedRound(RoundOpened message, boolean inThisLife, Instant expires, Optional<RoundOpened> counted) {}

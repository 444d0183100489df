package dev.tacita.server;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.SiteId;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import java.util.List;
import java.util.Map;

/**
 * A round that asks.
 *
 * @param opened as the log has it
 * @param sessions which life of each agent of the cohort was asked
 * @param failed sites that could not, with their reasons
 */
public record OpenRound(RoundOpened opened, Map<SiteId, String> sessions, Map<SiteId, List<String>> failed) {
    public OpenRound {
        requireNonNull(opened, "opened is null");
        sessions = Map.copyOf(sessions);
        failed = Map.copyOf(failed);
    }
}

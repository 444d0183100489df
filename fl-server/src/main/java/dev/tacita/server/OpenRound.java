package dev.tacita.server;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.SiteId;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.StageOpened;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A round that asks.
 *
 * @param opened as the log has it
 * @param sessions which life of each agent of the cohort was asked
 * @param stages those of secure aggregation that have begun, in their order
 * @param failed sites that could not, with their reasons
 */
public record OpenRound(
        RoundOpened opened, Map<SiteId, String> sessions, List<StageOpened> stages, Map<SiteId, List<String>> failed) {
    public OpenRound {
        requireNonNull(opened, "opened is null");
        sessions = Map.copyOf(sessions);
        stages = List.copyOf(stages);
        failed = Map.copyOf(failed);
    }

    OpenRound with(StageOpened stage) {
        List<StageOpened> more = new ArrayList<>(stages);
        more.add(stage);
        return new OpenRound(opened, sessions, more, failed);
    }

    OpenRound failed(Map<SiteId, List<String>> sites) {
        return new OpenRound(opened, sessions, stages, sites);
    }
}

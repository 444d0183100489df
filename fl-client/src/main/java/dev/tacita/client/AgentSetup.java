package dev.tacita.client;

import dev.tacita.core.FederationId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.PerExampleGradients;
import dev.tacita.wire.Transport;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/**
 * What an agent is made of.
 *
 * @param keys for runs under secure aggregation, which are refused without
 * @param gradients of single examples, made when they are first needed; empty where they cannot be had
 * @param region whose rounds stand for rows and a trainer; empty for a site with rows
 * @param models shared with other agents of the process; empty means one of its own
 * @param executor shared with other agents of the process; empty means a thread of its own
 * @param workFolder where it keeps its place and its egress record; empty means nowhere
 */
record AgentSetup(
        SiteId site,
        FederationId federation,
        String version,
        Transport transport,
        SitePolicy policy,
        Optional<SiteKeys> keys,
        Map<String, OfferedDataset> datasets,
        LocalTrainer trainer,
        Optional<Supplier<PerExampleGradients>> gradients,
        Optional<RegionalWork> region,
        Optional<ModelCache> models,
        Optional<ExecutorService> executor,
        Optional<Path> workFolder,
        AgentTiming timing,
        Clock clock) {
    AgentSetup {
        datasets = Map.copyOf(datasets);
    }
}

package dev.tacita.client;

import dev.tacita.core.FederationId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.engine.EnginePerExampleGradients;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.wire.Transport;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * Builds a {@link Participant}. Site, federation, transport and policy must be set; the trainer is the engine's, and an
 * agent has a thread and a cache of its own and no work folder, unless something else is set.
 */
public final class ParticipantBuilder {
    private final Map<String, OfferedDataset> datasets = new LinkedHashMap<>();
    private Optional<SiteId> site = Optional.empty();
    private Optional<FederationId> federation = Optional.empty();
    private Optional<Transport> transport = Optional.empty();
    private Optional<SitePolicy> policy = Optional.empty();
    private Optional<SiteKeys> keys = Optional.empty();
    private Optional<LocalTrainer> trainer = Optional.empty();
    private Optional<RegionalWork> region = Optional.empty();
    private Optional<ModelCache> models = Optional.empty();
    private Optional<ExecutorService> executor = Optional.empty();
    private Optional<Path> workFolder = Optional.empty();
    private AgentTiming timing = AgentTiming.STANDARD;
    private Clock clock = Clock.systemUTC();

    ParticipantBuilder() {}

    /** The site's name: 1 to 63 lower-case letters, digits and inner hyphens. */
    public ParticipantBuilder site(String name) {
        site = Optional.of(new SiteId(name));
        return this;
    }

    /** The federation's name, by the same rule. */
    public ParticipantBuilder federation(String name) {
        federation = Optional.of(new FederationId(name));
        return this;
    }

    /** The federation's logs; stays the caller's to close, after the participant. */
    public ParticipantBuilder transport(Transport logs) {
        transport = Optional.of(logs);
        return this;
    }

    /** What the site takes part in. */
    public ParticipantBuilder policy(SitePolicy rules) {
        policy = Optional.of(rules);
        return this;
    }

    /** Takes part in runs under secure aggregation, which are refused without. */
    public ParticipantBuilder keys(SiteKeys own) {
        keys = Optional.of(own);
        return this;
    }

    /** Offers a dataset under the name by which plans ask for it. */
    public ParticipantBuilder dataset(String name, LocalDataset data) {
        return dataset(
                name, data instanceof SiteDataset dataset ? dataset.offered() : new OfferedDataset(data, Map.of()));
    }

    /** Offers a dataset with class counts, which leave only if the policy shares them. */
    public ParticipantBuilder dataset(String name, OfferedDataset dataset) {
        datasets.put(name, dataset);
        return this;
    }

    /**
     * Takes site, federation, work folder, keys and policy from a configuration, and reads its datasets.
     *
     * @throws dev.tacita.core.ProblemsException with every problem of every dataset
     */
    public ParticipantBuilder config(SiteConfig config) {
        site = Optional.of(config.site());
        federation = Optional.of(config.federation());
        workFolder = Optional.of(config.workFolder());
        policy = Optional.of(config.policy());
        keys = config.keys();
        SiteData.readAll(config.data()).forEach((name, dataset) -> dataset(name, dataset.offered()));
        return this;
    }

    /** Trains with this instead of the engine; runs that hide single examples are then refused. */
    public ParticipantBuilder trainer(LocalTrainer own) {
        trainer = Optional.of(own);
        return this;
    }

    /**
     * Answers with the rounds of a federation of its own instead of rows: runs of regions are then the only ones that are not
     * refused, and each dataset that the policy names is offered.
     */
    public ParticipantBuilder region(RegionalWork own) {
        region = Optional.of(own);
        return this;
    }

    /** Shares models with other participants of the process; stays the caller's to close, after the participants. */
    public ParticipantBuilder models(ModelCache shared) {
        models = Optional.of(shared);
        return this;
    }

    /** Trains on these threads, shared with other participants; they stay the caller's to shut down. */
    public ParticipantBuilder executor(ExecutorService shared) {
        executor = Optional.of(shared);
        return this;
    }

    /** Keeps the agent's place and its egress record in this folder, which is made if it is not there. */
    public ParticipantBuilder workFolder(Path folder) {
        workFolder = Optional.of(folder);
        return this;
    }

    /** Waits as this says. */
    public ParticipantBuilder timing(AgentTiming waits) {
        timing = waits;
        return this;
    }

    /** Tells the time by this clock. */
    ParticipantBuilder clock(Clock other) {
        clock = other;
        return this;
    }

    /**
     * The participant, not yet started.
     *
     * @throws IllegalArgumentException if the site's registry has not its own key under its name
     * @throws IllegalStateException if something is not set, such as the work folder of a policy with a largest epsilon; the
     *     message names everything that is not; or if a region has datasets of its own
     * @throws dev.tacita.core.ProblemsException if the work folder or the privacy ledger in it cannot be used
     * @throws EgressException if the egress record in it cannot be continued
     */
    public Participant build() {
        List<String> missing = new ArrayList<>();
        need(missing, "site", site);
        need(missing, "federation", federation);
        need(missing, "transport", transport);
        need(missing, "policy", policy);
        if (!missing.isEmpty()) {
            throw new IllegalStateException("a participant needs these. Not set: " + String.join(", ", missing));
        }
        if (region.isPresent() && !datasets.isEmpty()) {
            throw new IllegalStateException("a region has no rows of its own; its sites do. Provided datasets: "
                    + String.join(", ", datasets.keySet()));
        }
        keys.filter(own -> !own.registry()
                        .key(site.orElseThrow())
                        .equals(Optional.of(own.identity().publicKey())))
                .ifPresent(own -> {
                    throw new IllegalArgumentException(
                            "the site's own key must be in its registry, under its name: " + site.orElseThrow());
                });
        return new Participant(new AgentSetup(
                site.orElseThrow(),
                federation.orElseThrow(),
                version(),
                transport.orElseThrow(),
                policy.orElseThrow(),
                keys,
                datasets,
                region.<LocalTrainer>map(own -> new RegionalRound.NoTrainer())
                        .or(() -> trainer)
                        .orElseGet(EngineTrainer::new),
                trainer.isPresent() || region.isPresent()
                        ? Optional.empty()
                        : Optional.of(EnginePerExampleGradients::new),
                region,
                models,
                executor,
                workFolder,
                timing,
                clock));
    }

    private static String version() {
        return Optional.ofNullable(Participant.class.getPackage())
                .map(Package::getImplementationVersion)
                .orElse("development");
    }

    private static void need(List<String> missing, String name, Optional<?> field) {
        if (field.isEmpty()) {
            missing.add(name);
        }
    }
}

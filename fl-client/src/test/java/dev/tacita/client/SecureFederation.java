package dev.tacita.client;

import static org.awaitility.Awaitility.await;

import dev.tacita.core.FederationId;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Adversary;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.dp.ledger.PrivacyBudget;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.secureagg.AggregatorKey;
import dev.tacita.secureagg.IdentityKey;
import dev.tacita.secureagg.SigningIdentity;
import dev.tacita.secureagg.SiteRegistry;
import dev.tacita.server.Aggregator;
import dev.tacita.server.AggregatorSettings;
import dev.tacita.server.RunState;
import dev.tacita.server.SecureSettings;
import dev.tacita.testkit.Reading;
import dev.tacita.wire.AggregatorMessage;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Hash;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.Message;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.Transport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A real aggregator and real agents with keys, in one JVM; the aggregator can be started again. */
final class SecureFederation implements AutoCloseable {
    static final List<String> SITES = List.of("east", "north", "south");

    /** Three sites, of which one may drop out. */
    static final String PLAN = Samples.PLAN
            .replace("quorum: 1", "quorum: 2\nsites: 3")
            .replace("deadline: 60s", "deadline: 10s")
            .replace("protection: plain", """
                    protection:
                      secure-aggregation:
                        adversary: active
                        corrupted: 0
                        drop-outs: 1
                        stage-deadline: 10s
                        largest-value: 4
                        largest-weight: 100
                        bits: 28
                        modulus-bits: 32""");

    final InMemoryTransport transport = new InMemoryTransport(3);
    final AggregatorKey key = AggregatorKey.generate();
    private final Path folder;
    private final Map<String, PrivacyBudget> budgets;
    private final Map<SiteId, SigningIdentity> identities = new TreeMap<>();
    private final Map<String, Participant> participants = new HashMap<>();
    private final List<Participant> all = new ArrayList<>();
    private Optional<Aggregator> aggregator = Optional.empty();

    SecureFederation(Path folder) {
        this(folder, Map.of());
    }

    SecureFederation(Path folder, Map<String, PrivacyBudget> budgets) {
        this.folder = folder;
        this.budgets = budgets;
        SITES.forEach(site -> identities.put(new SiteId(site), SigningIdentity.generate()));
    }

    SiteRegistry registry() {
        Map<SiteId, IdentityKey> keys = new TreeMap<>();
        identities.forEach((site, identity) -> keys.put(site, identity.publicKey()));
        return SiteRegistry.of(keys);
    }

    SiteKeys keys(String site) {
        return new SiteKeys(
                Optional.ofNullable(identities.get(new SiteId(site))).orElseThrow(), registry(), key.publicKey());
    }

    Aggregator start(Transport over, Consumer<AggregatorMessage> listener) throws InterruptedException {
        Aggregator started = aggregator(over, folder.resolve("runs"), listener);
        aggregator = Optional.of(started);
        return started;
    }

    /** Another aggregator with the same key, over a log of its own. */
    Aggregator aggregator(Transport over, Path runs, Consumer<AggregatorMessage> listener) throws InterruptedException {
        return Aggregator.start(
                new FederationId("test"),
                over,
                new AggregatorSettings(runs, 2, budgets, Optional.of(settings())),
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                listener::accept);
    }

    SecureSettings settings() {
        return new SecureSettings(key, registry());
    }

    Aggregator start() throws InterruptedException {
        return start(transport, message -> {});
    }

    Aggregator aggregator() {
        return aggregator.orElseThrow();
    }

    Participant join(String site) {
        return join(site, transport, new EngineTrainer());
    }

    Participant join(String site, Transport over, LocalTrainer trainer) {
        return join(site, builder(site).transport(over).trainer(trainer));
    }

    Participant join(String site, ParticipantBuilder builder) {
        Participant participant = builder.build();
        participants.put(site, participant);
        all.add(participant);
        participant.start();
        return participant;
    }

    ParticipantBuilder builder(String site) {
        return Samples.participant(site).policy(policy().build()).keys(keys(site));
    }

    static SitePolicyBuilder policy() {
        return Samples.policy()
                .algorithms("fedavg", "fedsgd", "hierarchical")
                .leastProtection(new ProtectionDemand.SecureAggregation(Adversary.ACTIVE, 0))
                .smallestCohort(2);
    }

    void joinAll() {
        SITES.forEach(this::join);
    }

    void stop(String site) {
        Optional.ofNullable(participants.get(site)).orElseThrow().close();
    }

    RunId submit(String plan) {
        return aggregator().submit(plan).join();
    }

    RunState awaitEnd(RunId run) {
        return await("the end of " + run)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () -> aggregator().state().run(run).orElseThrow(),
                        it -> it.ended().isPresent());
    }

    List<RoundClosed> closings(RunId run) throws InterruptedException {
        return said(Channel.ROUNDS, RoundClosed.class).stream()
                .filter(closed -> closed.place().run().equals(run))
                .toList();
    }

    <T extends Message> List<T> said(Channel channel, Class<T> kind) throws InterruptedException {
        List<T> found = new ArrayList<>();
        for (Entry entry : Reading.all(transport, channel)) {
            try {
                Message message = MessageCodec.decode(entry.frame().bytes());
                if (kind.isInstance(message)) {
                    found.add(kind.cast(message));
                }
            } catch (RefusedMessageException e) {
                throw new AssertionError("what is in the log can be read", e);
            }
        }
        return found;
    }

    float[] parameters(Hash model) throws InterruptedException {
        try (ModelCache models = new ModelCache(transport, 2, Duration.ofSeconds(1))) {
            return models.fetch(model, Samples.PARAMETERS);
        } catch (RefusedMessageException e) {
            throw new AssertionError("the aggregator's model is refused", e);
        }
    }

    @Override
    public void close() {
        all.forEach(Participant::close);
        aggregator.ifPresent(Aggregator::close);
        transport.close();
    }
}

package dev.tacita.client;

import static org.awaitility.Awaitility.await;

import dev.tacita.core.FederationId;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.PrivacyLevel;
import dev.tacita.core.learning.PrivacyTarget.Accounting;
import dev.tacita.dp.accounting.NeighbouringRelation;
import dev.tacita.dp.ledger.BudgetAccountant;
import dev.tacita.dp.ledger.DatasetAccount;
import dev.tacita.dp.ledger.LedgerContents;
import dev.tacita.dp.ledger.PrivacyBudget;
import dev.tacita.server.Aggregator;
import dev.tacita.server.AggregatorSettings;
import dev.tacita.server.report.RunHistory;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.RefusedMessageException;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.Transport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A real aggregator and real agents with ledgers, in one JVM. */
final class PrivateFederation implements AutoCloseable {
    static final double DELTA = 1e-3;

    private final Path folder;
    private final InMemoryTransport transport = new InMemoryTransport(2);
    private final Map<String, Participant> participants = new HashMap<>();
    private final Aggregator aggregator;

    PrivateFederation(Path folder, Map<String, PrivacyBudget> budgets) throws InterruptedException {
        this.folder = folder;
        aggregator = Aggregator.start(
                new FederationId("test"),
                transport,
                new AggregatorSettings(folder.resolve("runs"), 2, budgets, Optional.empty()),
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                message -> {});
    }

    static Map<String, PrivacyBudget> budget(double epsilon) {
        return Map.of(
                "sample", new PrivacyBudget(epsilon, DELTA, NeighbouringRelation.REPLACE_ONE, BudgetAccountant.RDP));
    }

    static SitePolicyBuilder policy(PrivacyLevel least, double ofARun, double ofAllRuns) {
        return Samples.policy()
                .privacy(new PrivacyDemand.Required(
                        least, ofARun, new TreeMap<>(Map.of("sample", ofAllRuns)), DELTA, Accounting.RDP));
    }

    Aggregator aggregator() {
        return aggregator;
    }

    void join(String site, SitePolicyBuilder policy) {
        join(site, policy, transport);
    }

    void join(String site, SitePolicyBuilder policy, Transport over) {
        Participant participant = Samples.participant(site)
                .policy(policy.build())
                .workFolder(workFolder(site))
                .transport(over)
                .build();
        participants.put(site, participant);
        participant.start();
    }

    void leave(String site) {
        Optional.ofNullable(participants.remove(site)).ifPresent(Participant::close);
    }

    Transport transport() {
        return transport;
    }

    Path workFolder(String site) {
        return folder.resolve(site);
    }

    /** What the site's ledger has of the dataset. */
    DatasetAccount account(String site) {
        return account(workFolder(site));
    }

    /** What the aggregator's ledger has of the dataset. */
    DatasetAccount accountOfFederation() {
        return account(folder.resolve("runs"));
    }

    static DatasetAccount account(Path home) {
        LedgerContents ledger = LedgerContents.read(home.resolve("privacy.ledger"));
        return Optional.ofNullable(ledger.accounts().get("sample")).orElseThrow();
    }

    /** How many different updates of the site are in the log; one that was sent twice is there once. */
    int released(String site) throws InterruptedException, RefusedMessageException {
        Set<Object> updates = new HashSet<>();
        try (LogReader reader = transport.read(Channel.CONTRIBUTIONS, transport.beginning(Channel.CONTRIBUTIONS))) {
            while (!reader.position().hasReached(transport.end(Channel.CONTRIBUTIONS))) {
                for (Entry entry : reader.poll(Duration.ofMillis(100))) {
                    if (MessageCodec.decode(entry.frame().bytes()) instanceof ContributionHeader header
                            && header.site().value().equals(site)
                            && header.tensor().isPresent()) {
                        updates.add(
                                List.of(header.place().round(), header.tensor().get()));
                    }
                }
            }
        }
        return updates.size();
    }

    RunId submit(String plan) {
        return aggregator.submit(plan).join();
    }

    /** What a run did, when it is over. */
    RunHistory run(String plan) {
        return end(submit(plan));
    }

    RunHistory end(RunId run) {
        return await("the end of " + run)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () -> aggregator.history(run).orElseThrow(),
                        history -> history.ended().isPresent());
    }

    @Override
    public void close() {
        Map.copyOf(participants).keySet().forEach(this::leave);
        aggregator.close();
        transport.close();
    }
}

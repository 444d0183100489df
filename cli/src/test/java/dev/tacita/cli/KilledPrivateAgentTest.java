package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.cli.Federation.Part;
import dev.tacita.core.FederationId;
import dev.tacita.core.RunId;
import dev.tacita.dp.accounting.Event;
import dev.tacita.dp.ledger.DatasetAccount;
import dev.tacita.dp.ledger.LedgerContents;
import dev.tacita.kafka.KafkaTransport;
import dev.tacita.kafka.KafkaTransportSettings;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Entry;
import dev.tacita.wire.Hash;
import dev.tacita.wire.LogReader;
import dev.tacita.wire.MessageCodec;
import dev.tacita.wire.Position;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent of a private run is killed again and again, at moments drawn at random, over a real broker. */
final class KilledPrivateAgentTest {
    private static final Duration START = Duration.ofMinutes(2);
    private static final int KILLS = 3;
    private static final int ROUNDS = 8;
    private static final int STEPS = 3000;
    private static final String SITE = "west";
    /** A run comes to 2; this has room for some rounds that are trained again. */
    private static final double BUDGET = 2.6;

    @Test
    void theLedgerHasAllTheNoiseThatWasReleasedAndTheBudgetHolds(@TempDir Path folder) throws Exception {
        long seed = 20260314;
        SplittableRandom random = new SplittableRandom(seed);
        try (Federation federation = new Federation(folder.resolve("output"))) {
            Part broker = federation.start(
                    "broker", "--folder", folder.resolve("broker").toString(), "--port", "0");
            String servers = "127.0.0.1:" + broker.await("bootstrap.servers: 127.0.0.1:(\\d+)", START);
            String plan = Demo.BREAST_CANCER
                    .privatePlan()
                    .replaceFirst("steps: \\d+", "steps: " + STEPS)
                    .replaceFirst("learning-rate: 0.5", "learning-rate: 0.01")
                    .replaceFirst("rounds: \\d+", "rounds: " + ROUNDS)
                    .replaceFirst("deadline: .*", "deadline: 60s");
            DemoFolder files = DemoFolder.write(
                    folder.resolve("federation"), Demo.BREAST_CANCER, Optional.empty(), plan, servers, 0);
            Path policy = files.site(SITE).resolve("policy.yaml");
            Files.writeString(
                    policy,
                    Files.readString(policy).replace("{breast-cancer: 2.0}", "{breast-cancer: " + BUDGET + "}"));
            Part server = federation.start(
                    "server", "--config", files.aggregatorConfig().toString());
            String api = server.await("aggregator of demo: (\\S+)", START);
            Part killed = server;
            for (String site : Demo.BREAST_CANCER.sites()) {
                Part agent = startAgent(federation, files, site);
                agent.await("ready", START);
                killed = site.equals(SITE) ? agent : killed;
            }
            Path file = Files.writeString(folder.resolve("plan.yaml"), plan);
            RunId run = new RunId(federation
                    .run("run", "submit", file.toString(), "--server", api)
                    .strip());
            for (int kill = 0; kill < KILLS; kill++) {
                Thread.sleep(random.nextInt(1500));
                killed.killHard();
                killed = startAgent(federation, files, SITE);
                killed.await("ready", START);
            }
            federation.run("run", "watch", run.value(), "--server", api);

            Set<Released> released = released(servers, run);
            DatasetAccount account = Optional.ofNullable(
                            LedgerContents.read(files.site(SITE).resolve("work/privacy.ledger"))
                                    .accounts()
                                    .get("breast-cancer"))
                    .orElseThrow();
            Map<Event, Long> steps = account.steps();
            assertThat(released).as("seed %s: noisy updates that left", seed).isNotEmpty();
            assertThat(steps).as("seed %s", seed).hasSize(1);
            assertThat(steps.values().iterator().next())
                    .as("seed %s: steps in the ledger, of %s noisy updates that left", seed, released.size())
                    .isGreaterThanOrEqualTo((long) STEPS * released.size());
            assertThat(account.spent().epsilon()).as("seed %s", seed).isLessThanOrEqualTo(BUDGET);
            assertThat(federation.run("run", "status", run.value(), "--server", api))
                    .contains("completed");
        }
    }

    private record Released(int round, List<Hash> values) {}

    private static Part startAgent(Federation federation, DemoFolder files, String site) {
        return federation.start(
                "agent", "--wait", "--config", files.siteConfig(site).toString());
    }

    /** The different updates of the site in the log; one that was sent twice is there once. */
    private static Set<Released> released(String servers, RunId run) throws Exception {
        Map<String, String> kafka = Map.of("bootstrap.servers", servers);
        Set<Released> released = new HashSet<>();
        try (Transport transport =
                KafkaTransport.connect(new FederationId("demo"), kafka, KafkaTransportSettings.STANDARD)) {
            Position end = transport.end(Channel.CONTRIBUTIONS);
            try (LogReader reader = transport.read(Channel.CONTRIBUTIONS, transport.beginning(Channel.CONTRIBUTIONS))) {
                while (!reader.position().hasReached(end)) {
                    for (Entry entry : reader.poll(Duration.ofMillis(200))) {
                        if (MessageCodec.decode(entry.frame().bytes()) instanceof ContributionHeader header
                                && header.place().run().equals(run)
                                && header.site().value().equals(SITE)
                                && header.tensor().isPresent()) {
                            released.add(new Released(
                                    header.place().round(),
                                    header.tensor().get().chunks()));
                        }
                    }
                }
            }
        }
        return released;
    }
}

package dev.tacita.client.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.tacita.client.ModelCache;
import dev.tacita.client.Participant;
import dev.tacita.client.ProtectionDemand;
import dev.tacita.client.SitePolicy;
import dev.tacita.core.FederationId;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.server.Aggregator;
import dev.tacita.server.AggregatorSettings;
import dev.tacita.server.RunState;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.Transport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ParticipateExampleTest {
    private static final String PLAN = """
            name: dose
            dataset: patients
            model:
              input: [2]
              layers:
                - dense: {units: 1}
            loss: mean-squared-error
            algorithm:
              fedsgd: {learning-rate: 0.3}
            rounds: 30
            quorum: 2
            deadline: 30s
            protection: plain
            privacy: none
            seed: 1
            """;

    private static final SitePolicy POLICY = SitePolicy.builder()
            .algorithms("fedsgd")
            .layers("dense")
            .leastProtection(ProtectionDemand.PLAIN)
            .noPrivacyRequired()
            .smallestCohort(2)
            .datasets("patients")
            .largestRounds(100)
            .shareMetrics(true)
            .withholdClassBalance()
            .build();

    @Test
    void aDatasetAndATrainerOfOnesOwnTakePartInAFederation(@TempDir Path runs) throws Exception {
        InMemoryTransport transport = new InMemoryTransport(1);
        Thread north = participate(transport, "north", 1, 120);
        Thread south = participate(transport, "south", 2, 40);
        try (Aggregator aggregator = Aggregator.start(
                        new FederationId("demo"),
                        transport,
                        new AggregatorSettings(runs, 1),
                        Clock.systemUTC(),
                        new SimpleMeterRegistry(),
                        message -> {});
                ModelCache models = new ModelCache(transport)) {
            RunId run = aggregator.submit(PLAN).join();
            RunState end = await().atMost(Duration.ofSeconds(40))
                    .until(
                            () -> aggregator.state().run(run).orElseThrow(),
                            it -> it.ended().isPresent());
            float[] dose = models.fetch(end.model().orElseThrow(), 3);
            assertThat(dose[0]).isCloseTo(3, within(0.01f));
            assertThat(dose[1]).isCloseTo(-2, within(0.01f));
            assertThat(dose[2]).isCloseTo(1, within(0.01f));
        } finally {
            north.interrupt();
            south.interrupt();
            north.join();
            south.join();
            transport.close();
        }
    }

    private static Thread participate(InMemoryTransport transport, String site, long seed, int count) {
        Thread thread = new Thread(() -> participate(transport, site, new Patients(seed, count)));
        thread.start();
        return thread;
    }

    private static void participate(Transport transport, String site, LocalDataset patients) {
        Participant.builder()
                .site(site)
                .federation("demo")
                .transport(transport)
                .policy(POLICY)
                .dataset("patients", patients)
                .trainer(new LeastSquaresTrainer())
                .build()
                .participate();
    }
}

package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.cli.Federation.Part;
import dev.tacita.config.RunPlanReader;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.server.AggregatorClient;
import dev.tacita.server.RunState;
import dev.tacita.server.RunView;
import dev.tacita.server.report.TrainedModel;
import java.math.BigDecimal;
import java.math.MathContext;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 64 sites, 25 MB each, over Kafka, into an aggregator of 384 MB that is a process of its own. */
final class LargeContributionsTest {
    private static final Duration START = Duration.ofMinutes(4);
    private static final Duration RUN = Duration.ofMinutes(15);

    private static final String PLAN = """
            name: large
            dataset: cases
            model:
              input: [2500]
              layers:
                - dense: {units: 2500, bias: false, initializer: zeros}
            loss: mean-squared-error
            algorithm:
              fedavg: {epochs: 1, batch-size: 10, optimizer: {sgd: {learning-rate: 0.1}}}
            rounds: 1
            quorum: 64
            sites: 64
            deadline: 20m
            protection: plain
            privacy: none
            seed: 7
            """;

    @Test
    void theSumOfSixtyFourContributionsOf25MegabytesIsRight(@TempDir Path folder) throws Exception {
        try (Federation federation = new Federation(folder.resolve("output"))) {
            Part broker = federation.start(
                    256,
                    "broker",
                    "--port",
                    "0",
                    "--folder",
                    folder.resolve("broker").toString());
            String bootstrap = broker.await("bootstrap.servers: (\\S+)", START);
            Path config = Files.writeString(folder.resolve("aggregator.yaml"), """
                    federation: large
                    runs-directory: runs
                    aggregation-threads: 2
                    api: {port: 0}
                    kafka: {bootstrap.servers: '%s'}
                    """.formatted(bootstrap));
            Part server = federation.start(384, "server", "--config", config.toString());
            URI api = URI.create(server.await("aggregator of large: (\\S+)", START));

            Part sites = federation.start(1024, ScriptedSites.class, "large", bootstrap);
            RunId run = complete(new AggregatorClient(api, Optional.empty()), List.of(server, sites));
            RunPlan plan = RunPlanReader.read("plan", PLAN);
            TrainedModel model = TrainedModel.read(
                    folder.resolve("runs").resolve(run.value()).resolve("model.safetensors"), plan);
            assertThat(model.parameters()).hasSize(ScriptedSites.PARAMETERS);
            assertIsMean(model.parameters());
        }
    }

    private static RunId complete(AggregatorClient client, List<Part> parts) throws Exception {
        RunId run = client.submit(PLAN);
        RunView end = Awaitility.await("the end of the run")
                .atMost(RUN)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> client.run(run), view -> {
                    parts.forEach(
                            part -> assertThat(part.isAlive()).as(part.output()).isTrue());
                    return view.hasEnded();
                });
        assertThat(end.status()).as(end.reason()).isEqualTo(RunState.Status.COMPLETED);
        return run;
    }

    /** The values repeat, so that one period of them is computed, by decimal arithmetic. */
    private static void assertIsMean(float[] parameters) {
        BigDecimal totalWeight = BigDecimal.valueOf(
                ScriptedSites.all().mapToLong(ScriptedSites::weight).sum());
        float[] expected = new float[ScriptedSites.PERIOD];
        for (int i = 0; i < expected.length; i++) {
            BigDecimal sum = BigDecimal.ZERO;
            for (int site = 0; site < ScriptedSites.SITES; site++) {
                BigDecimal value = new BigDecimal(ScriptedSites.value(site, i));
                sum = sum.add(value.multiply(BigDecimal.valueOf(ScriptedSites.weight(site))));
            }
            expected[i] = sum.divide(totalWeight, MathContext.DECIMAL128).floatValue();
        }
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i] != expected[i % expected.length]) {
                assertThat(parameters[i]).as("parameter %d", i).isEqualTo(expected[i % expected.length]);
            }
        }
    }
}

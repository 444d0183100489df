package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.client.Participant;
import dev.tacita.client.ProtectionDemand;
import dev.tacita.client.SitePolicy;
import dev.tacita.core.FederationId;
import dev.tacita.core.RunId;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import dev.tacita.kafka.KafkaTopics;
import dev.tacita.kafka.KafkaTransport;
import dev.tacita.kafka.KafkaTransportSettings;
import dev.tacita.kafka.TopicSettings;
import dev.tacita.kafkalocal.LocalBroker;
import dev.tacita.kafkalocal.LocalBrokerSettings;
import dev.tacita.server.Aggregator;
import dev.tacita.server.AggregatorSettings;
import dev.tacita.server.report.RunHistory;
import dev.tacita.testkit.ShuffledTransport;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunEnded.RunOutcome;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Hash;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.Transport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plan and its seed decide the parameters: neither the order of arrival, nor the threads, nor the transport do. */
@Timeout(180)
final class SameBitsTest {
    private static final FederationId FEDERATION = new FederationId("bits");
    private static final int SITES = 6;
    private static final int ROUNDS = 5;
    private static final String PLAN = """
            name: same bits
            dataset: sample
            model:
              input: [12]
              layers:
                - dense: {units: 32}
                - relu
                - dropout: {rate: 0.25}
                - dense: {units: 3}
            loss: softmax-cross-entropy
            algorithm:
              fedavg: {epochs: 2, batch-size: 8, optimizer: {sgd: {learning-rate: 0.1, momentum: 0.9}}}
            rounds: %d
            cohort-fraction: 0.67
            quorum: 3
            sites: %d
            deadline: 60s
            protection: plain
            privacy: none
            seed: %s
            """;

    private Path folder = Path.of("");

    @Test
    void shuffledArrivalsEightThreadsAndKafkaGiveTheSameParameters(@TempDir Path temporary) throws Exception {
        folder = temporary;
        Logs.quiet();
        Hash once = run("one", new InMemoryTransport(1), 1, "11");
        Hash shuffled = run("many", new ShuffledTransport(new InMemoryTransport(4), Channel.CONTRIBUTIONS, 5), 8, "11");

        assertThat(shuffled).isEqualTo(once);
        assertThat(overKafka("11")).isEqualTo(once);
        assertThat(run("other", new InMemoryTransport(1), 1, "12"))
                .as("another seed")
                .isNotEqualTo(once);
    }

    private Hash overKafka(String seed) throws InterruptedException {
        try (LocalBroker broker = LocalBroker.start(LocalBrokerSettings.inTheClear(folder.resolve("broker"), 0))) {
            Map<String, String> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (KafkaTopics topics = KafkaTopics.of(FEDERATION, kafka, Duration.ofSeconds(30))) {
                topics.create(new TopicSettings(4, 1, TopicSettings.ONE_BROKER.retention()));
            }
            return run("kafka", KafkaTransport.connect(FEDERATION, kafka, KafkaTransportSettings.STANDARD), 8, seed);
        }
    }

    private Hash run(String runs, Transport transport, int threads, String seed) throws InterruptedException {
        List<Participant> participants = new ArrayList<>();
        try (transport;
                Aggregator aggregator = Aggregator.start(
                        FEDERATION,
                        transport,
                        new AggregatorSettings(folder.resolve(runs), threads),
                        Clock.systemUTC(),
                        new SimpleMeterRegistry(),
                        message -> {})) {
            for (int site = 0; site < SITES; site++) {
                Participant participant = participant(site, transport);
                participants.add(participant);
                participant.start();
            }
            try {
                return run(aggregator, PLAN.formatted(ROUNDS, SITES, seed));
            } finally {
                participants.forEach(Participant::close);
            }
        }
    }

    private static Hash run(Aggregator aggregator, String plan) {
        RunId run = aggregator.submit(plan).join();
        RunHistory history = Awaitility.await("the end of " + run)
                .atMost(Duration.ofSeconds(90))
                .until(
                        () -> aggregator.history(run).orElseThrow(),
                        it -> it.ended().isPresent());
        RunEnded ended = history.ended().orElseThrow();
        assertThat(ended.outcome()).as(ended.reason()).isEqualTo(RunOutcome.COMPLETED);
        assertCohortsVary(history);
        return ended.model().orElseThrow();
    }

    private static void assertCohortsVary(RunHistory history) {
        Set<List<String>> cohorts = history.lines().subList(0, ROUNDS).stream()
                .map(line -> line.counted().stream()
                        .map(counted -> counted.site().value())
                        .toList())
                .collect(Collectors.toSet());
        assertThat(cohorts).allSatisfy(cohort -> assertThat(cohort).hasSize(4)).hasSizeGreaterThan(1);
    }

    private static Participant participant(int site, Transport transport) {
        return Participant.builder()
                .site("site-" + site)
                .federation(FEDERATION.value())
                .transport(transport)
                .policy(SitePolicy.builder()
                        .algorithms("fedavg")
                        .layers("dense", "relu", "dropout")
                        .leastProtection(ProtectionDemand.PLAIN)
                        .noPrivacyRequired()
                        .smallestCohort(3)
                        .datasets("sample")
                        .largestRounds(ROUNDS)
                        .shareMetrics(true)
                        .withholdClassBalance()
                        .build())
                .dataset("sample", new Sample(examples(site, 40 + 9 * site), examples(site + 100, 10)))
                .build();
    }

    private static Examples examples(long seed, int count) {
        RandomGenerator random = SeedStream.of(seed).derive("examples").random();
        float[] inputs = new float[count * 12];
        float[] targets = new float[count];
        for (int i = 0; i < count; i++) {
            float sum = 0;
            for (int j = 0; j < 12; j++) {
                inputs[12 * i + j] = (float) random.nextGaussian();
                sum += inputs[12 * i + j];
            }
            targets[i] = sum < -1 ? 0 : sum > 1 ? 2 : 1;
        }
        return new ArrayExamples(Shape.of(12), 1, inputs, targets);
    }

    private record Sample(Examples train, Examples test) implements LocalDataset {
        @Override
        public Examples validation() {
            return ArrayExamples.none(train.inputShape(), train.targetSize());
        }
    }
}

package dev.tacita.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.client.Participant;
import dev.tacita.client.ProtectionDemand;
import dev.tacita.client.SitePolicy;
import dev.tacita.config.RunPlanReader;
import dev.tacita.core.FederationId;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.kafka.KafkaTopics;
import dev.tacita.kafka.KafkaTransport;
import dev.tacita.kafka.KafkaTransportSettings;
import dev.tacita.kafka.TopicSettings;
import dev.tacita.kafkalocal.LocalBroker;
import dev.tacita.kafkalocal.LocalBrokerSettings;
import dev.tacita.server.Aggregator;
import dev.tacita.server.AggregatorSettings;
import dev.tacita.server.report.RoundLine;
import dev.tacita.server.report.RunHistory;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RunEnded.RunOutcome;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.Tensors;
import dev.tacita.wire.Transport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * FedBuff, an aggregator and agents: what one site is asked in round 1 it answers in round 3, after it and the aggregator were ended
 * and started again. The model is what the single updates give by hand.
 */
@Timeout(180)
final class BufferedRunTest {
    private static final FederationId FEDERATION = new FederationId("buffer");
    private static final String PLAN = """
            name: buffered
            dataset: sample
            model:
              input: [5]
              layers:
                - dense: {units: 6}
                - tanh
                - dense: {units: 2}
            loss: softmax-cross-entropy
            algorithm:
              fedbuff:
                epochs: 2
                batch-size: 8
                optimizer: {sgd: {learning-rate: 0.1}}
                buffer: 2
                concurrency: 3
            rounds: 3
            quorum: 2
            sites: 3
            deadline: 120s
            protection: plain
            privacy: none
            seed: 17
            """;

    private final RunPlan plan = RunPlanReader.read("plan", PLAN);
    private final CountDownLatch cBegan = new CountDownLatch(1);
    private final CountDownLatch secondClosed = new CountDownLatch(2);
    private final CountDownLatch cMayGoOn = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);

    @Test
    void aSiteTwoStepsLateCountsForWhatItIsWorthInMemory(@TempDir Path folder) throws Exception {
        Logs.quiet();
        run(folder, new InMemoryTransport(1));
    }

    @Test
    void aSiteTwoStepsLateCountsForWhatItIsWorthOverKafka(@TempDir Path folder) throws Exception {
        Logs.quiet();
        try (LocalBroker broker = LocalBroker.start(LocalBrokerSettings.inTheClear(folder.resolve("broker"), 0))) {
            Map<String, String> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
            try (KafkaTopics topics = KafkaTopics.of(FEDERATION, kafka, Duration.ofSeconds(30))) {
                topics.create(new TopicSettings(2, 1, TopicSettings.ONE_BROKER.retention()));
            }
            run(folder, KafkaTransport.connect(FEDERATION, kafka, KafkaTransportSettings.STANDARD));
        }
    }

    private void run(Path folder, Transport transport) throws Exception {
        AtomicInteger trainingsOfB = new AtomicInteger();
        LocalTrainer b = gated(() -> {
            if (trainingsOfB.incrementAndGet() == 3) {
                never.await();
            }
        });
        LocalTrainer c = gated(() -> {
            cBegan.countDown();
            cMayGoOn.await();
        });
        try (transport;
                Participant siteA = start("a", new EngineTrainer(), folder, transport);
                Participant siteB = start("b", b, folder, transport)) {
            assertThat(List.of(siteA, siteB)).doesNotHaveDuplicates();
            RunId run;
            try (Participant siteC = start("c", c, folder, transport);
                    Aggregator aggregator = aggregator(folder, transport)) {
                assertThat(siteC).isNotNull();
                run = aggregator.submit(PLAN).join();
                cBegan.await();
                secondClosed.await();
            }
            cMayGoOn.countDown();
            try (Aggregator aggregator = aggregator(folder, transport);
                    Participant siteC = start("c", c, folder, transport)) {
                assertThat(siteC).isNotNull();
                RunHistory history = Awaitility.await("the end of " + run)
                        .atMost(Duration.ofSeconds(90))
                        .until(
                                () -> aggregator.history(run).orElseThrow(),
                                it -> it.ended().isPresent());
                assertThat(history.ended().orElseThrow().outcome()).isEqualTo(RunOutcome.COMPLETED);
                RoundLine third = history.lines().get(2);
                assertThat(third.counted()).extracting(it -> it.site().value()).containsExactly("a", "c");
                assertThat(third.counted()).extracting(it -> it.staleness(3)).containsExactly(0, 2);
                assertThat(history.model()).contains(Tensors.sha256(byHand()));
            }
        }
    }

    private Aggregator aggregator(Path folder, Transport transport) throws InterruptedException {
        return Aggregator.start(
                FEDERATION,
                transport,
                new AggregatorSettings(folder.resolve("runs"), 2),
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                message -> {
                    if (message instanceof RoundClosed) {
                        secondClosed.countDown();
                    }
                });
    }

    private interface Gate {
        void pass() throws InterruptedException;
    }

    private static LocalTrainer gated(Gate gate) {
        return new LocalTrainer() {
            @Override
            public LocalResult train(LocalTask task, Examples train) throws InterruptedException {
                gate.pass();
                return new EngineTrainer().train(task, train);
            }

            @Override
            public Evaluation evaluate(LocalTask task, Examples examples) throws InterruptedException {
                return new EngineTrainer().evaluate(task, examples);
            }
        };
    }

    private static Participant start(String site, LocalTrainer trainer, Path folder, Transport transport) {
        Participant participant = Participant.builder()
                .site(site)
                .federation(FEDERATION.value())
                .transport(transport)
                .workFolder(folder.resolve(site))
                .trainer(trainer)
                .policy(SitePolicy.builder()
                        .algorithms("fedbuff")
                        .layers("dense", "tanh")
                        .leastProtection(ProtectionDemand.PLAIN)
                        .noPrivacyRequired()
                        .smallestCohort(2)
                        .datasets("sample")
                        .largestRounds(3)
                        .shareMetrics(true)
                        .withholdClassBalance()
                        .build())
                .dataset("sample", new Sample(examples(site)))
                .build();
        participant.start();
        return participant;
    }

    private static Examples examples(String site) {
        RandomGenerator random =
                SeedStream.of(site.hashCode()).derive("examples").random();
        float[] inputs = new float[40 * 5];
        float[] targets = new float[40];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextGaussian();
            targets[i / 5] = inputs[i - i % 5] > 0 ? 1 : 0;
        }
        return new ArrayExamples(Shape.of(5), 1, inputs, targets);
    }

    private record Sample(Examples train) implements LocalDataset {
        @Override
        public Examples validation() {
            return ArrayExamples.none(train.inputShape(), train.targetSize());
        }

        @Override
        public Examples test() {
            return train;
        }
    }

    private float[] byHand() throws InterruptedException {
        float[] first =
                plan.model().layout().initialValues(SeedStream.of(plan.seed()).derive("initial-parameters"));
        float[] second = stepped(first, update("a", 1, first), 1, update("b", 1, first), 1);
        float[] third = stepped(second, update("a", 2, second), 1, update("b", 2, second), 1);
        return stepped(third, update("a", 3, third), 1, update("c", 1, first), 1 / Math.sqrt(3));
    }

    private float[] update(String site, int round, float[] model) throws InterruptedException {
        SeedStream seeds = SeedStream.of(plan.seed())
                .derive("round")
                .derive(round)
                .derive("site")
                .derive(new SiteId(site).value());
        LocalTask task =
                new LocalTask(plan.model(), plan.loss(), plan.algorithm().work(round), model, seeds);
        return new EngineTrainer().train(task, examples(site)).update().valuesInTheClear();
    }

    private static float[] stepped(float[] from, float[] a, double weightA, float[] b, double weightB) {
        float[] next = new float[from.length];
        for (int i = 0; i < next.length; i++) {
            double sum = fixed(a[i] * weightA) + fixed(b[i] * weightB);
            next[i] = (float) (from[i] + sum / 2);
        }
        return next;
    }

    /** What counts of a value: float32, then a multiple of 2^-32. */
    private static double fixed(double value) {
        return Math.rint((float) value * 0x1p32) / 0x1p32;
    }
}

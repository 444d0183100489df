package dev.tacita.region;

import dev.tacita.client.AgentTiming;
import dev.tacita.client.ProtectionDemand;
import dev.tacita.client.SitePolicy;
import dev.tacita.client.SitePolicyBuilder;
import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Plans, policies and rows that tests share. */
final class Samples {
    static final AgentTiming FAST = new AgentTiming(
            Duration.ofMillis(10),
            Duration.ofMillis(10),
            Duration.ofMillis(40),
            Duration.ofMillis(300),
            Duration.ofSeconds(4));

    /** The rate of the sites changes in each of their rounds, so that a round counted wrongly shows. */
    static final String PLAN = """
            name: by regions
            dataset: sample
            model:
              input: [3]
              layers:
                - dense: {units: 4}
                - tanh
                - dropout: {rate: 0.2}
                - dense: {units: 2}
            loss: softmax-cross-entropy
            algorithm:
              hierarchical:
                epochs: 2
                batch-size: 4
                optimizer: {sgd: {learning-rate: 0.1}}
                schedule-of-rounds: {exponential: {decay: 0.8}}
                server-learning-rate: 0.9
                edge-rounds: 2
            rounds: 3
            quorum: 2
            deadline: 60s
            protection: plain
            privacy: none
            seed: 7
            """;

    private Samples() {}

    static SitePolicyBuilder policy() {
        return SitePolicy.builder()
                .algorithms("fedavg", "hierarchical")
                .layers("dense", "tanh", "dropout")
                .leastProtection(ProtectionDemand.PLAIN)
                .noPrivacyRequired()
                .smallestCohort(1)
                .datasets("sample")
                .largestRounds(6)
                .shareMetrics(true)
                .withholdClassBalance();
    }

    /** Of a site; each has another number of rows. */
    static LocalDataset dataset(int site) {
        return new InMemory(examples(site, 10 + 7 * site), examples(site + 1000, 7), examples(site + 2000, 9 + site));
    }

    private static ArrayExamples examples(long seed, int count) {
        RandomGenerator random = SeedStream.of(seed).derive("examples").random();
        float[] inputs = new float[count * 3];
        float[] targets = new float[count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < 3; j++) {
                inputs[3 * i + j] = (float) random.nextGaussian();
            }
            targets[i] = inputs[3 * i] + inputs[3 * i + 1] > 0 ? 1 : 0;
        }
        return new ArrayExamples(Shape.of(3), 1, inputs, targets);
    }

    private record InMemory(Examples train, Examples validation, Examples test) implements LocalDataset {}
}

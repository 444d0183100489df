package dev.tacita.client;

import dev.tacita.core.learning.ArrayExamples;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.LocalResult;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalTrainer;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Plans, policies and examples that tests share. */
final class Samples {
    static final AgentTiming FAST = new AgentTiming(
            Duration.ofMillis(10),
            Duration.ofMillis(10),
            Duration.ofMillis(40),
            Duration.ofMillis(300),
            Duration.ofSeconds(4));

    static final String PLAN = """
            name: a sample
            dataset: sample
            model:
              input: [3]
              layers:
                - dense: {units: 4}
                - tanh
                - dense: {units: 2}
            loss: softmax-cross-entropy
            algorithm:
              fedavg: {epochs: 2, batch-size: 4, optimizer: {sgd: {learning-rate: 0.1}}}
            rounds: 3
            quorum: 1
            deadline: 60s
            protection: plain
            privacy: none
            seed: 7
            """;

    /** Of the model in {@link #PLAN}. */
    static final int PARAMETERS = 3 * 4 + 4 + 4 * 2 + 2;

    private Samples() {}

    static SitePolicyBuilder policy() {
        return SitePolicy.builder()
                .algorithms("fedavg", "fedsgd")
                .layers("dense", "tanh", "relu", "conv2d", "max-pool2d", "flatten")
                .leastProtection(ProtectionDemand.PLAIN)
                .noPrivacyRequired()
                .smallestCohort(1)
                .datasets("sample")
                .anyNumberOfRounds()
                .shareMetrics(true)
                .withholdClassBalance();
    }

    static float[] parameters(long seed) {
        RandomGenerator random = SeedStream.of(seed).random();
        float[] values = new float[PARAMETERS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() / 3;
        }
        return values;
    }

    static ArrayExamples examples(long seed, int count) {
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

    static LocalDataset dataset(long seed) {
        return new InMemory(examples(seed, 30), examples(seed + 1000, 7), examples(seed + 2000, 9));
    }

    static ParticipantBuilder participant(String site) {
        return Participant.builder()
                .site(site)
                .federation("test")
                .policy(policy().build())
                .dataset("sample", dataset(site.hashCode()))
                .timing(FAST);
    }

    /** Three sets of examples. */
    record InMemory(Examples train, Examples validation, Examples test) implements LocalDataset {}

    /** A trainer whose training a test decides. */
    interface Training extends LocalTrainer {
        @Override
        default Evaluation evaluate(LocalTask task, Examples examples) {
            return new Evaluation(examples.size(), examples.size(), 0);
        }
    }

    static LocalResult result(float[] values) {
        return new LocalResult(new ModelUpdate(values, 30), new Evaluation(30, 30, 15));
    }
}

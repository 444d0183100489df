package dev.tacita.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.core.RunId;
import dev.tacita.core.learning.PrivacyLevel;
import dev.tacita.core.learning.PrivacyTarget.Accounting;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.Channel;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.SiteMessage.Refusal;
import dev.tacita.wire.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A round with noise that is asked again: the same update, or new noise that counts; and no round beyond the budget. */
class RepeatedPrivateRoundTest {
    private static final String PLAN = Samples.PLAN.replace(
            "privacy: none", "privacy: {examples: {clip: {flat: {norm: 1}}, epsilon: 2, delta: 0.001}}");
    private static final float[] MODEL = Samples.parameters(1);

    private final InMemoryTransport transport = new InMemoryTransport(1);
    private final ScriptedAggregator aggregator = new ScriptedAggregator(transport);
    private final Path folder;

    RepeatedPrivateRoundTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void close() {
        aggregator.close();
        transport.close();
    }

    @Test
    void aRestartedAgentAndAnotherAttemptSendWhatWasKeptAndSpendNothing() {
        RunId run = aggregator.openRun("again", PLAN);
        RoundKey first = aggregator.openRound(run, 1, 1, MODEL, "a");
        float[] values = during(3, () -> aggregator.values(first, "a", MODEL.length));
        long steps = steps();
        float[] again = during(3, () -> {
            assertThat(contributions(2))
                    .extracting(ContributionHeader::tensor)
                    .containsOnly(contributions(1).get(0).tensor());
            RoundKey second = aggregator.openRound(run, 1, 2, MODEL, "a");
            return aggregator.values(second, "a", MODEL.length);
        });
        assertThat(again).isEqualTo(values);
        assertThat(steps()).as("steps in the ledger").isEqualTo(steps).isEqualTo(15);
        assertThat(contributions(3))
                .extracting(ContributionHeader::epsilon)
                .containsOnly(contributions(1).get(0).epsilon());
    }

    @Test
    void whereTheKeptUpdateIsLostOrDamagedNewNoiseIsCounted() throws Exception {
        RunId run = aggregator.openRun("again", PLAN);
        RoundKey first = aggregator.openRound(run, 1, 1, MODEL, "a");
        float[] values = during(3, () -> aggregator.values(first, "a", MODEL.length));
        Path kept = folder.resolve("kept").resolve("again.update");
        byte[] bytes = Files.readAllBytes(kept);
        bytes[bytes.length - 1] ^= 1;
        Files.write(kept, bytes);
        float[] again = during(3, () -> {
            RoundKey second = aggregator.openRound(run, 1, 2, MODEL, "a");
            return aggregator.values(second, "a", MODEL.length);
        });
        assertThat(again).isNotEqualTo(values);
        assertThat(steps()).as("steps in the ledger: twice a round at least").isGreaterThanOrEqualTo(2 * 15);
    }

    @Test
    void theRoundThatWouldOverspendIsRefusedToTheAggregatorWhicheverRunAsks() {
        RunId one = aggregator.openRun("one", PLAN);
        RunId two = aggregator.openRun("two", PLAN);
        Refusal refusal = during(2.1, () -> {
            for (int round = 1; round <= 3; round++) {
                aggregator.answer(aggregator.openRound(one, round, 1, MODEL, "a"), "a");
                aggregator.closeRound(new RoundKey(one, round, 1), Tensors.sha256(MODEL));
            }
            aggregator.openRound(new RoundKey(two, 1, 1), Purpose.TRAIN, Tensors.sha256(MODEL), "a");
            return aggregator.hear(Channel.SITES, Refusal.class, 1).get(0);
        });
        assertThat(refusal.run()).isEqualTo(two);
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.POLICY);
        assertThat(refusal.reasons().get(0)).startsWith("of-datasets: ").contains("budget of 'sample' is epsilon 2.1");
        assertThat(PrivateFederation.account(folder).spent().epsilon()).isLessThanOrEqualTo(2.1);
    }

    /** What comes of this while an agent with such a budget follows the aggregator. */
    private <T> T during(double budget, Supplier<T> events) {
        Participant agent = Samples.participant("a")
                .policy(Samples.policy()
                        .privacy(new PrivacyDemand.Required(
                                PrivacyLevel.EXAMPLES,
                                2,
                                new TreeMap<>(Map.of("sample", budget)),
                                1e-3,
                                Accounting.RDP))
                        .build())
                .workFolder(folder)
                .transport(transport)
                .build();
        agent.start();
        try {
            return events.get();
        } finally {
            agent.close();
        }
    }

    private long steps() {
        return PrivateFederation.account(folder).steps().values().stream()
                .collect(Collectors.summingLong(Long::longValue));
    }

    private List<ContributionHeader> contributions(int count) {
        return aggregator.hear(Channel.CONTRIBUTIONS, ContributionHeader.class, count);
    }
}

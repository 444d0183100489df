package dev.tacita.client;

import static dev.tacita.client.Samples.PLAN;
import static dev.tacita.client.Samples.parameters;
import static dev.tacita.client.Samples.participant;
import static dev.tacita.client.Samples.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.wire.AggregatorMessage.ModelChunk;
import dev.tacita.wire.AggregatorMessage.ModelHeader;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunOpened;
import dev.tacita.wire.Channel;
import dev.tacita.wire.ElementType;
import dev.tacita.wire.Frame;
import dev.tacita.wire.Hash;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.ModelMessages;
import dev.tacita.wire.Position;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage.ContributionHeader;
import dev.tacita.wire.SiteMessage.Hello;
import dev.tacita.wire.SiteMessage.Refusal;
import dev.tacita.wire.TensorHeader;
import dev.tacita.wire.Tensors;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostileAggregatorTest {
    private final InMemoryTransport transport = new InMemoryTransport(1);
    private final ScriptedAggregator aggregator = new ScriptedAggregator(transport);
    private final Participant north = participant("north")
            .policy(policy().algorithms("fedavg", "fedsgd", "hierarchical").build())
            .transport(transport)
            .build();

    @BeforeEach
    void open() {
        north.start();
        aggregator.hear(Channel.SITES, Hello.class, 1);
    }

    @AfterEach
    void close() {
        north.close();
        aggregator.close();
        transport.close();
    }

    /** The round fails for this reason, and the next one is answered. */
    private void refusesTheModel(Hash model, String reason) {
        RunId run = aggregator.openRun("heart", PLAN);
        aggregator.openRound(new RoundKey(run, 1, 1), Purpose.TRAIN, model, "north");
        Refusal refusal = aggregator.hear(Channel.SITES, Refusal.class, 1).get(0);
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.FAILURE);
        assertThat(refusal.reasons()).singleElement().asString().contains(reason);
        aggregator.answer(aggregator.openRound(run, 2, 1, parameters(9), "north"), "north");
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .hasSize(1);
    }

    @Test
    void aModelWithAnotherHashIsRefused() {
        Hash claimed = Tensors.sha256(parameters(1));
        aggregator.sendModel(ModelMessages.of(claimed, parameters(2)));
        refusesTheModel(claimed, "the model must have the SHA-256 " + claimed);
    }

    @Test
    void aChunkWithOtherBytesIsRefused() {
        float[] values = parameters(1);
        aggregator.write(
                new ModelHeader(Tensors.sha256(values), Tensors.header(values)),
                new ModelChunk(Tensors.sha256(values), Tensors.chunk(parameters(2), 0)));
        refusesTheModel(Tensors.sha256(values), "chunk 0 must have the SHA-256");
    }

    @Test
    void aModelWithoutItsChunkIsRefused() {
        float[] values = parameters(1);
        aggregator.write(new ModelHeader(Tensors.sha256(values), Tensors.header(values)));
        refusesTheModel(Tensors.sha256(values), "which was not sent in full");
    }

    @Test
    void aModelThatWasNeverSentIsRefused() {
        refusesTheModel(Tensors.sha256(parameters(1)), "which was not sent");
    }

    @Test
    void aModelOfAnotherSizeIsRefused() {
        float[] values = new float[5];
        aggregator.sendModel(ModelMessages.of(values));
        refusesTheModel(Tensors.sha256(values), "the tensor must have 26 elements of FLOAT32. Provided value: 5");
    }

    @Test
    void aModelAnnouncedLargerThanMemoryIsRefused() {
        Hash model = Tensors.sha256(parameters(1));
        int chunks = 4000;
        aggregator.write(new ModelHeader(
                model,
                new TensorHeader(
                        ElementType.FLOAT32,
                        chunks * (TensorHeader.CHUNK_BYTES / 4),
                        Collections.nCopies(chunks, model))));
        refusesTheModel(model, "the tensor must have 26 elements of FLOAT32");
    }

    @Test
    void aModelSentAgainAfterABadCopyIsTaken() {
        float[] values = parameters(1);
        aggregator.sendModel(ModelMessages.of(Tensors.sha256(values), parameters(2)));
        aggregator.sendModel(ModelMessages.of(values));
        RunId run = aggregator.openRun("heart", PLAN);
        RoundKey place = new RoundKey(run, 1, 1);
        aggregator.openRound(place, Purpose.TRAIN, Tensors.sha256(values), "north");
        aggregator.answer(place, "north");
    }

    @Test
    void bytesOfAnyKindInItsLogsArePassedOver() {
        long seed = 20_261_122;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            Frame frame = new Frame("aggregator", Map.of(), ByteBuffer.wrap(bytes));
            aggregator.writeFrame(i % 2 == 0 ? Channel.ROUNDS : Channel.MODELS, frame);
        }
        RunId run = aggregator.openRun("heart", PLAN);
        ContributionHeader answer = aggregator.answer(aggregator.openRound(run, 1, 1, parameters(1), "north"), "north");
        assertThat(answer.weight()).as("seed %s", seed).isEqualTo(30);
    }

    @Test
    void roundsOfUnknownRunsAndClosedRoundsAreIgnored() {
        RunId nowhere = new RunId("nowhere");
        RoundKey ghost = aggregator.openRound(nowhere, 1, 1, parameters(1), "north");
        aggregator.closeRound(ghost, Tensors.sha256(parameters(1)));
        aggregator.closeRound(ghost, Tensors.sha256(parameters(1)));
        aggregator.endRun(nowhere);
        RunId run = aggregator.openRun("heart", PLAN);
        aggregator.answer(aggregator.openRound(run, 1, 1, parameters(1), "north"), "north");
        assertThat(aggregator.heard(Channel.SITES, Refusal.class)).isEmpty();
    }

    @Test
    void openingTheSameRunTwiceDoesNotChangeItsPlan() {
        RunId run = aggregator.openRun("heart", PLAN);
        aggregator.openRun(
                "heart",
                PLAN.replace(
                        "fedavg: {epochs: 2, batch-size: 4, optimizer: {sgd: {learning-rate: 0.1}}}",
                        "fedsgd: {learning-rate: 1000.0}"));
        RoundKey place = aggregator.openRound(run, 1, 1, parameters(1), "north");
        ContributionHeader answer = aggregator.answer(place, "north");
        assertThat(answer.training().orElseThrow().examples())
                .as("two epochs of 30 examples")
                .isEqualTo(60);
        await().pollDelay(Duration.ofMillis(50)).until(() -> true);
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .isEqualTo(List.of(answer));
    }

    private void failsTheRound(RoundKey place, Purpose purpose, String reason) {
        aggregator.sendModel(ModelMessages.of(parameters(1)));
        aggregator.openRound(place, purpose, Tensors.sha256(parameters(1)), "north");
        Refusal refusal = aggregator.hear(Channel.SITES, Refusal.class, 1).get(0);
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.FAILURE);
        assertThat(refusal.reasons()).containsExactly(reason);
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .isEmpty();
    }

    @Test
    void aRoundMoreThanThePlanHasIsNotAnswered() {
        RunId run = aggregator.openRun("heart", PLAN);
        failsTheRound(new RoundKey(run, 4, 1), Purpose.TRAIN, "the plan has 3 rounds of training. Provided value: 4");
    }

    @Test
    void aPartOfARunThatBeginsFromAnotherModelThanItsPlanSaysIsNotAnswered() {
        String part = "edge-rounds: 3, part-of: {run: country-1, round: 1, rounds: 1, model: '%s'}, epochs: 2";
        String begins = Tensors.sha256(parameters(7)).toString();
        RunId run = aggregator.openRun(
                "heart", PLAN.replace("fedavg:", "hierarchical:").replace("epochs: 2", part.formatted(begins)));
        failsTheRound(
                new RoundKey(run, 1, 1),
                Purpose.TRAIN,
                "the plan begins from model " + begins + ". Provided value: " + Tensors.sha256(parameters(1)));
    }

    @Test
    void anEvaluationBeforeTheLastRoundIsNotAnswered() {
        RunId run = aggregator.openRun("heart", PLAN);
        failsTheRound(
                new RoundKey(run, 2, 1), Purpose.EVALUATE, "the plan evaluates after its 3 rounds. Provided value: 2");
    }

    @Test
    void aRoundIsAskedOfTheDataOnceWhateverModelsFollow() {
        RunId run = aggregator.openRun("heart", PLAN);
        aggregator.answer(aggregator.openRound(run, 1, 2, parameters(1), "north"), "north");
        aggregator.openRound(run, 1, 1, parameters(2), "north");
        aggregator.openRound(run, 1, 2, parameters(3), "north");
        aggregator.openRound(run, 1, 3, parameters(4), "north");
        aggregator.answer(aggregator.openRound(run, 2, 1, parameters(5), "north"), "north");
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .extracting(
                        header -> header.place().round() + "/" + header.place().attempt())
                .containsExactly("1/2", "2/1");
        assertThat(aggregator.heard(Channel.SITES, Refusal.class)).isEmpty();
    }

    @Test
    void aRoundBelowTheSmallestCohortIsNotAnsweredThoughItsPlanWas() {
        try (Participant south = participant("south")
                .policy(Samples.policy().smallestCohort(2).build())
                .transport(transport)
                .build()) {
            south.start();
            RunId run = aggregator.openRun("heart", PLAN.replace("quorum: 1", "quorum: 2"));
            aggregator.sendModel(ModelMessages.of(parameters(1)));
            Hash model = Tensors.sha256(parameters(1));
            aggregator.openRound(new RoundKey(run, 1, 1), Purpose.TRAIN, model, "south", "south");
            assertThat(aggregator.hear(Channel.SITES, Refusal.class, 1).get(0).reasons())
                    .containsExactly("smallest-cohort: the policy asks for at least 2 sites in each sum; the round asks"
                            + " 1 sites and has a quorum of 1");
        }
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, ContributionHeader.class))
                .isEmpty();
    }

    @Test
    void runsWithoutEndDoNotFillItsMemory() {
        SiteId site = new SiteId("basel");
        Journal journal = new Journal(site, "s");
        Position place = new Position(List.of(0L));
        for (int i = 0; i < 1000; i++) {
            journal.take(new RunOpened(new RunId("run-" + i), "x", "test", Instant.EPOCH), place, Instant.EPOCH, false);
        }
        assertThat(journal.runs()).hasSize(256);
        journal.take(
                new RunEnded(
                        new RunId("run-3"),
                        RunEnded.RunOutcome.STOPPED,
                        "the test says so",
                        Optional.empty(),
                        Instant.EPOCH),
                place,
                Instant.EPOCH,
                false);
        journal.take(new RunOpened(new RunId("next"), "x", "test", Instant.EPOCH), place, Instant.EPOCH, false);
        assertThat(journal.runs()).extracting(FollowedRun::id).contains(new RunId("next"));
    }

    @Test
    void aRunOpenedAnewUnderTheNameOfOneThatIsOverIsAnsweredForItself() {
        RunId run = aggregator.openRun("heart", PLAN);
        RoundKey place = aggregator.openRound(run, 1, 1, parameters(1), "north");
        aggregator.answer(place, "north");
        aggregator.sendModel(ModelMessages.of(parameters(2)));
        Instant at = Instant.now();
        aggregator.write(
                new RunEnded(run, RunEnded.RunOutcome.STOPPED, "the test says so", Optional.empty(), at),
                new RunOpened(run, PLAN.replace("seed: 7", "seed: 8"), "test", at),
                new RoundOpened(
                        place,
                        Purpose.TRAIN,
                        List.of(new SiteId("north")),
                        Tensors.sha256(parameters(2)),
                        1,
                        at.plusSeconds(60),
                        new Position(List.of(0L)),
                        at,
                        1,
                        Optional.empty()));
        aggregator.hear(Channel.CONTRIBUTIONS, ContributionHeader.class, 2);
    }
}

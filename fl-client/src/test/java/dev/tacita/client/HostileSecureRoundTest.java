package dev.tacita.client;

import static dev.tacita.client.SecureFederation.PLAN;
import static dev.tacita.client.SecureFederation.SITES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.secureagg.AggregationMessage;
import dev.tacita.secureagg.AggregationMessage.FromAggregator;
import dev.tacita.secureagg.AggregationMessage.FromSite;
import dev.tacita.secureagg.AggregationMessage.KeyList;
import dev.tacita.secureagg.AggregationMessage.SharesDelivered;
import dev.tacita.secureagg.AggregationMessage.SurvivorList;
import dev.tacita.secureagg.AggregatorSession;
import dev.tacita.secureagg.Octets;
import dev.tacita.secureagg.PlannedTerms;
import dev.tacita.secureagg.Reception;
import dev.tacita.secureagg.Workers;
import dev.tacita.wire.AggregatorMessage.Purpose;
import dev.tacita.wire.AggregatorMessage.RoundClosed;
import dev.tacita.wire.AggregatorMessage.RoundOpened;
import dev.tacita.wire.AggregatorMessage.RunEnded;
import dev.tacita.wire.AggregatorMessage.RunEnded.RunOutcome;
import dev.tacita.wire.AggregatorMessage.StageMessage;
import dev.tacita.wire.Channel;
import dev.tacita.wire.Hash;
import dev.tacita.wire.InMemoryTransport;
import dev.tacita.wire.ModelMessages;
import dev.tacita.wire.Position;
import dev.tacita.wire.RoundKey;
import dev.tacita.wire.SiteMessage.Hello;
import dev.tacita.wire.SiteMessage.Refusal;
import dev.tacita.wire.SiteMessage.StageAnswer;
import dev.tacita.wire.Stage;
import dev.tacita.wire.TensorChunk;
import dev.tacita.wire.Tensors;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real agents, and an aggregator that does not keep to the protocol of secure aggregation. */
@Timeout(60)
class HostileSecureRoundTest {
    private static final float[] MODEL = Samples.parameters(1);
    private static final Hash HASH = Tensors.sha256(MODEL);

    /** As a region's part in round 2 of another run. */
    private static final String PART = PLAN.replace(
                    "fedavg: {epochs",
                    "hierarchical: {part-of: {run: whole, round: 2,"
                            + " rounds: 5, model: '%s'}, edge-rounds: 3, epochs".formatted(HASH))
            .replace("a sample", "whole round 2");

    private String text = PLAN;
    private final List<SiteId> cohort = SITES.stream().map(SiteId::new).toList();
    private final Path folder;
    private final SecureFederation federation;
    private ScriptedAggregator aggregator;
    private RunId run = new RunId("none");

    HostileSecureRoundTest(@TempDir Path folder) {
        this.folder = folder;
        federation = new SecureFederation(folder);
        aggregator = new ScriptedAggregator(federation.transport);
    }

    @BeforeEach
    void open() {
        SITES.forEach(site -> federation.join(
                site, federation.builder(site).transport(federation.transport).workFolder(folder.resolve(site))));
        openRun();
    }

    private void openRun() {
        aggregator.hear(Channel.SITES, Hello.class, 3).forEach(aggregator::admit);
        openRun("heart");
        aggregator.sendModel(ModelMessages.of(MODEL));
    }

    private void openRun(String name) {
        run = aggregator.openRun(name, text);
    }

    private void endRun() {
        aggregator.write(new RunEnded(run, RunOutcome.STOPPED, "asked anew", Optional.of(HASH), Instant.now()));
    }

    @AfterEach
    void close() {
        federation.close();
        aggregator.close();
    }

    private RoundKey openRound(int attempt, List<SiteId> sites) {
        RoundKey place = new RoundKey(run, 1, attempt);
        Instant now = Instant.now();
        aggregator.write(new RoundOpened(
                place,
                Purpose.TRAIN,
                sites,
                HASH,
                2,
                now.plusSeconds(60),
                new Position(List.of(0L, 0L, 0L)),
                now,
                sites.size(),
                Optional.empty()));
        return place;
    }

    private AggregatorSession session(RoundKey place) {
        RunPlan plan = RunPlanReader.read("plan.yaml", text);
        return AggregatorSession.open(
                PlannedTerms.of(
                        plan,
                        (SecureAggregation) plan.protection(),
                        run,
                        place.round(),
                        place.attempt(),
                        Octets.copyOf(HASH.bytes()),
                        cohort,
                        true,
                        federation.key.publicKey()),
                federation.key,
                federation.registry(),
                Workers.callingThread());
    }

    /** Counts the answers of these sites in a stage, once they are there. */
    private void count(AggregatorSession session, RoundKey place, Stage stage, Set<String> sites) throws Exception {
        for (String site : sites) {
            StageAnswer answer = Awaitility.await(site + " in " + stage)
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> answer(place, stage, site), Optional::isPresent)
                    .orElseThrow();
            byte[] bytes = new byte[answer.chunk().bytes().remaining()];
            answer.chunk().bytes().duplicate().get(bytes);
            assertThat(session.receive((FromSite) dev.tacita.secureagg.MessageCodec.decode(bytes)))
                    .isEqualTo(Reception.COUNTED);
        }
    }

    private Optional<StageAnswer> answer(RoundKey place, Stage stage, String site) {
        return aggregator.heard(Channel.CONTRIBUTIONS, StageAnswer.class).stream()
                .filter(each -> each.place().equals(place)
                        && each.stage() == stage
                        && each.site().value().equals(site))
                .findFirst();
    }

    private void say(RoundKey place, Stage stage, List<? extends FromAggregator> messages) {
        for (FromAggregator message : messages) {
            say(place, stage, message, dev.tacita.secureagg.MessageCodec.encode(message));
        }
    }

    private void say(RoundKey place, Stage stage, AggregationMessage message, byte[] bytes) {
        Optional<SiteId> to =
                message instanceof SharesDelivered delivered ? Optional.of(delivered.to()) : Optional.empty();
        aggregator.write(new StageMessage(place, stage, to, new TensorChunk(0, ByteBuffer.wrap(bytes))));
    }

    private List<String> refusals(int count) {
        return aggregator.hear(Channel.SITES, Refusal.class, count).stream()
                .map(refusal -> refusal.site() + " " + refusal.kind() + " " + String.join(" ", refusal.reasons()))
                .sorted()
                .toList();
    }

    @Test
    void aListWithoutASitesKeysEndsThatSitesPart() throws Exception {
        RoundKey place = openRound(1, cohort);
        AggregatorSession session = session(place);
        count(session, place, Stage.KEYS, Set.of("north", "south"));
        say(place, Stage.SHARES, session.closeStage());
        assertThat(refusals(1))
                .singleElement()
                .asString()
                .startsWith("east FAILURE the aggregator broke the protocol of secure aggregation: MY_KEYS_MISSING");
    }

    @Test
    void twoListsOfKeysForOneStageEndEverySitesPart() throws Exception {
        RoundKey place = openRound(1, cohort);
        AggregatorSession session = session(place);
        count(session, place, Stage.KEYS, Set.copyOf(SITES));
        List<FromAggregator> said = session.closeStage();
        say(place, Stage.SHARES, said);
        count(session, place, Stage.SHARES, Set.copyOf(SITES));
        KeyList list = (KeyList) said.get(0);
        say(place, Stage.SHARES, List.of(new KeyList(list.context(), list.keys().subList(0, 2))));
        assertThat(refusals(3)).hasSize(3).allMatch(refusal -> refusal.contains("CHANGED_MESSAGE"));
    }

    @Test
    void aSurvivorListBeforeItsTimeAndBytesThatMeanNothingEndTheSitesPart() throws Exception {
        RoundKey place = openRound(1, cohort);
        AggregatorSession session = session(place);
        count(session, place, Stage.KEYS, Set.copyOf(SITES));
        say(place, Stage.SIGNATURES, List.of(new SurvivorList(Octets.copyOf(new byte[32]), cohort)));
        assertThat(refusals(3)).hasSize(3).allMatch(refusal -> refusal.contains("OUT_OF_ORDER"));
        RoundKey second = openRound(2, cohort);
        Awaitility.await().until(() -> answer(second, Stage.KEYS, "east").isPresent());
        aggregator.write(new StageMessage(
                second, Stage.SHARES, Optional.empty(), new TensorChunk(0, ByteBuffer.wrap(new byte[] {1, 2, 3}))));
        assertThat(refusals(6))
                .filteredOn(refusal -> refusal.contains("what cannot be read"))
                .hasSize(3);
    }

    @Test
    void aSiteThatTheRegistryDoesNotKnowIsNotMaskedWith() {
        openRound(1, Stream.of("east", "mallory", "north").map(SiteId::new).toList());
        assertThat(refusals(2))
                .hasSize(2)
                .allMatch(
                        refusal -> refusal.contains("every site must be in the site's registry. Not there: 'mallory'"));
        assertThat(aggregator.heard(Channel.CONTRIBUTIONS, StageAnswer.class)).isEmpty();
    }

    @Test
    void aSecondSumOfOneRoundWithoutOneOfTheSitesIsNotGiven() throws Exception {
        RoundKey first = sumOfThree();
        aggregator.write(new RoundClosed(
                first,
                RoundClosed.RoundOutcome.BELOW_QUORUM,
                List.of(),
                Map.of(),
                HASH,
                0,
                Instant.now(),
                OptionalDouble.empty(),
                Optional.empty()));
        assertNoSumWithoutEast(2);
    }

    @Test
    void aLogThatForgotTheFirstSumGetsNoSecondOneOfAgentsStartedAnew() throws Exception {
        sumOfThree();
        SITES.forEach(federation::stop);
        aggregator.close();
        try (InMemoryTransport forgetful = new InMemoryTransport(3)) {
            aggregator = new ScriptedAggregator(forgetful);
            SITES.forEach(site -> federation.join(
                    site, federation.builder(site).transport(forgetful).workFolder(folder.resolve(site))));
            openRun();
            assertNoSumWithoutEast(1);
            SITES.forEach(federation::stop);
        }
    }

    @Test
    void aRegionsPartThatIsBegunAnewInAnotherRunGetsNoSecondSum() throws Exception {
        endRun();
        text = PART;
        openRun("whole-round-2-1");
        sumOfThree();
        endRun();
        openRun("whole-round-2-2");
        assertNoSumWithoutEast(1);
    }

    private RoundKey sumOfThree() throws Exception {
        RoundKey first = openRound(1, cohort);
        AggregatorSession session = session(first);
        for (Stage stage : Stage.values()) {
            count(session, first, stage, Set.copyOf(SITES));
            if (stage == Stage.ANSWERS) {
                session.closeStage();
            } else {
                say(first, stage.next(), session.closeStage());
            }
        }
        assertThat(session.aggregate())
                .as("the aggregator has the sum of three")
                .isPresent();
        return first;
    }

    private void assertNoSumWithoutEast(int attempt) throws Exception {
        RoundKey second = openRound(attempt, cohort);
        AggregatorSession again = session(second);
        count(again, second, Stage.KEYS, Set.copyOf(SITES));
        say(second, Stage.SHARES, again.closeStage());
        count(again, second, Stage.SHARES, Set.copyOf(SITES));
        say(second, Stage.INPUTS, again.closeStage());
        count(again, second, Stage.INPUTS, Set.of("north", "south"));
        say(second, Stage.SIGNATURES, again.closeStage());
        assertThat(refusals(3))
                .filteredOn(refusal -> refusal.contains("this site is in one sum of a round only"))
                .extracting(refusal -> refusal.substring(0, 5))
                .contains("north", "south");
        assertThat(List.of("north", "south"))
                .noneMatch(site -> answer(second, Stage.SIGNATURES, site).isPresent());
    }

    @Test
    void aWeakerPlanThanThePolicyAsksForIsRefused() {
        aggregator.openRun("weak", PLAN.replace("adversary: active", "adversary: curious"));
        assertThat(refusals(3))
                .hasSize(3)
                .allMatch(refusal ->
                        refusal.contains("POLICY least-protection: the policy asks for an adversary that is at"
                                + " least 'active'; the plan's is 'curious'"));
        aggregator.openRun("plain", Samples.PLAN.replace("quorum: 1", "quorum: 2"));
        assertThat(refusals(6))
                .filteredOn(
                        refusal -> refusal.contains("asks for at least 'secure-aggregation'; the plan's is 'plain'"))
                .hasSize(3);
    }
}

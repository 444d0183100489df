package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.RunId;
import dev.tacita.core.SiteId;
import dev.tacita.core.aggregation.CoordinateMedian;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.learning.ClippedUpdate;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.ProtectionSpec.SecureAggregation;
import dev.tacita.core.learning.RoundMean;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.learning.SiteRound;
import dev.tacita.core.model.Models;
import dev.tacita.core.number.SeedStream;
import dev.tacita.dp.plan.PlannedPrivacy;
import dev.tacita.engine.EngineTrainer;
import dev.tacita.secureagg.AggregationMessage.FromAggregator;
import dev.tacita.secureagg.AggregationMessage.SharesDelivered;
import dev.tacita.secureagg.AggregatorKey;
import dev.tacita.secureagg.AggregatorSession;
import dev.tacita.secureagg.Contribution;
import dev.tacita.secureagg.IdentityKey;
import dev.tacita.secureagg.Octets;
import dev.tacita.secureagg.PlannedTerms;
import dev.tacita.secureagg.RingVector;
import dev.tacita.secureagg.RoundTerms;
import dev.tacita.secureagg.SigningIdentity;
import dev.tacita.secureagg.SiteRegistry;
import dev.tacita.secureagg.SiteRules;
import dev.tacita.secureagg.SiteSession;
import dev.tacita.secureagg.SummedMetrics;
import dev.tacita.secureagg.Workers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedProtectionTest {
    private static final Examples TEST = Samples.rows(60, 3, 9);
    private static final String SECURE = "{secure-aggregation: {adversary: active, corrupted: 1, drop-outs: 1,"
            + " largest-value: 4, largest-weight: %d, bits: %d, modulus-bits: %d}}";

    private static String secure(int weight, int bits, int modulusBits) {
        return SECURE.formatted(weight, bits, modulusBits);
    }

    private static RunPlan plan(String protection, String privacy, int rounds) {
        return RunPlanReader.read("plan", """
                name: protected
                dataset: sample
                model:
                  input: [5]
                  layers:
                    - dense: {units: 7}
                    - relu
                    - dense: {units: 3}
                loss: softmax-cross-entropy
                algorithm: {fedavg: {epochs: 1, batch-size: 10, optimizer: {sgd: {learning-rate: 0.1}}}}
                rounds: %d
                cohort-fraction: 1
                quorum: 4
                sites: 6
                deadline: 30s
                protection: %s
                privacy: %s
                seed: 3
                """.formatted(rounds, protection, privacy));
    }

    private static Population sites(int count) {
        return Population.dealt(
                Samples.rows(40 * count, 3, 1), TEST, new QuantitySkew(QuantitySkew.Law.LINEAR, 1, 5), count, 1);
    }

    private static SimulationResult run(Simulation simulation, int workers) throws InterruptedException {
        try (ThreadBackend backend = new ThreadBackend(workers)) {
            SimulationResult result = backend.run(simulation, RoundListener.ALL_ROUNDS);
            assertThat(result.failure()).isEmpty();
            return result;
        }
    }

    /** What each site hides in a round, made from what it trains with nothing of the simulation's sums. */
    private static Map<SiteId, Contribution> contributions(
            RunPlan plan, Population sites, float[] parameters, int round) throws InterruptedException {
        SecureAggregation protection = (SecureAggregation) plan.protection();
        Map<SiteId, Contribution> contributions = new HashMap<>();
        for (int i = 0; i < sites.size(); i++) {
            SeedStream seeds = SeedStream.of(plan.seed())
                    .derive("round")
                    .derive(round)
                    .derive("site")
                    .derive(sites.site(i).value());
            LocalTask task =
                    new LocalTask(plan.model(), plan.loss(), plan.algorithm().work(round), parameters, seeds);
            ClippedUpdate update = plan.algorithm()
                    .answer(new SiteRound(task, new float[0], new float[0]), new EngineTrainer(), sites.train(i))
                    .contribution()
                    .withoutClipping();
            contributions.put(
                    sites.site(i),
                    Contribution.empty()
                            .with(
                                    PlannedTerms.UPDATE,
                                    PlannedTerms.modulus(protection),
                                    update.quantize(
                                            protection.quantization(),
                                            seeds.derive("rounding").random()))
                            .with(
                                    SummedMetrics.SPEC.name(),
                                    new SummedMetrics(Optional.empty(), Optional.empty(), Optional.empty())
                                            .toVector()));
        }
        return contributions;
    }

    /** The sum that comes out of the protocol itself, masks and all. */
    private static RingVector protocol(RunPlan plan, Map<SiteId, Contribution> contributions) throws Exception {
        AggregatorKey aggregatorKey = AggregatorKey.generate();
        TreeMap<SiteId, SigningIdentity> identities = new TreeMap<>();
        contributions.keySet().forEach(site -> identities.put(site, SigningIdentity.generate()));
        Map<SiteId, IdentityKey> keys = new HashMap<>();
        identities.forEach((site, identity) -> keys.put(site, identity.publicKey()));
        SiteRegistry registry = SiteRegistry.of(keys);
        RoundTerms terms = PlannedTerms.of(
                plan,
                (SecureAggregation) plan.protection(),
                new RunId("run-1"),
                1,
                1,
                Octets.copyOf(new byte[32]),
                List.copyOf(identities.keySet()),
                true,
                aggregatorKey.publicKey());
        AggregatorSession aggregator = AggregatorSession.open(terms, aggregatorKey, registry, Workers.callingThread());
        Map<SiteId, SiteSession> sessions = new TreeMap<>();
        identities.forEach((site, identity) -> {
            SiteSession session = SiteSession.open(
                    terms,
                    site,
                    identity,
                    registry,
                    new SiteRules(2, ((SecureAggregation) plan.protection()).adversary(), 0),
                    aggregatorKey.publicKey(),
                    Workers.callingThread());
            session.contribute(Optional.ofNullable(contributions.get(site)).orElseThrow());
            sessions.put(site, session);
            aggregator.receive(session.advertisement());
        });
        while (aggregator.stage() != AggregatorSession.Stage.DONE) {
            for (FromAggregator message : aggregator.closeStage()) {
                for (Map.Entry<SiteId, SiteSession> each : sessions.entrySet()) {
                    if (!(message instanceof SharesDelivered shares)
                            || shares.to().equals(each.getKey())) {
                        each.getValue().receive(message).ifPresent(aggregator::receive);
                    }
                }
            }
        }
        return aggregator.aggregate().orElseThrow().sum(PlannedTerms.UPDATE);
    }

    @Test
    void aRoundGivesTheBitsOfTheProtocolWithItsMasks() throws Exception {
        Population sites = sites(6);
        for (String protection : List.of(secure(500, 24, 32), secure(500, 29, 32), secure(500, 32, 64))) {
            RunPlan plan = plan(protection, "none", 2);
            ServerState state = ServerState.first(
                    plan.algorithm(),
                    plan.model()
                            .layout()
                            .initialValues(SeedStream.of(plan.seed()).derive("initial-parameters")));
            for (int round = 1; round <= 2; round++) {
                RingVector sum = protocol(plan, contributions(plan, sites, state.parameters(), round));
                assertThat(sum.number(0)).isEqualTo(240);
                double[] mean = IntStream.range(1, sum.length())
                        .mapToDouble(i -> ((SecureAggregation) plan.protection())
                                .quantization()
                                .mean(sum.number(i), sum.number(0)))
                        .toArray();
                state = plan.algorithm().step(state, new RoundMean(mean, round, 6, 6));
            }
            for (int workers : new int[] {1, 2, 8}) {
                assertThat(run(new Simulation(plan, sites), workers).parameters())
                        .as("%s, %s workers", protection, workers)
                        .containsExactly(state.parameters());
            }
        }
    }

    @Test
    void roundingMovesTheModelNoFurtherThanItsBound() throws InterruptedException {
        float[] plain =
                run(new Simulation(plan("plain", "none", 1), sites(6)), 2).parameters();
        for (int bits : new int[] {12, 20, 28}) {
            RunPlan plan = plan(secure(500, bits, 64), "none", 1);
            float[] rounded = run(new Simulation(plan, sites(6)), 2).parameters();
            double bound =
                    ((SecureAggregation) plan.protection()).quantization().errorBound(6, 240);
            assertThat(rounded).isNotEqualTo(plain);
            for (int i = 0; i < rounded.length; i++) {
                assertThat((double) rounded[i]).isCloseTo(plain[i], within(bound + 1e-6));
            }
        }
    }

    /** A model that does not learn moves by the noise alone. */
    @Test
    void sitesAddTheNoiseOfTheFederationInShares() throws InterruptedException {
        String privacy = "{federation: {clip: 0.5, noise-multiplier: %s, delta: 0.001}}";
        RunPlan plan = still(plan(secure(2000, 32, 64), privacy.formatted(2), 1));
        Population sites = wide(6);
        SimulationResult noisy = run(new Simulation(plan, sites), 2);
        float[] without = run(new Simulation(still(plan(secure(2000, 32, 64), "none", 1)), sites), 2)
                .parameters();
        double squares = 0;
        for (int i = 0; i < without.length; i++) {
            squares += Math.pow(noisy.parameters()[i] - (double) without[i], 2) / without.length;
        }
        // A share is the whole noise of a sum of 4 of which 1 keeps its own back; here 6 answer.
        double whole = 2 * .5 / 6;
        assertThat(Math.sqrt(squares)).isCloseTo(whole * Math.sqrt(6 / 3.0), within(.1 * whole * Math.sqrt(2)));
        assertThat(noisy.rounds().get(0).epsilon())
                .hasValue(PlannedPrivacy.of(plan, 1).orElseThrow().guarantee().epsilon());
    }

    private static RunPlan still(RunPlan plan) {
        FedAvg fedAvg = (FedAvg) plan.algorithm();
        return RoundPlans.with(
                Models.logisticRegression(Samples.WIDTH, 200),
                plan,
                new FedAvg(
                        new LocalWork.Train(
                                OptimizerSpec.Sgd.of(1e-12),
                                fedAvg.training().extent(),
                                fedAvg.training().batchSize()),
                        1));
    }

    private static Population wide(int count) {
        return Population.dealt(Samples.rows(40 * count, 3, 1), TEST, new Iid(), count, 1);
    }

    @Test
    void aRoundWithoutEnoughSitesForASumLeavesTheModelAsItIs() throws InterruptedException {
        RunPlan plan = plan(secure(500, 24, 32), "none", 3);
        Population absent = sites(6).with(
                        new Traits(
                                List.of(),
                                List.of(new Traits.Of<>(new SiteChoice.Count(3), new Fault.DropOut(1))),
                                Optional.empty()),
                        1);
        SimulationResult result = run(new Simulation(plan, absent), 2);
        assertThat(result.parameters())
                .containsExactly(plan.model()
                        .layout()
                        .initialValues(SeedStream.of(plan.seed()).derive("initial-parameters")));
        assertThat(result.rounds()).allMatch(round -> round.droppedOut() == 3 && round.contributions() == 3);
        Population oneAbsent = sites(6).with(
                        new Traits(
                                List.of(),
                                List.of(new Traits.Of<>(new SiteChoice.Count(1), new Fault.DropOut(1))),
                                Optional.empty()),
                        1);
        assertThat(run(new Simulation(plan, oneAbsent), 2).parameters()).isNotEqualTo(result.parameters());
    }

    @Test
    void aProtectedSiteMovesMoreBytes() {
        RunPlan plan = plan(secure(500, 24, 32), "none", 1);
        SiteBytes plain = new Simulation(plan("plain", "none", 1), sites(6)).siteBytes();
        SiteBytes hidden = new Simulation(plan, sites(6)).siteBytes();
        int parameters = plan.model().layout().size();
        assertThat(plain).isEqualTo(new SiteBytes(4L * parameters, 4L * parameters));
        // The update and its weight in four bytes each, nine metrics in eight, keys, shares, and signatures.
        assertThat(hidden.upload()).isBetween(4L * parameters + 4 + 72 + 1000, 4L * parameters + 4 + 72 + 3000);
        assertThat(hidden.download()).isBetween(4L * parameters + 1000, 4L * parameters + 4000);
    }

    @Test
    void whatDoesNotGoWithSecureAggregationIsNamed() {
        RunPlan plan = plan(secure(50, 24, 32), "none", 1);
        assertThatThrownBy(() -> new Simulation(
                        plan, sites(6), new PowerOfChoice(6), new CoordinateMedian(), 1, OptionalInt.empty()))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining(
                        "median looks at each update, and under secure aggregation there is their sum alone")
                .hasMessageContaining("it asks sites how large their losses are, which secure aggregation would hide")
                .hasMessageContaining(
                        "must be at least the rows of the largest site, 69, as live. Provided value: 50.");
        assertThatThrownBy(() -> new Simulation(plan(secure(500, 24, 32), "none", 1), sites(150)))
                .hasMessageContaining("a round asks at most 100 sites under secure aggregation. Provided value: 150");
        assertThatThrownBy(() -> new Simulation(plan(secure(500, 30, 32), "none", 1), sites(6)))
                .hasMessageContaining("a sum could wrap");
        VirtualClock clock = new VirtualClock(10, 0, 8, 0, OptionalDouble.empty());
        Population timed = sites(6).with(new Traits(List.of(), List.of(), Optional.of(clock)), 1);
        RunPlan buffered = RoundPlans.with(
                plan.model(), plan(secure(500, 24, 32), "none", 1), new FedBuff((FedAvg) plan.algorithm(), 4, 5));
        assertThatThrownBy(() -> new Simulation(buffered, timed))
                .hasMessageContaining("the sites of a sum agree on keys before they train");
        String privacy = "{federation: {clip: 0.5, noise-multiplier: 2, delta: 0.001}}";
        assertThatThrownBy(() -> new Simulation(
                        plan(secure(2000, 32, 64), privacy, 1),
                        sites(6),
                        PlainSelection.UNIFORM,
                        new Mean(),
                        1,
                        OptionalInt.of(100)))
                .hasMessageContaining("the shares of noise that sites add follow from the quorum");
    }

    @Test
    void aStudySaysWhatProtectionCosts(@TempDir Path folder) throws Exception {
        String text = StudyTest.TWELVE_CELLS
                .replace("fedavg: {algorithm", "fedavg: {protection: " + secure(300, 28, 32) + ", quorum: 3, algorithm")
                .replace("[1, 2, 3]", "[1]")
                .replace("rounds: 30", "rounds: 10");
        assertThatThrownBy(() -> StudyTest.study(folder, text.replace(", quorum: 3", "")))
                .hasMessageContaining("quorum must be given with secure-aggregation");
        assertThatThrownBy(() -> StudyTest.study(folder, text.replace("quorum: 3", "quorum: 2")))
                .hasMessageContaining("must be >= corrupted + 2 under secure aggregation");
        Study study = StudyTest.study(folder, text);
        List<CellResult> results = StudyTest.run(study, folder.resolve("out"), 2);
        assertThat(results.get(0).last()).isGreaterThan(.8);
        List<String> lines = Files.readAllLines(folder.resolve("out/results.csv"));
        assertThat(lines.get(0)).endsWith(",site_upload_bytes,site_download_bytes");
        int parameters = study.model().layout().size();
        assertThat(results.get(0).last("site_upload_bytes")).isGreaterThan(4 * parameters + 500.0);
        // Scaffold sends and receives a control variate too.
        assertThat(results.get(1).last("site_upload_bytes")).isEqualTo(8.0 * parameters);
        assertThat(results.get(1).last("site_download_bytes")).isEqualTo(8.0 * parameters);
        assertThat(Files.readString(folder.resolve("out/report.html")))
                .contains("<th>bytes a site sends in a round</th>", "<td>" + 8 * parameters + "</td>");
    }
}

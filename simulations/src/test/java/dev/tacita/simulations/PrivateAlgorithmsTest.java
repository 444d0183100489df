package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.learning.AdaFedProx;
import dev.tacita.core.learning.ClippedUpdate;
import dev.tacita.core.learning.Ditto;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.FedDyn;
import dev.tacita.core.learning.FedNova;
import dev.tacita.core.learning.FedPer;
import dev.tacita.core.learning.FedSgd;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.LearningRateSchedule;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.learning.NewtonRaphson;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.QFedAvg;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.Scaffold;
import dev.tacita.core.model.ParameterLayout.Slot;
import dev.tacita.core.number.SeedStream;
import dev.tacita.dp.plan.PlannedPrivacy;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What keeps a guarantee where sites send more than an update, or keep something. */
class PrivateAlgorithmsTest {
    private static final String SECURE = "{secure-aggregation: {adversary: active, corrupted: 1, drop-outs: 1,"
            + " largest-value: 4, largest-weight: 2000, bits: 32, modulus-bits: 64}}";
    private static final String SITE = "{site: {clip: %s, noise-multiplier: %s, delta: 0.001}}";
    private static final String FEDERATION = "{federation: {clip: %s, noise-multiplier: %s, delta: 0.001}}";
    private static final String EXAMPLES = "{examples: {clip: {flat: {norm: %s}}, noise-multiplier: %s, delta: 0.001}}";

    private static RunPlan plan(String protection, String privacy, int rounds) {
        return RunPlanReader.read(
                "plan", """
                name: private
                dataset: sample
                model:
                  input: [5]
                  layers:
                    - dense: {units: 60}
                    - tanh
                    - dense: {units: 3}
                loss: softmax-cross-entropy
                algorithm: {fedavg: {epochs: 2, batch-size: 1000, optimizer: {sgd: {learning-rate: 0.2}}}}
                rounds: %d
                cohort-fraction: 1
                quorum: %d
                sites: 6
                deadline: 30s
                protection: %s
                privacy: %s
                seed: 3
                """.formatted(rounds, protection.equals("plain") ? 1 : 4, protection, privacy));
    }

    private static RunPlan plan(String privacy, int rounds, FederatedAlgorithm algorithm) {
        RunPlan plan = plan("plain", privacy, rounds);
        return RoundPlans.with(plan.model(), plan, algorithm);
    }

    private static FedAvg base() {
        return (FedAvg) plan("plain", "none", 1).algorithm();
    }

    private static Population sites() {
        return Population.dealt(Samples.rows(300, 3, 1), new QuantitySkew(QuantitySkew.Law.LINEAR, 1, 20), 6, .3, 1);
    }

    private static SimulationResult run(Simulation simulation) throws InterruptedException {
        try (ThreadBackend backend = new ThreadBackend(2)) {
            SimulationResult result = backend.run(simulation, RoundListener.ALL_ROUNDS);
            assertThat(result.failure()).isEmpty();
            return result;
        }
    }

    private static Map<String, FederatedAlgorithm> keptBySteps() {
        FedAvg base = base();
        Map<String, FederatedAlgorithm> algorithms = new LinkedHashMap<>();
        algorithms.put("fedavg", base);
        algorithms.put("scaffold", new Scaffold(base));
        algorithms.put("fednova", new FedNova(base));
        algorithms.put("feddyn", new FedDyn(base.training(), LearningRateSchedule.CONSTANT, .1));
        algorithms.put("fedper", new FedPer(base, List.of("layer-3")));
        algorithms.put("ditto", new Ditto(base, .5));
        algorithms.put("hierarchical", new Hierarchical(base, 2, 2));
        return algorithms;
    }

    /** Where no gradient is clipped, noise is nothing and every row is in every step, private training is training. */
    @Test
    void underExamplesAlgorithmsDoWhatTheyDoWithoutNoise() throws InterruptedException {
        for (Map.Entry<String, FederatedAlgorithm> each : keptBySteps().entrySet()) {
            SimulationResult open = run(new Simulation(plan("none", 4, each.getValue()), sites()));
            SimulationResult hidden =
                    run(new Simulation(plan(EXAMPLES.formatted(1000, 1e-9), 4, each.getValue()), sites()));
            for (int i = 0; i < open.parameters().length; i++) {
                assertThat(hidden.parameters()[i])
                        .as("%s at %s", each.getKey(), i)
                        .isCloseTo(open.parameters()[i], within(2e-4f));
            }
            assertThat(hidden.rounds().get(3).meanAccuracy())
                    .as(each.getKey())
                    .isCloseTo(open.rounds().get(3).meanAccuracy(), within(.03));
        }
    }

    /** Batches smaller than a site's rows: noisy training takes its steps by expected passes. */
    @Test
    void scaffoldDividesByTheStepsThatNoisyTrainingTakes() throws InterruptedException {
        FedAvg base = new FedAvg(
                new LocalWork.Train(OptimizerSpec.Sgd.of(.05), new LocalWork.Extent.Epochs(2), OptionalInt.of(14)), 1);
        SimulatedPrivacy privacy =
                new SimulatedPrivacy(plan(EXAMPLES.formatted(1, 1), 1, new Scaffold(base)), 6, OptionalInt.empty());
        for (int rows : new int[] {20, 27, 28, 40}) {
            LocalWork.Train asked = (LocalWork.Train) privacy.work(base.work(1), rows);
            assertThat(asked.steps(rows)).as("%s rows", rows).isEqualTo(2 * rows / 14);
        }
    }

    @Test
    void epsilonCountsEveryRoundOfARegion() throws InterruptedException {
        for (String privacy : List.of(SITE.formatted(1, 2), FEDERATION.formatted(1, 2), EXAMPLES.formatted(1, 2))) {
            Population sites = sites();
            int smallest = IntStream.range(0, 6).map(sites::rows).min().orElseThrow();
            Simulation regional = new Simulation(plan(privacy, 3, new Hierarchical(base(), 2, 4)), sites);
            PlannedPrivacy twelve =
                    PlannedPrivacy.of(plan(privacy, 12, base()), smallest).orElseThrow();
            assertThat(regional.runPrivacy().orElseThrow().epsilon())
                    .isEqualTo(twelve.guarantee().epsilon());
            SimulationResult result = run(regional);
            assertThat(result.rounds().get(0).epsilon())
                    .hasValue(twelve.after(4).epsilon());
            assertThat(result.rounds().get(2).epsilon())
                    .hasValue(twelve.guarantee().epsilon());
        }
    }

    @Test
    void allThatASiteSendsIsClippedAsOneVectorAndGetsNoise() {
        Scaffold scaffold = new Scaffold(base());
        RunPlan plan = plan(FEDERATION.formatted(.5, 2), 1, scaffold);
        int size = plan.model().layout().size();
        float[] values = new float[2 * size];
        for (int i = 0; i < values.length; i++) {
            values[i] = i < size ? 1e-3f : 3;
        }
        ClippedUpdate clipped =
                new SimulatedPrivacy(plan, 6, OptionalInt.empty()).leaving(new ModelUpdate(values.clone(), 70));
        assertThat(clipped.weight()).isEqualTo(1);
        assertThat(norm(clipped.valuesInTheClear(), 0, 2 * size)).isCloseTo(.5, within(1e-6));

        RunPlan local = plan(SITE.formatted(.5, 2), 1, scaffold);
        float[] noisy = new SimulatedPrivacy(local, 6, OptionalInt.empty())
                .leaving(new ModelUpdate(new float[2 * size], 70))
                .valuesInTheClear();
        // 543 draws each: five standard deviations are 15 %.
        assertThat(norm(noisy, 0, size) / Math.sqrt(size)).isCloseTo(1, within(.15));
        assertThat(norm(noisy, size, 2 * size) / Math.sqrt(size)).isCloseTo(1, within(.15));

        double[] mean = new SimulatedPrivacy(plan, 6, OptionalInt.empty()).published(new double[2 * size], 6, 6);
        assertThat(Arrays.stream(mean).map(value -> value * value).skip(size).sum() / size)
                .isCloseTo(Math.pow(1 / 6d, 2), within(.3 * Math.pow(1 / 6d, 2)));
    }

    private static double norm(float[] values, int from, int to) {
        return Math.sqrt(IntStream.range(from, to)
                .mapToDouble(i -> (double) values[i] * values[i])
                .sum());
    }

    @Test
    void noiseDoesNotReachLayersThatStayAtSites() throws InterruptedException {
        FedPer fedPer = new FedPer(base(), List.of("layer-3"));
        for (RunPlan plan : List.of(
                plan(SITE.formatted(.5, 1), 3, fedPer),
                plan(FEDERATION.formatted(.5, 1), 3, fedPer),
                RoundPlans.with(base("plain").model(), plan(SECURE, FEDERATION.formatted(.5, 1), 3), fedPer))) {
            float[] first = plan.model()
                    .layout()
                    .initialValues(SeedStream.of(plan.seed()).derive("initial-parameters"));
            float[] last = run(new Simulation(plan, sites())).parameters();
            for (Slot slot : plan.model().layout().of("layer-3")) {
                assertThat(Arrays.copyOfRange(last, slot.offset(), slot.offset() + slot.length()))
                        .containsExactly(Arrays.copyOfRange(first, slot.offset(), slot.offset() + slot.length()));
            }
            Slot shared = plan.model().layout().of("layer-1").get(0);
            assertThat(last[shared.offset()]).isNotEqualTo(first[shared.offset()]);
        }
    }

    private static RunPlan base(String protection) {
        return plan(protection, "none", 1);
    }

    @Test
    void aModelThatStaysAtASiteIsTrainedWithoutNoise() throws InterruptedException {
        Ditto alone = new Ditto(base(), 0);
        SimulationResult open = run(new Simulation(plan("none", 8, alone), sites()));
        SimulationResult drowned = run(new Simulation(plan(EXAMPLES.formatted(.05, 9000), 8, alone), sites()));
        double accuracy = open.rounds().get(7).meanAccuracy();
        assertThat(accuracy).isGreaterThan(.75);
        assertThat(drowned.rounds().get(7).meanAccuracy()).isCloseTo(accuracy, within(.02));
        float[] first = plan("none", 1, alone)
                .model()
                .layout()
                .initialValues(SeedStream.of(3).derive("initial-parameters"));
        assertThat(norm(drowned.parameters(), 0, first.length)).isGreaterThan(10 * norm(first, 0, first.length));
    }

    @Test
    void aHostileSiteMovesAPrivateModelNoFurtherThanItsClip() throws InterruptedException {
        for (String privacy : List.of(FEDERATION.formatted(.2, 1e-6), SITE.formatted(.2, 1e-6))) {
            RunPlan plan = plan(privacy, 1, base());
            float[] honest = run(new Simulation(plan, sites())).parameters();
            for (Attack attack :
                    List.of(new Attack.SignFlip(1000), new Attack.Scaling(1000), new Attack.Gaussian(50))) {
                Population hostile = sites().with(
                                new Traits(
                                        List.of(new Traits.Of<>(new SiteChoice.Count(1), attack)),
                                        List.of(),
                                        Optional.empty()),
                                1);
                float[] attacked = run(new Simulation(plan, hostile)).parameters();
                double squares = 0;
                for (int i = 0; i < honest.length; i++) {
                    squares += Math.pow((double) honest[i] - attacked[i], 2);
                }
                assertThat(Math.sqrt(squares))
                        .as("%s under %s", attack, privacy)
                        .isLessThanOrEqualTo(2 * .2 / 6 + 1e-4)
                        .isGreaterThan(attack instanceof Attack.SignFlip ? .2 / 6 : 0);
            }
        }
    }

    @Test
    void hostileSitesTrainOnPoisonedRowsWithNoise() throws InterruptedException {
        RunPlan plan = plan(EXAMPLES.formatted(1, 1), 3, base());
        Population hostile = sites().with(
                        new Traits(
                                List.of(new Traits.Of<>(new SiteChoice.Count(2), new Attack.LabelReversal())),
                                List.of(),
                                Optional.empty()),
                        1);
        Simulation simulation = new Simulation(plan, hostile);
        assertThat(run(simulation).parameters()).isNotEqualTo(run(simulation).parameters());
    }

    /** One step of each site: what noise does to the mean is linear. */
    @Test
    void noiseOfExamplesIsThatOfALargerCohortWhereARoundIsOneStep() throws InterruptedException {
        Population sites = Population.dealt(Samples.rows(240, 3, 1), Samples.rows(30, 3, 2), new Iid(), 6, 1);
        for (int cohort : new int[] {6, 600}) {
            for (FederatedAlgorithm algorithm : List.of(
                    new FedSgd(1000),
                    new FedAvg(
                            new LocalWork.Train(
                                    OptimizerSpec.Sgd.of(1000), new LocalWork.Extent.Epochs(1), OptionalInt.empty()),
                            1))) {
                RunPlan plan = plan(EXAMPLES.formatted(1e-3, 5), 1, algorithm);
                float[] first = plan.model()
                        .layout()
                        .initialValues(SeedStream.of(plan.seed()).derive("initial-parameters"));
                float[] last = run(new Simulation(
                                plan, sites, PlainSelection.UNIFORM, new Mean(), 1, OptionalInt.of(cohort)))
                        .parameters();
                for (int i = 0; i < last.length; i++) {
                    last[i] -= first[i];
                }
                // Each site's mean gradient has the noise 5 x 0.001 / 40; the gradients themselves are at most 0.001
                // long.
                double expected = 1000 * 5e-3 / 40 / Math.sqrt(cohort);
                double noise = norm(last, 0, last.length) / Math.sqrt(last.length);
                double gradient = cohort == 6 ? 0 : 1000 * 1e-3 / Math.sqrt(last.length);
                assertThat(noise).as("%s, %s", cohort, algorithm).isBetween(.85 * expected, 1.15 * expected + gradient);
            }
        }
        assertThatThrownBy(() -> new Simulation(
                        plan(EXAMPLES.formatted(1, 1), 1, base()),
                        sites,
                        PlainSelection.UNIFORM,
                        new Mean(),
                        1,
                        OptionalInt.of(60)))
                .hasMessageContaining("with examples it goes with one step of sgd in a round");
        assertThatThrownBy(() -> new Simulation(
                        plan(SITE.formatted(1, 1), 1, new Hierarchical(base(), 2, 1)),
                        sites,
                        PlainSelection.UNIFORM,
                        new Mean(),
                        1,
                        OptionalInt.of(60)))
                .hasMessageContaining("each region of hierarchical has a cohort and noise of its own");
    }

    @Test
    void whatNoiseWouldNotHideOrLeaveIsRefusedWithTheReason() {
        VirtualClock clock = new VirtualClock(10, 0, 8, 0, OptionalDouble.empty());
        Population sites = sites().with(new Traits(List.of(), List.of(), Optional.of(clock)), 1);
        String rows = EXAMPLES.formatted(1, 1);
        String whole = SITE.formatted(1, 1);
        Map<String, RunPlan> refused = new LinkedHashMap<>();
        refused.put("how often fedbuff asks a site", plan(whole, 1, new FedBuff(base(), 4, 5)));
        refused.put(
                "qfedavg sends the loss of a site's rows",
                plan(rows, 1, new QFedAvg(base().training(), LearningRateSchedule.CONSTANT, 1)));
        refused.put(
                "qfedavg divides by a sum that noise can bring to zero",
                plan(whole, 1, new QFedAvg(base().training(), LearningRateSchedule.CONSTANT, 1)));
        refused.put("adafedprox sends the loss", plan(rows, 1, new AdaFedProx(base(), .1)));
        refused.put("would follow the noise on it", plan(whole, 1, new AdaFedProx(base(), .1)));
        refused.put("fednova sends its number of steps", plan(whole, 1, new FedNova(base())));
        refused.forEach((why, plan) ->
                assertThatThrownBy(() -> new Simulation(plan, sites)).as(why).hasMessageContaining(why));
        assertThat(PrivateContribution.refusal(
                        new NewtonRaphson(1, 0), plan(rows, 1, base()).privacy()))
                .hasValueSatisfying(why -> assertThat(why).contains("no noisy step has a part in them"));
        assertThat(PrivateContribution.refusal(
                        new NewtonRaphson(1, 0), plan(whole, 1, base()).privacy()))
                .hasValueSatisfying(why -> assertThat(why).contains("may have no inverse"));
        FedAvg inSteps = new FedAvg(
                new LocalWork.Train(OptimizerSpec.Sgd.of(.2), new LocalWork.Extent.Steps(2), OptionalInt.empty()), 1);
        RunPlan shares = RoundPlans.with(
                base("plain").model(), plan(SECURE, FEDERATION.formatted(.5, 1), 1), new Scaffold(inSteps));
        assertThatThrownBy(() -> new Simulation(shares, sites))
                .hasMessageContaining("the shares of noise that sites add are made for an update alone");
    }

    @Test
    void regionsCountByTheirSitesWhereRowsAreHidden() throws InterruptedException {
        Population sites = sites();
        RunPlan plan = plan(SITE.formatted(1e-3, 1e-6), 1, new Hierarchical(base(), 2, 1));
        float[] parameters = run(new Simulation(plan, sites)).parameters();
        RunPlan flat = plan(SITE.formatted(1e-3, 1e-6), 1, base());
        float[] together = run(new Simulation(flat, sites)).parameters();
        for (int i = 0; i < parameters.length; i++) {
            assertThat(parameters[i]).isCloseTo(together[i], within(1e-6f));
        }
    }
}

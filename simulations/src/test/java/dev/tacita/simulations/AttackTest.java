package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.SiteId;
import dev.tacita.core.learning.Examples;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.SiteAnswer;
import dev.tacita.core.learning.SiteRound;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.model.Shape;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.EngineTrainer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttackTest {
    private static final ModelSpec MODEL = Models.logisticRegression(Samples.WIDTH, 3);
    private static final Loss LOSS = new Loss.SoftmaxCrossEntropy();
    private static final FedAvg FED_AVG = new FedAvg(
            new LocalWork.Train(
                    new OptimizerSpec.Sgd(0.1, 0, false, 0), new LocalWork.Extent.Epochs(1), OptionalInt.of(8)),
            1);
    private static final Examples ROWS = Samples.rows(60, 3, 4);
    private static final SeedStream SITE = SeedStream.of(9);
    private static final Attack.Backdoor BACKDOOR =
            new Attack.Backdoor(new Trigger.Columns(new TreeMap<>(Map.of(3, 9.0, 4, -9.0))), 2, .3, 1);

    private static SiteAnswer answer(Attack attack) throws InterruptedException {
        LocalTask task =
                new LocalTask(MODEL, LOSS, FED_AVG.work(1), MODEL.layout().initialValues(SITE), SITE.derive("round"));
        return attack.answer(FED_AVG, SiteRound.of(task), new EngineTrainer(), attack.rows(ROWS, 3, SITE));
    }

    private static float[] honest() throws InterruptedException {
        return answer(new Attack.Scaling(1)).contribution().valuesInTheClear();
    }

    @Test
    void labelsAreReversedOrOneIsCalledAnother() {
        Examples reversed = new Attack.LabelReversal().rows(ROWS, 3, SITE);
        Examples flipped = new Attack.LabelFlip(2, 0).rows(ROWS, 3, SITE);
        for (int i = 0; i < ROWS.size(); i++) {
            String row = Samples.text(ROWS, i);
            int label = i % 3;
            assertThat(Samples.text(reversed, i)).isEqualTo(called(row, 2 - label));
            assertThat(Samples.text(flipped, i)).isEqualTo(called(row, label == 2 ? 0 : label));
        }
    }

    private static String called(String row, int label) {
        return row.replaceAll(" [0-9.]+]$", " " + label + ".0]");
    }

    @Test
    void aBackdoorIsOnItsFractionOfRowsAndTheSameInEveryRound() {
        Examples rows = BACKDOOR.rows(ROWS, 3, SITE);
        Examples again = BACKDOOR.rows(ROWS, 3, SITE);
        int triggered = 0;
        for (int i = 0; i < ROWS.size(); i++) {
            assertThat(Samples.text(again, i)).isEqualTo(Samples.text(rows, i));
            if (Samples.text(rows, i).equals(Samples.text(ROWS, i))) {
                continue;
            }
            triggered++;
            assertTriggered(rows, i);
        }
        assertThat(triggered).isEqualTo(18);
    }

    @Test
    void aBackdoorIsMeasuredOnTriggeredRowsOfOtherClasses() {
        Examples proof = BACKDOOR.proof(ROWS);
        assertThat(proof.size()).isEqualTo(40);
        for (int i = 0; i < proof.size(); i++) {
            assertTriggered(proof, i);
        }
    }

    private static void assertTriggered(Examples rows, int index) {
        float[] values = new float[Samples.WIDTH];
        float[] label = new float[1];
        rows.copyInput(index, values, 0);
        rows.copyTarget(index, label, 0);
        assertThat(values[3]).isEqualTo(9);
        assertThat(values[4]).isEqualTo(-9);
        assertThat(label[0]).isEqualTo(2);
    }

    @Test
    void aPatchIsPutOnAllChannelsOfAnImage() {
        float[] image = new float[2 * 3 * 4];
        new Trigger.Patch(1, 2, 2, 2, 5).put(image, Shape.of(2, 3, 4));
        assertThat(IntStream.range(0, image.length).filter(i -> image[i] == 5))
                .containsExactly(6, 7, 10, 11, 18, 19, 22, 23);
        assertThat(new Trigger.Patch(1, 2, 2, 2, 5).problemsWith(Shape.of(2, 3, 4)))
                .isEmpty();
        assertThat(new Trigger.Patch(2, 2, 2, 2, 5).problemsWith(Shape.of(2, 3, 4)))
                .hasSize(1);
    }

    @Test
    void updatesAreTurnedAndStretched() throws InterruptedException {
        float[] honest = honest();
        float[] turned = answer(new Attack.SignFlip(2)).contribution().valuesInTheClear();
        float[] stretched = answer(new Attack.Scaling(100)).contribution().valuesInTheClear();
        assertThat(honest).isNotEqualTo(new float[honest.length]);
        for (int i = 0; i < honest.length; i++) {
            assertThat(turned[i]).isEqualTo(-2 * honest[i]);
            assertThat(stretched[i]).isEqualTo((float) (100.0 * honest[i]));
        }
        Attack.Backdoor enlarged = new Attack.Backdoor(BACKDOOR.trigger(), 2, .3, 10);
        float[] one = answer(BACKDOOR).contribution().valuesInTheClear();
        float[] ten = answer(enlarged).contribution().valuesInTheClear();
        assertThat(one).isNotEqualTo(honest);
        assertThat(ten[0]).isEqualTo((float) (10.0 * one[0]));
    }

    @Test
    void whoDoesNotTrainSendsNoiseOfItsOwnSize() throws InterruptedException {
        float[] gaussian = answer(new Attack.Gaussian(200)).contribution().valuesInTheClear();
        float[] free = answer(new Attack.FreeRiding(1e-3)).contribution().valuesInTheClear();
        for (float nothing : answer(new Attack.FreeRiding(0)).contribution().valuesInTheClear()) {
            assertThat(nothing).isZero();
        }
        for (int i = 0; i < free.length; i++) {
            assertThat(free[i]).isCloseTo((float) (gaussian[i] * 5e-6), within(1e-8f));
        }
        double squares = IntStream.range(0, gaussian.length)
                .mapToDouble(i -> gaussian[i] / 200 * (gaussian[i] / 200))
                .average()
                .orElseThrow();
        assertThat(squares).isBetween(.3, 2.5);
        assertThat(answer(new Attack.FreeRiding(0)).contribution().weight()).isEqualTo(60);
        assertThat(answer(new Attack.FreeRiding(0)).training().examples()).isZero();
    }

    @Test
    void aFreeRiderAloneLeavesTheModelAndATurnedUpdateGoesTheOtherWay() throws InterruptedException {
        Population one = Population.natural(Map.of(new SiteId("a"), Samples.dataset(ROWS, ROWS)));
        float[] start = MODEL.layout().initialValues(SeedStream.of(5).derive("initial-parameters"));
        float[] honest = simulated(one, 1);
        assertThat(simulated(one.with(by(1, new Attack.FreeRiding(0)), 1), 1)).isEqualTo(start);
        float[] turned = simulated(one.with(by(1, new Attack.SignFlip(1)), 1), 1);
        for (int i = 0; i < start.length; i++) {
            assertThat(turned[i] - start[i]).isCloseTo(start[i] - honest[i], within(1e-6f));
        }
    }

    private static Traits by(int sites, Attack attack) {
        return new Traits(List.of(new Traits.Of<>(new SiteChoice.Count(sites), attack)), List.of(), Optional.empty());
    }

    private static float[] simulated(Population population, int rounds) throws InterruptedException {
        try (ThreadBackend backend = new ThreadBackend(2)) {
            SimulationResult result = backend.run(
                    new Simulation(Study.plan(MODEL, LOSS, FED_AVG, rounds, 1, 5), population),
                    RoundListener.ALL_ROUNDS);
            assertThat(result.failure()).isEmpty();
            return result.parameters();
        }
    }

    @Test
    void aBackdoorIsLearntByTheMean() throws InterruptedException {
        Population honest = Population.dealt(Samples.rows(400, 3, 1), Samples.rows(300, 3, 2), new Iid(), 5, 1);
        try (ThreadBackend backend = new ThreadBackend(1)) {
            RunPlan plan = Study.plan(MODEL, LOSS, FED_AVG, 20, 1, 5);
            var rounds = backend.run(new Simulation(plan, honest.with(by(2, BACKDOOR), 1)), RoundListener.ALL_ROUNDS)
                    .rounds();
            assertThat(rounds.get(19).backdoors().examples()).isEqualTo(200);
            assertThat(rounds.get(19).backdoors().accuracy()).isGreaterThan(.9);
            assertThat(rounds.get(19).pooledTest().accuracy()).isGreaterThan(.8);
            assertThat(backend.run(new Simulation(plan, honest), RoundListener.ALL_ROUNDS)
                            .rounds()
                            .get(19)
                            .backdoors()
                            .examples())
                    .isZero();
        }
    }

    @Test
    void sitesAreChosenOnceByNumberFractionAndName() {
        Population sites = Population.dealt(Samples.rows(100, 3, 1), ROWS, new Iid(), 10, 1);
        List<Traits.Of<Attack>> attacks = List.of(
                new Traits.Of<>(new SiteChoice.Count(3), new Attack.SignFlip(1)),
                new Traits.Of<>(new SiteChoice.Named(List.of(new SiteId("site-03"))), new Attack.Scaling(2)),
                new Traits.Of<>(new SiteChoice.Fraction(.2), new Attack.FreeRiding(0)));
        Traits traits = new Traits(attacks, List.of(), Optional.empty());
        Set<List<Integer>> draws = new HashSet<>();
        for (long seed = 1; seed <= 10; seed++) {
            Population troubled = sites.with(traits, seed);
            String what = "seed " + seed;
            assertThat(troubled.attack(2)).as(what).contains(new Attack.Scaling(2));
            List<Integer> flips = IntStream.range(0, 10)
                    .filter(i ->
                            troubled.attack(i).isPresent() && troubled.attack(i).get() instanceof Attack.SignFlip)
                    .boxed()
                    .toList();
            assertThat(flips).as(what).hasSize(3);
            draws.add(flips);
            assertThat(IntStream.range(0, 10)
                            .filter(i -> troubled.attack(i).isPresent())
                            .count())
                    .as(what)
                    .isEqualTo(6);
            assertThat(troubled.fingerprint()).isNotEqualTo(sites.fingerprint());
            assertThat(sites.with(traits, seed).fingerprint()).isEqualTo(troubled.fingerprint());
        }
        assertThat(draws).hasSizeGreaterThan(5);
        assertThat(sites.with(traits, 1).traits())
                .hasSize(3)
                .anyMatch(it -> it.equals("attack scaling by 1 site (site-03)"));
        assertThatThrownBy(() -> sites.with(by(11, new Attack.SignFlip(1)), 1))
                .hasMessage("so many sites are not left to choose from: 11. Sites: 10, left: 10");
        assertThatThrownBy(() -> sites.with(
                        new Traits(
                                List.of(new Traits.Of<>(
                                        new SiteChoice.Named(List.of(new SiteId("bonn"))), new Attack.SignFlip(1))),
                                List.of(),
                                Optional.empty()),
                        1))
                .hasMessage("there is no such site. Provided value: 'bonn'; the sites are site-01 to site-10");
    }

    @Test
    void whatDoesNotFitTheModelIsNamed() {
        Population sites = Population.dealt(Samples.rows(100, 3, 1), ROWS, new Iid(), 10, 1);
        List<Attack> attacks = List.of(
                new Attack.LabelFlip(1, 3),
                new Attack.Backdoor(new Trigger.Columns(new TreeMap<>(Map.of(5, 1.0))), 0, .5, 1),
                new Attack.Backdoor(new Trigger.Patch(0, 0, 1, 1, 1), 0, .5, 1));
        Traits traits = new Traits(
                attacks.stream()
                        .map(attack -> new Traits.Of<>(new SiteChoice.Count(1), attack))
                        .toList(),
                List.of(),
                Optional.empty());
        RunPlan plan = Study.plan(MODEL, LOSS, FED_AVG, 1, 1, 5);
        assertThatThrownBy(() -> new Simulation(plan, sites.with(traits, 1)))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("a class must be below the number of classes, 3. Provided value: 3.")
                .hasMessageContaining("a place must be below the number of inputs, 5. Provided value: 5.")
                .hasMessageContaining("inputs must be images of (channels, height, width). Provided value: [5].");
        RunPlan numbers =
                Study.plan(Models.logisticRegression(Samples.WIDTH, 1), new Loss.MeanSquaredError(), FED_AVG, 1, 1, 5);
        assertThatThrownBy(() -> new Simulation(numbers, sites.with(by(1, new Attack.LabelReversal()), 1)))
                .hasMessageContaining("it needs targets that are class indexes");
    }

    @Test
    void whatIsOutOfRangeIsNamed() {
        assertThatThrownBy(() -> new Attack.LabelFlip(1, 1)).hasMessageContaining("two different classes");
        assertThatThrownBy(() -> new Attack.Scaling(0))
                .hasMessage("factor must be > 0 and finite. Provided value: 0.0");
        assertThatThrownBy(() -> new Attack.Gaussian(Double.NaN)).hasMessageContaining("deviation must be > 0");
        assertThatThrownBy(() -> new Fault.DropOut(0)).hasMessageContaining("probability must be > 0 and <= 1");
        assertThatThrownBy(() -> new Fault.Straggling(.5)).hasMessageContaining("factor must be >= 1");
        assertThatThrownBy(() -> new VirtualClock(0, 0, 1, 0, OptionalDouble.empty()))
                .hasMessageContaining("rows-per-second must be > 0");
        assertThatThrownBy(() -> new Traits(
                        List.of(),
                        List.of(new Traits.Of<>(new SiteChoice.Count(1), new Fault.Straggling(2))),
                        Optional.empty()))
                .hasMessageContaining("straggling needs a clock");
        assertThat(Arrays.asList(new Attack.LabelFlip(0, 1).name(), new Attack.LabelReversal().name()))
                .containsOnly("label-flip");
    }
}

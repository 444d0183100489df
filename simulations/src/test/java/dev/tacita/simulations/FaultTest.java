package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.FedDyn;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class FaultTest {
    private static final ModelSpec MODEL = Models.logisticRegression(Samples.WIDTH, 3);
    private static final Loss LOSS = new Loss.SoftmaxCrossEntropy();
    private static final FedAvg TWO_EPOCHS = new FedAvg(
            new LocalWork.Train(
                    new OptimizerSpec.Sgd(0.1, 0, false, 0), new LocalWork.Extent.Epochs(2), OptionalInt.of(8)),
            1);
    private static final Population TEN_SITES =
            Population.dealt(Samples.rows(200, 3, 1), Samples.rows(30, 3, 2), new Iid(), 10, 1);
    /** Model and contribution of 18 numbers each. */
    private static final int BYTES = 2 * 18 * 4;

    private static Traits faults(Optional<VirtualClock> clock, int sites, Fault fault) {
        return new Traits(List.of(), List.of(new Traits.Of<>(new SiteChoice.Count(sites), fault)), clock);
    }

    private static SimulationResult run(Population population, int rounds, int workers) throws InterruptedException {
        RunPlan plan = Study.plan(MODEL, LOSS, TWO_EPOCHS, rounds, 1, 5);
        try (ThreadBackend backend = new ThreadBackend(workers)) {
            SimulationResult result = backend.run(new Simulation(plan, population), RoundListener.ALL_ROUNDS);
            assertThat(result.failure()).isEmpty();
            return result;
        }
    }

    @Test
    void sitesDropOutOfSomeRounds() throws InterruptedException {
        Population sites = TEN_SITES.with(faults(Optional.empty(), 4, new Fault.DropOut(.3)), 1);
        SimulationResult result = run(sites, 200, 1);
        int dropped = 0;
        for (SimulatedRound round : result.rounds()) {
            assertThat(round.droppedOut()).isBetween(0, 4);
            assertThat(round.contributions()).isEqualTo(10 - round.droppedOut());
            assertThat(round.asked()).isEqualTo(10);
            assertThat(round.seconds()).isEmpty();
            dropped += round.droppedOut();
        }
        // 800 draws: five standard deviations are 65.
        assertThat(dropped).isCloseTo(240, within(65));
    }

    @Test
    void aRoundThatNobodyAnswersLeavesTheModel() throws InterruptedException {
        SimulationResult result = run(TEN_SITES.with(faults(Optional.empty(), 10, new Fault.DropOut(1)), 1), 3, 2);
        assertThat(result.rounds())
                .hasSize(3)
                .allMatch(round -> round.contributions() == 0 && round.droppedOut() == 10);
        assertThat(result.parameters())
                .isEqualTo(MODEL.layout().initialValues(SeedStream.of(5).derive("initial-parameters")));
    }

    @Test
    void aRoundBelowItsQuorumLeavesWhatSitesKeepAsItWas() throws InterruptedException {
        Population sites = TEN_SITES.with(faults(Optional.empty(), 10, new Fault.DropOut(.3)), 1);
        FedDyn algorithm = new FedDyn(TWO_EPOCHS.training(), TWO_EPOCHS.schedule(), .1);
        RunPlan plan = RoundPlans.withQuorum(Study.plan(MODEL, LOSS, algorithm, 12, 1, 5), 8, 10);
        Simulation simulation = new Simulation(plan, sites);
        Workshop workshop = new Workshop(simulation);
        ServerState first = ServerState.first(
                algorithm, MODEL.layout().initialValues(SeedStream.of(5).derive("initial-parameters")));
        int below = 0;
        try (ThreadWorkers threads = new ThreadWorkers(1)) {
            SynchronousRounds rounds = new SynchronousRounds(
                    workshop,
                    PopulationPart.all(sites),
                    simulation.selection().begin(plan, sites),
                    threads.in(workshop),
                    first);
            for (int round = 1; round <= plan.rounds(); round++) {
                Rounds.Outcome outcome = rounds.next(round);
                below += outcome.contributions() < 8 ? 1 : 0;
                assertRemembersTheMeanOfWhatSitesKeep(rounds, outcome.state().memory());
            }
        }
        assertThat(below).isBetween(1, plan.rounds() - 1);
    }

    /** Both are sums of the same updates. */
    private static void assertRemembersTheMeanOfWhatSitesKeep(Rounds rounds, float[] remembered) {
        double[] mean = new double[remembered.length];
        for (int site = 0; site < 10; site++) {
            float[] kept = rounds.memory(site);
            for (int i = 0; i < kept.length; i++) {
                mean[i] += kept[i] / 10d;
            }
        }
        for (int i = 0; i < mean.length; i++) {
            assertThat((double) remembered[i]).isCloseTo(mean[i], within(1e-6));
        }
    }

    @Test
    void aRoundLastsAsLongAsItsSlowestSite() throws InterruptedException {
        VirtualClock clock = new VirtualClock(100, 0, 1, 0, OptionalDouble.empty());
        double alike = 2 * 20 / 100.0 + BYTES * 8 / 1e6;
        SimulationResult result = run(TEN_SITES.with(new Traits(List.of(), List.of(), Optional.of(clock)), 1), 2, 1);
        assertThat(result.rounds().get(1).seconds().orElseThrow()).isCloseTo(2 * alike, within(1e-9));
        SimulationResult slow = run(TEN_SITES.with(faults(Optional.of(clock), 1, new Fault.Straggling(5)), 1), 2, 1);
        assertThat(slow.rounds().get(1).seconds().orElseThrow()).isCloseTo(10 * alike, within(1e-9));
        assertThat(slow.parameters()).isEqualTo(result.parameters());
    }

    @Test
    void whoIsLateDoesNotCount() throws InterruptedException {
        VirtualClock clock = new VirtualClock(100, 0, 1, 0, OptionalDouble.of(1));
        SimulationResult result = run(TEN_SITES.with(faults(Optional.of(clock), 3, new Fault.Straggling(5)), 1), 3, 1);
        assertThat(result.rounds())
                .allMatch(round -> round.late() == 3 && round.contributions() == 7 && round.droppedOut() == 0);
        assertThat(result.rounds().get(2).seconds().orElseThrow()).isCloseTo(3, within(1e-9));
    }

    @Test
    void speedsAreDrawnOncePerSiteAndSpreadAsAsked() {
        VirtualClock clock = new VirtualClock(100, .5, 8, 1, OptionalDouble.empty());
        List<Double> compute = new ArrayList<>();
        List<Double> link = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            SeedStream site = SeedStream.of(3).derive(i);
            compute.add(-Math.log(clock.seconds(100, 0, site)));
            link.add(-Math.log(clock.seconds(0, 1_000_000, site)));
            assertThat(clock.seconds(100, 1_000_000, site))
                    .isCloseTo(clock.seconds(100, 0, site) + clock.seconds(0, 1_000_000, site), within(1e-9));
        }
        assertSpread(compute, .5);
        assertSpread(link, 1);
    }

    private static void assertSpread(List<Double> logarithms, double deviation) {
        double mean = logarithms.stream().mapToDouble(it -> it).average().orElseThrow();
        double squares =
                logarithms.stream().mapToDouble(it -> it * it).average().orElseThrow();
        assertThat(mean).isCloseTo(0, within(5 * deviation / Math.sqrt(4000)));
        assertThat(Math.sqrt(squares)).isCloseTo(deviation, within(.06 * deviation));
    }

    @Test
    void workCountsEveryTimeThatARowIsTrainedOn() {
        LocalWork.Train steps = new LocalWork.Train(
                new OptimizerSpec.Sgd(0.1, 0, false, 0), new LocalWork.Extent.Steps(7), OptionalInt.of(8));
        assertThat(Attendance.rowsTrained(steps, 20)).isEqualTo(56);
        assertThat(Attendance.rowsTrained(steps, 5)).isEqualTo(35);
        assertThat(Attendance.rowsTrained(TWO_EPOCHS.work(1), 20)).isEqualTo(40);
        assertThat(Attendance.rowsTrained(new LocalWork.Gradient(), 20)).isEqualTo(20);
    }

    @Test
    void hostileAndFailingSitesGiveTheSameBitsOnAnyNumberOfWorkers() throws InterruptedException {
        Traits traits = new Traits(
                List.of(
                        new Traits.Of<>(new SiteChoice.Count(1), new Attack.Gaussian(.01)),
                        new Traits.Of<>(new SiteChoice.Count(1), new Attack.LabelReversal()),
                        new Traits.Of<>(new SiteChoice.Count(1), new Attack.SignFlip(1))),
                List.of(
                        new Traits.Of<>(new SiteChoice.Fraction(.4), new Fault.DropOut(.5)),
                        new Traits.Of<>(new SiteChoice.Count(2), new Fault.Straggling(6))),
                Optional.of(new VirtualClock(100, .3, 1, .3, OptionalDouble.of(1))));
        SimulationResult one = run(TEN_SITES.with(traits, 4), 6, 1);
        assertThat(one.rounds().stream().mapToInt(SimulatedRound::late).sum()).isPositive();
        for (int workers : new int[] {2, 8}) {
            SimulationResult more = run(TEN_SITES.with(traits, 4), 6, workers);
            assertThat(more.parameters()).as(workers + " workers").isEqualTo(one.parameters());
            assertThat(more.rounds()).isEqualTo(one.rounds());
        }
    }
}

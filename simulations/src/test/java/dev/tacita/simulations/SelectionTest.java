package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.config.RunPlanReader;
import dev.tacita.core.ProblemsException;
import dev.tacita.core.SiteId;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.Models;
import dev.tacita.engine.LossMoments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SelectionTest {
    /** Reports that are made up: of each site its losses and seconds. */
    private static final class MadeUp implements SiteReports {
        private final double[][] losses;
        private final double[] seconds;
        final List<Integer> asked = new ArrayList<>();

        MadeUp(double[][] losses, double... seconds) {
            this.losses = losses;
            this.seconds = seconds;
        }

        @Override
        public List<LossMoments> losses(int[] sites) {
            Arrays.stream(sites).forEach(asked::add);
            return Arrays.stream(sites)
                    .mapToObj(site -> new LossMoments(
                            losses[site].length,
                            Arrays.stream(losses[site]).sum(),
                            Arrays.stream(losses[site]).map(loss -> loss * loss).sum()))
                    .toList();
        }

        @Override
        public OptionalDouble seconds(int site) {
            return seconds.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(seconds[site]);
        }
    }

    private static Population sites(int... rows) {
        Map<SiteId, LocalDataset> sites = new HashMap<>();
        for (int i = 0; i < rows.length; i++) {
            sites.put(
                    new SiteId("s" + (100 + i)),
                    Samples.dataset(Samples.rows(rows[i], 3, i), Samples.rows(9, 3, 50 + i)));
        }
        return Population.natural(sites);
    }

    private static RunPlan plan(double fraction, long seed) {
        FedAvg fedAvg = new FedAvg(
                new LocalWork.Train(OptimizerSpec.Sgd.of(.05), new LocalWork.Extent.Epochs(1), OptionalInt.of(8)), 1);
        return Study.plan(
                Models.logisticRegression(Samples.WIDTH, 3), new Loss.SoftmaxCrossEntropy(), fedAvg, 6, fraction, seed);
    }

    @Test
    void aWeightedDrawIsThatOfTakingOneAfterTheOther() {
        double[] weights = {1, 2, 5, 0};
        double[] logs = Arrays.stream(weights).map(Math::log).toArray();
        RandomGenerator random = new SplittableRandom(8);
        Map<List<Integer>, Integer> counts = new HashMap<>();
        int draws = 40_000;
        for (int i = 0; i < draws; i++) {
            counts.merge(WeightedDraw.draw(random, List.of(0, 1, 2, 3), logs, 2), 1, Integer::sum);
        }
        double total = 0;
        for (int first = 0; first < 3; first++) {
            for (int second = 0; second < 3; second++) {
                if (first != second) {
                    double expected = weights[first] / 8 * weights[second] / (8 - weights[first]);
                    assertThat(counts.getOrDefault(List.of(first, second), 0) / (double) draws)
                            .as(first + " then " + second)
                            .isCloseTo(expected, within(.01));
                    total += expected;
                }
            }
        }
        assertThat(total).isCloseTo(1, within(1e-12));
    }

    @Test
    void largeSitesAreAskedMoreOften() throws InterruptedException {
        Population population = sites(10, 20, 70);
        int[] asked = new int[3];
        CohortChooser chooser = new BySize().begin(plan(.3, 5), population);
        for (int round = 1; round <= 4000; round++) {
            int[] cohort = chooser.cohort(round, new MadeUp(new double[3][1]));
            assertThat(cohort).hasSize(1);
            asked[cohort[0]]++;
        }
        assertThat(asked[0] / 4000.).isCloseTo(.1, within(.03));
        assertThat(asked[2] / 4000.).isCloseTo(.7, within(.03));
    }

    @Test
    void powerOfChoiceAsksTheCandidatesThatDoWorst() throws InterruptedException {
        Population population = sites(9, 9, 9, 9, 9, 9);
        double[][] losses = {{3, 3}, {1}, {5, 1}, {9, 0, 0, 0}, {4}, {2}};
        double[] means = {3, 1, 3, 2.25, 4, 2};
        for (int round = 1; round <= 30; round++) {
            MadeUp reports = new MadeUp(losses);
            int[] cohort = new PowerOfChoice(4).begin(plan(.34, 3), population).cohort(round, reports);
            assertThat(reports.asked).hasSize(4).doesNotHaveDuplicates().isSorted();
            double best = reports.asked.stream()
                    .mapToDouble(site -> means[site])
                    .map(mean -> -mean)
                    .sorted()
                    .limit(2)
                    .map(mean -> -mean)
                    .sum();
            assertThat(reports.asked).contains(cohort[0], cohort[1]);
            assertThat(means[cohort[0]] + means[cohort[1]]).as("round " + round).isEqualTo(best);
        }
        assertThat(new PowerOfChoice(6).begin(plan(.34, 3), population).cohort(1, new MadeUp(losses)))
                .as("of equals the first")
                .containsExactly(0, 4);
    }

    @Test
    void powerOfChoiceNeedsFewerThanAllAndNoFewerThanTheCohort() {
        Population population = sites(9, 9, 9, 9);
        for (int candidates : new int[] {1, 5}) {
            assertThatThrownBy(
                            () -> new Simulation(plan(.5, 1), population, new PowerOfChoice(candidates), new Mean(), 1))
                    .isInstanceOf(ProblemsException.class)
                    .hasMessageContaining("candidates must be at least the 2 sites that a round asks, and at most the 4"
                            + " sites there are. Provided value: " + candidates + ".");
        }
    }

    @Test
    void activeSelectionLeavesOutTheLeastValued() throws InterruptedException {
        Population population = sites(9, 9, 9, 9, 9, 9, 9, 9);
        // Values: sum over the root of the number.
        double[][] losses = {{1}, {2}, {3}, {4}, {5}, {6}, {3, 3, 3, 3}, {4, 4, 4, 4}};
        for (long seed = 1; seed <= 50; seed++) {
            MadeUp reports = new MadeUp(losses);
            CohortChooser chooser = new ActiveSelection(.75, .01, 0).begin(plan(.25, seed), population);
            assertThat(chooser.cohort(1, reports))
                    .as("the two of value 6 and 8, and one more of 6 is left out")
                    .isIn(new int[] {6, 7}, new int[] {5, 7});
            assertThat(reports.asked).hasSize(8);
            // The one that is asked has become worthless, and is left out from then on.
            double[][] learnt = losses.clone();
            learnt[7] = new double[] {0, 0, 0, 0};
            MadeUp later = new MadeUp(learnt);
            chooser.cohort(2, later);
            assertThat(later.asked).hasSize(2).contains(7);
            assertThat(chooser.cohort(3, later)).as("seed " + seed).containsExactly(5, 6);
        }
    }

    @Test
    void activeSelectionDrawsASharefromAllAndTheOthersByTheirValue() throws InterruptedException {
        Population population = sites(9, 9, 9, 9);
        double[][] losses = {{0}, {0}, {1}, {2}};
        int uniform = 0;
        int most = 0;
        for (long seed = 1; seed <= 3000; seed++) {
            int[] cohort = new ActiveSelection(.5, Math.log(3), .5)
                    .begin(plan(.5, seed), population)
                    .cohort(1, new MadeUp(losses));
            assertThat(cohort).hasSize(2);
            assertThat(cohort[1]).as("one is of the valued half").isGreaterThan(1);
            uniform += cohort[0] < 2 ? 1 : 0;
            most += cohort[0] < 2 && cohort[1] == 3 ? 1 : 0;
        }
        assertThat(uniform / 3000.).isCloseTo(2 / 3., within(.03));
        assertThat(most / (double) uniform)
                .as("e^(ln 3 (2 - 1)) times as likely")
                .isCloseTo(.75, within(.03));
    }

    @Test
    void oortExploresBySpeedFirstAndLess() throws InterruptedException {
        Population population = sites(9, 9, 9, 9, 9, 9, 9, 9, 9, 9);
        Oort oort = new Oort(1, .5, .25, OptionalDouble.empty(), 2);
        MadeUp reports = new MadeUp(new double[10][1], 1, 1e9, 1, 1e9, 1, 1e9, 1, 1e9, 1, 1e9);
        CohortChooser chooser = oort.begin(plan(.4, 2), population);
        Set<Integer> known = new HashSet<>();
        int[] expected = {4, 2, 1, 1, 1, 1, 0};
        for (int round = 1; round <= expected.length; round++) {
            int fresh = 0;
            int[] cohort = chooser.cohort(round, reports);
            assertThat(cohort).hasSize(4).doesNotHaveDuplicates();
            for (int site : cohort) {
                fresh += known.add(site) ? 1 : 0;
                if (round == 1) {
                    assertThat(site % 2).as("a fast one").isZero();
                }
            }
            assertThat(fresh).as("round " + round).isEqualTo(expected[round - 1]);
            assertThat(known.containsAll(Set.of(0, 2, 4, 6, 8)))
                    .as("all fast ones")
                    .isEqualTo(round > 1);
        }
    }

    /** Utilities written out: who was asked before is among the best, or within 95 % of the last of them. */
    @Test
    void oortAsksTheMostUseful() throws InterruptedException {
        int passedOver = 0;
        for (long seed = 1; seed <= 30; seed++) {
            var random = new SplittableRandom(seed);
            double[][] losses = new double[30][];
            double[] seconds = new double[30];
            double[] statistical = new double[30];
            for (int i = 0; i < losses.length; i++) {
                losses[i] = random.doubles(1 + random.nextInt(20), 0, 3).toArray();
                seconds[i] = 20 * random.nextDouble();
                double squares = 0;
                for (double loss : losses[i]) {
                    squares += loss * loss;
                }
                statistical[i] = losses[i].length * Math.sqrt(squares / losses[i].length);
            }
            Population population = sites(IntStream.range(0, 30).map(i -> 3).toArray());
            Oort oort = new Oort(1, .7, 0, OptionalDouble.of(8), 2);
            CohortChooser chooser = oort.begin(plan(1 / 3., seed), population);
            Map<Integer, Integer> lastAsked = new HashMap<>();
            for (int round = 1; round <= 8; round++) {
                int[] cohort = chooser.cohort(round, new MadeUp(losses, seconds));
                assertThat(cohort).hasSize(10).isSorted();
                double[] known = lastAsked.keySet().stream()
                        .mapToDouble(site -> statistical[site])
                        .sorted()
                        .toArray();
                double cap = known.length == 0 ? 0 : known[(int) Math.ceil(.95 * known.length) - 1];
                Map<Integer, Double> utilities = new HashMap<>();
                for (Map.Entry<Integer, Integer> each : lastAsked.entrySet()) {
                    int site = each.getKey();
                    double slow = seconds[site] > 8 ? Math.pow(8 / seconds[site], 2) : 1;
                    utilities.put(
                            site,
                            (Math.min(cap, statistical[site]) + Math.sqrt(.1 * Math.log(round) / each.getValue()))
                                    * slow);
                }
                double[] asked = Arrays.stream(cohort)
                        .filter(lastAsked::containsKey)
                        .mapToDouble(utilities::get)
                        .toArray();
                double[] sorted = utilities.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sorted()
                        .toArray();
                for (double utility : asked) {
                    assertThat(utility)
                            .as("seed " + seed + ", round " + round)
                            .isGreaterThanOrEqualTo(.95 * sorted[sorted.length - asked.length] - 1e-9);
                }
                passedOver += sorted.length - asked.length;
                for (int site : cohort) {
                    lastAsked.put(site, round);
                }
            }
        }
        assertThat(passedOver).isGreaterThan(100);
    }

    @Test
    void anyNumberOfWorkersGivesTheSame() throws InterruptedException {
        Population population = sites(30, 12, 55, 21, 8, 40);
        for (Selection selection : List.of(
                PlainSelection.CYCLIC,
                new BySize(),
                new PowerOfChoice(4),
                new Oort(.9, .9, .2, OptionalDouble.empty(), 2),
                new ActiveSelection(.5, .01, .3))) {
            Simulation simulation = new Simulation(plan(.34, 6), population, selection, new Mean(), 1);
            float[] one = run(simulation, 1).parameters();
            assertThat(run(simulation, 2).parameters()).as(selection.toString()).containsExactly(one);
            assertThat(run(simulation, 8).parameters()).as(selection.toString()).containsExactly(one);
            assertThat(run(new Simulation(plan(.34, 7), population, selection, new Mean(), 1), 1)
                            .parameters())
                    .as(selection.toString())
                    .isNotEqualTo(one);
        }
    }

    @Test
    void lossesAreNotAskedOfSitesWhoseRowsNoiseIsToHide() {
        RunPlan plan = RunPlanReader.read("plan", """
                name: hidden
                dataset: sample
                model:
                  input: [5]
                  layers:
                    - dense: {units: 3}
                loss: softmax-cross-entropy
                algorithm:
                  fedavg: {epochs: 1, batch-size: 8, optimizer: {sgd: {learning-rate: 0.05}}}
                rounds: 2
                cohort-fraction: 0.5
                quorum: 1
                sites: 6
                deadline: 30s
                protection: plain
                privacy: {site: {clip: 1, noise-multiplier: 1, delta: 0.001}}
                seed: 11
                """);
        Population population = sites(9, 9, 9, 9, 9, 9);
        for (Selection selection : List.of(
                new PowerOfChoice(4),
                new Oort(.9, .98, .2, OptionalDouble.empty(), 2),
                new ActiveSelection(.75, .01, .1))) {
            assertThatThrownBy(() -> new Simulation(plan, population, selection, new Mean(), 1))
                    .as(selection.toString())
                    .isInstanceOf(ProblemsException.class)
                    .hasMessageContaining("which the noise of the run's privacy does not hide");
        }
        assertThat(new Simulation(plan, population, new BySize(), new Mean(), 1).cohortSize())
                .isEqualTo(3);
    }

    @Test
    void sitesTellTheSecondsOfTheirClock() throws InterruptedException {
        Population population = sites(30, 12);
        Selection asking = (plan, sites) -> (round, reports) -> {
            boolean clock = sites.clock().isPresent();
            assertThat(reports.seconds(0).isPresent()).isEqualTo(clock);
            if (clock) {
                // 30 rows at 10 a second, and 18 parameters of 4 bytes there and back at 8 bits a microsecond.
                assertThat(reports.seconds(0).orElseThrow()).isCloseTo(3 + 144e-6, within(1e-12));
                assertThat(reports.seconds(1).orElseThrow()).isCloseTo(1.2 + 144e-6, within(1e-12));
            }
            return new int[] {0, 1};
        };
        VirtualClock clock = new VirtualClock(10, 0, 8, 0, OptionalDouble.empty());
        Population timed = population.with(new Traits(List.of(), List.of(), Optional.of(clock)), 1);
        for (Population each : List.of(population, timed)) {
            run(new Simulation(plan(1, 1), each, asking, new Mean(), 1), 1);
        }
    }

    private static SimulationResult run(Simulation simulation, int workers) throws InterruptedException {
        try (Backend backend = new ThreadBackend(workers)) {
            SimulationResult result = backend.run(simulation, RoundListener.ALL_ROUNDS);
            assertThat(result.rounds()).allMatch(round -> round.asked() == simulation.cohortSize());
            return result;
        }
    }
}

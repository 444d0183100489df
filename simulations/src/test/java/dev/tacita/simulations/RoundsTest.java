package dev.tacita.simulations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tacita.core.ProblemsException;
import dev.tacita.core.SiteId;
import dev.tacita.core.aggregation.Mean;
import dev.tacita.core.learning.FedAvg;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.LocalDataset;
import dev.tacita.core.learning.LocalTask;
import dev.tacita.core.learning.LocalWork;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.OptimizerSpec;
import dev.tacita.core.learning.Regions;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Models;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.core.number.SeedStream;
import dev.tacita.engine.EngineTrainer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rounds that are not those of a live run: of regions, and of a buffer. */
class RoundsTest {
    private static final ModelSpec MODEL = Models.logisticRegression(Samples.WIDTH, 3);
    private static final Loss LOSS = new Loss.SoftmaxCrossEntropy();

    private static FedAvg fedAvg(double serverLearningRate) {
        return new FedAvg(
                new LocalWork.Train(OptimizerSpec.Sgd.of(.05), new LocalWork.Extent.Epochs(2), OptionalInt.of(8)),
                serverLearningRate);
    }

    private static Population sites(int from, int to) {
        Map<SiteId, LocalDataset> sites = new HashMap<>();
        for (int i = from; i < to; i++) {
            sites.put(new SiteId("s" + i), dataset(i));
        }
        return Population.natural(sites);
    }

    private static Population timed(Population sites, double computeSpread) {
        VirtualClock clock = new VirtualClock(10, computeSpread, 8, 0, OptionalDouble.empty());
        return sites.with(new Traits(List.of(), List.of(), Optional.of(clock)), 1);
    }

    private static SimulationResult run(FederatedAlgorithm algorithm, Population sites, int rounds, int workers)
            throws InterruptedException {
        RunPlan plan = Study.plan(MODEL, LOSS, algorithm, rounds, 1, 3);
        try (Backend backend = new ThreadBackend(workers)) {
            SimulationResult result = backend.run(new Simulation(plan, sites), RoundListener.ALL_ROUNDS);
            assertThat(result.failure()).isEmpty();
            return result;
        }
    }

    @Test
    void oneRegionIsFederatedAveragingOfAsManyRounds() throws InterruptedException {
        float[] plain = run(fedAvg(1), sites(0, 5), 6, 2).parameters();
        // Updates of regions are rounded to float32 and to the run's numbers.
        assertThat(run(new Hierarchical(fedAvg(1), 1, 1), sites(0, 5), 6, 2).parameters())
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(plain);
        SimulationResult two = run(new Hierarchical(fedAvg(1), 1, 2), sites(0, 5), 3, 2);
        assertThat(two.parameters()).usingComparatorWithPrecision(1e-6f).containsExactly(plain);
        assertThat(two.rounds()).allMatch(round -> round.asked() == 10 && round.contributions() == 10);
    }

    @Test
    void whatARegionHasLearntMustFitTheNumbersOfTheRun() throws InterruptedException {
        RunPlan wide = Study.plan(MODEL, LOSS, new Hierarchical(fedAvg(1), 2, 200), 1, 1, 3);
        RunPlan narrow = new RunPlan(
                wide.name(),
                wide.dataset(),
                wide.model(),
                wide.loss(),
                wide.algorithm(),
                wide.rounds(),
                wide.cohortFraction(),
                wide.quorum(),
                wide.sites(),
                wide.deadline(),
                wide.retries(),
                wide.protection(),
                wide.privacy(),
                new FixedPoint(32, 1),
                wide.seed());
        try (Backend backend = new ThreadBackend(2)) {
            assertThat(backend.run(new Simulation(narrow, sites(0, 5)), RoundListener.ALL_ROUNDS)
                            .failure()
                            .orElseThrow())
                    .contains("round 1: what a region has learnt cannot be added", "within +-1");
        }
    }

    @Test
    void regionsDrawTheirCohortsByThemselves() throws InterruptedException {
        List<Long> seeds = new ArrayList<>();
        Selection noting = (plan, sites) -> {
            seeds.add(plan.seed());
            return PlainSelection.UNIFORM.begin(plan, sites);
        };
        RunPlan plan = Study.plan(MODEL, LOSS, new Hierarchical(fedAvg(1), 3, 2), 2, .5, 3);
        try (Backend backend = new ThreadBackend(2)) {
            Simulation simulation = new Simulation(plan, sites(0, 7), noting, new Mean(), 1);
            assertThat(simulation.cohortSize()).isEqualTo(2 * (1 + 1 + 2));
            assertThat(backend.run(simulation, RoundListener.ALL_ROUNDS).rounds())
                    .allMatch(round -> round.asked() == 8 && round.contributions() == 8);
        }
        assertThat(seeds).hasSize(3).doesNotHaveDuplicates().startsWith(3L);
    }

    @Test
    void regionsAverageWhatEachHasLearntAlone() throws InterruptedException {
        float[] north = run(fedAvg(1), sites(0, 2), 3, 1).parameters();
        float[] south = run(fedAvg(1), sites(2, 5), 3, 1).parameters();
        double northern = 10 + 17;
        double southern = 24 + 31 + 38;
        float[] both = run(new Hierarchical(fedAvg(1), 2, 3), sites(0, 5), 1, 2).parameters();
        for (int i = 0; i < both.length; i++) {
            assertThat((double) both[i])
                    .isCloseTo((northern * north[i] + southern * south[i]) / (northern + southern), within(1e-7));
        }
    }

    @Test
    void regionsAreThoseThatAreNamedOrThatTheDataSays() throws InterruptedException {
        Map<SiteId, LocalDataset> all = new HashMap<>();
        for (int i = 0; i < 5; i++) {
            all.put(new SiteId("s" + i), dataset(i));
        }
        float[] even = run(fedAvg(1), only(all, "s0", "s2", "s4"), 3, 1).parameters();
        float[] odd = run(fedAvg(1), only(all, "s1", "s3"), 3, 1).parameters();
        double ofEven = 10 + 24 + 38;
        double ofOdd = 17 + 31;
        Regions named = new Regions.Named(Map.of("odd", ids("s3", "s1"), "even", ids("s4", "s0", "s2")));
        float[] both = run(new Hierarchical(fedAvg(1), named, 3), Population.natural(all), 1, 2)
                .parameters();
        for (int i = 0; i < both.length; i++) {
            assertThat((double) both[i])
                    .isCloseTo((ofEven * even[i] + ofOdd * odd[i]) / (ofEven + ofOdd), within(1e-7));
        }
        Map<SiteId, String> ofData = new HashMap<>();
        all.keySet().forEach(site -> ofData.put(site, site.value().matches("s[13]") ? "odd" : "even"));
        Population said = Population.natural(all, ofData);
        Hierarchical byData = new Hierarchical(fedAvg(1), new Regions.OfData(), 3);
        Traits clock =
                new Traits(List.of(), List.of(), Optional.of(new VirtualClock(10, 0, 8, 0, OptionalDouble.empty())));
        for (Population population :
                List.of(said, said.with(clock, 1), said.skewed(List.of(new Skew.Scaling(1e-12)), 1))) {
            float[] parameters = run(byData, population, 1, 2).parameters();
            for (int i = 0; i < both.length; i++) {
                assertThat(parameters[i]).isCloseTo(both[i], within(1e-7f));
            }
        }
        assertThat(said.fingerprint()).isNotEqualTo(Population.natural(all).fingerprint());
    }

    private static Population only(Map<SiteId, LocalDataset> all, String... names) {
        Map<SiteId, LocalDataset> some = new HashMap<>(all);
        some.keySet().retainAll(ids(names));
        return Population.natural(some);
    }

    private static List<SiteId> ids(String... names) {
        return Stream.of(names).map(SiteId::new).toList();
    }

    private static LocalDataset dataset(int site) {
        return Samples.dataset(Samples.rows(10 + 7 * site, 3, site), Samples.rows(30, 3, 50 + site));
    }

    @Test
    void aRoundOfRegionsTakesAsLongAsTheSlowest() throws InterruptedException {
        SimulationResult result = run(new Hierarchical(fedAvg(1), 2, 3), timed(sites(0, 5), 0), 2, 2);
        // The largest site has 38 rows, goes over them twice at 10 rows a second, and moves 18 floats twice.
        assertThat(result.rounds().get(1).seconds().orElseThrow()).isCloseTo(2 * 3 * (7.6 + 144e-6), within(1e-9));
    }

    /** One event after the other, each training done when it begins, means in double precision. */
    private static float[] oneByOne(FedBuff algorithm, Population sites, int steps, List<Double> times)
            throws InterruptedException {
        record Flight(int site, int number, double end, int version, float[] update) {}
        EngineTrainer trainer = new EngineTrainer();
        float[] w = MODEL.layout().initialValues(SeedStream.of(3).derive("initial-parameters"));
        List<Flight> flights = new ArrayList<>();
        double now = 0;
        int number = 0;
        List<Flight> buffer = new ArrayList<>();
        for (int version = 0; version < steps; ) {
            while (flights.size() < algorithm.concurrency()) {
                number++;
                List<Integer> free = new ArrayList<>();
                for (int i = 0; i < sites.size(); i++) {
                    int site = i;
                    if (flights.stream().noneMatch(flight -> flight.site() == site)) {
                        free.add(site);
                    }
                }
                var random = SeedStream.of(3)
                        .derive("cohort")
                        .derive("arrival")
                        .derive(number)
                        .random();
                int site = random.nextInt(sites.size());
                while (!free.contains(site)) {
                    site = random.nextInt(sites.size());
                }
                String name = sites.site(site).value();
                double seconds = sites.clock()
                        .orElseThrow()
                        .seconds(
                                2L * sites.rows(site),
                                8L * w.length,
                                SeedStream.of(3).derive("clock").derive(name));
                SeedStream seeds = SeedStream.of(3)
                        .derive("round")
                        .derive(number)
                        .derive("site")
                        .derive(name);
                LocalTask task = new LocalTask(MODEL, LOSS, algorithm.work(1), w, seeds);
                float[] update = trainer.train(task, sites.train(site)).update().valuesInTheClear();
                flights.add(new Flight(site, number, now + seconds, version, update));
            }
            Flight first = flights.get(0);
            for (Flight each : flights) {
                first = each.end() < first.end() ? each : first;
            }
            flights.remove(first);
            now = first.end();
            buffer.add(first);
            if (buffer.size() == algorithm.buffer()) {
                float[] next = w.clone();
                for (int i = 0; i < w.length; i++) {
                    double sum = 0;
                    for (Flight each : buffer) {
                        sum += each.update()[i] / Math.sqrt(1 + version - each.version());
                    }
                    next[i] = (float) (w[i] + algorithm.base().serverLearningRate() * sum / buffer.size());
                }
                w = next;
                buffer.clear();
                version++;
                times.add(now);
            }
        }
        return w;
    }

    @Test
    void aBufferFillsAsSitesArriveAndStaleUpdatesCountLess() throws InterruptedException {
        Population sites = timed(sites(0, 7), 1.5);
        for (int[] shape : new int[][] {{1, 1}, {3, 2}, {2, 5}, {4, 7}}) {
            FedBuff algorithm = new FedBuff(fedAvg(.7), shape[0], shape[1]);
            String what = "buffer " + shape[0] + ", concurrency " + shape[1];
            List<Double> times = new ArrayList<>();
            float[] expected = oneByOne(algorithm, sites, 12, times);
            SimulationResult result = run(algorithm, sites, 12, 1);
            for (int i = 0; i < expected.length; i++) {
                assertThat(result.parameters()[i]).as(what).isCloseTo(expected[i], within(1e-5f));
            }
            for (int round = 0; round < 12; round++) {
                assertThat(result.rounds().get(round).seconds().orElseThrow())
                        .as(what + ", step " + (round + 1))
                        .isCloseTo(times.get(round), within(1e-9));
                assertThat(result.rounds().get(round).contributions()).as(what).isEqualTo(shape[0]);
            }
            for (int workers : new int[] {2, 8}) {
                assertThat(run(algorithm, sites, 12, workers).parameters())
                        .as(what)
                        .containsExactly(result.parameters());
            }
        }
    }

    @Test
    void regionsGiveTheSameBitsForAnyNumberOfWorkers() throws InterruptedException {
        Hierarchical algorithm = new Hierarchical(fedAvg(1), 3, 2);
        float[] one = run(algorithm, sites(0, 8), 4, 1).parameters();
        assertThat(run(algorithm, sites(0, 8), 4, 2).parameters()).containsExactly(one);
        assertThat(run(algorithm, sites(0, 8), 4, 8).parameters()).containsExactly(one);
    }

    @Test
    void sitesThatDropOutFillNoBuffer() throws InterruptedException {
        VirtualClock clock = new VirtualClock(10, 0, 8, 0, OptionalDouble.empty());
        Traits traits = new Traits(
                List.of(),
                List.of(new Traits.Of<>(new SiteChoice.Fraction(1), new Fault.DropOut(.5))),
                Optional.of(clock));
        SimulationResult result = run(new FedBuff(fedAvg(1), 3, 4), sites(0, 6).with(traits, 1), 20, 2);
        int droppedOut =
                result.rounds().stream().mapToInt(SimulatedRound::droppedOut).sum();
        assertThat(droppedOut).isBetween(30, 100);
        assertThat(result.rounds()).allMatch(round -> round.contributions() == 3);
        Traits gone = new Traits(
                List.of(),
                List.of(new Traits.Of<>(new SiteChoice.Fraction(1), new Fault.DropOut(1))),
                Optional.of(clock));
        RunPlan plan = Study.plan(MODEL, LOSS, new FedBuff(fedAvg(1), 3, 4), 20, 1, 3);
        try (Backend backend = new ThreadBackend(1)) {
            assertThat(backend.run(new Simulation(plan, sites(0, 6).with(gone, 1)), RoundListener.ALL_ROUNDS)
                            .failure())
                    .hasValueSatisfying(why -> assertThat(why).contains("hardly any answered"));
        }
    }

    @Test
    void whatCannotBeRunIsNamed() {
        RunPlan buffered = Study.plan(MODEL, LOSS, new FedBuff(fedAvg(1), 9, 8), 2, 1, 1);
        assertThatThrownBy(() -> new Simulation(buffered, sites(0, 4), new BySize(), new Mean(), 1))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("the population has no clock")
                .hasMessageContaining("fedbuff draws a site whenever one has arrived")
                .hasMessageContaining("buffer must be at most the number of sites, 4. Provided value: 9.")
                .hasMessageContaining("concurrency must be at most the number of sites, 4. Provided value: 8.");
        RunPlan regional = Study.plan(MODEL, LOSS, new Hierarchical(fedAvg(1), 5, 1), 2, 1, 1);
        assertThatThrownBy(() -> new Simulation(regional, sites(0, 4)))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("regions must be at most the number of sites, 4. Provided value: 5.");
        Regions unfit = new Regions.Named(Map.of("north", ids("s0", "s9"), "south", ids("s1", "s8")));
        RunPlan named = Study.plan(MODEL, LOSS, new Hierarchical(fedAvg(1), unfit, 1), 2, 1, 1);
        assertThatThrownBy(() -> new Simulation(named, sites(0, 4)))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("region 'north' names sites that are not there: s9; they are s0 to s3.")
                .hasMessageContaining("region 'south' names sites that are not there: s8")
                .hasMessageContaining("every site must be in a region. In none: s2, s3.");
        RunPlan byData = Study.plan(MODEL, LOSS, new Hierarchical(fedAvg(1), new Regions.OfData(), 1), 2, 1, 1);
        assertThatThrownBy(() -> new Simulation(byData, sites(0, 4)))
                .hasMessageContaining("the data says of no region of s0, s1, s2, s3. Name the column");
        RunPlan live = Study.plan(MODEL, LOSS, new Hierarchical(fedAvg(1), new Regions.Federations(), 1), 2, 1, 1);
        assertThatThrownBy(() -> new Simulation(live, sites(0, 4)))
                .hasMessageContaining("the regions of a study must be named, counted or those of the data.");
        assertThatThrownBy(() -> new Regions.Named(Map.of("north", List.of())))
                .hasMessageContaining("a region must have a site. Provided: region 'north' with none");
        assertThatThrownBy(() -> new Regions.Named(Map.of("north", ids("s1", "s1"))))
                .hasMessageContaining("a site must be in one region, and once. Provided: site 's1'");
        assertThatThrownBy(() -> new FedBuff(fedAvg(1), 0, 1)).hasMessageContaining("buffer must be >= 1");
        assertThatThrownBy(() -> new Hierarchical(fedAvg(1), 1, 0)).hasMessageContaining("edge-rounds must be >= 1");
    }
}

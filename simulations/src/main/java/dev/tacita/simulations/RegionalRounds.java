package dev.tacita.simulations;

import dev.tacita.core.learning.EncodedUpdate;
import dev.tacita.core.learning.Evaluation;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.NotEncodableException;
import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.learning.ServerState;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.core.number.SeedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Rounds of regions: each region does rounds of its own, then the aggregator averages what their models have moved by, in the
 * run's fixed-point numbers, as it does live.
 */
final class RegionalRounds implements Rounds {
    private final Hierarchical algorithm;
    private final FixedPoint encoding;
    private final List<Region> regions = new ArrayList<>();
    private final long weight;
    private final boolean timed;
    private ServerState state;

    /** @param weight the rows of its sites, or their number where a site's rows are hidden */
    private record Region(PopulationPart sites, SynchronousRounds rounds, long weight) {}

    RegionalRounds(Workshop workshop, Hierarchical algorithm, Workers workers, ServerState first) {
        Simulation simulation = workshop.simulation();
        this.algorithm = algorithm;
        this.encoding = simulation.plan().encoding();
        this.state = first;
        Population all = simulation.population();
        this.timed = all.clock().isPresent();
        long total = 0;
        for (int[] sites : RegionMap.of(algorithm.regions(), all).sites()) {
            PopulationPart part = new PopulationPart(all, sites);
            long own = 0;
            for (int site = 0; site < part.size(); site++) {
                own += simulation.plan().privacy().weight(part.rows(site));
            }
            CohortChooser chooser = chooser(simulation, regions.size(), part);
            regions.add(new Region(part, new SynchronousRounds(workshop, part, chooser, workers, first), own));
            total += own;
        }
        this.weight = total;
    }

    /** Each region draws its cohorts by itself; the first as a run without regions does. */
    private static CohortChooser chooser(Simulation simulation, int region, Population sites) {
        RunPlan plan = simulation.plan();
        long own = SeedStream.of(plan.seed())
                .derive("region")
                .derive(region)
                .random()
                .nextLong();
        return simulation.selection().begin(region == 0 ? plan : plan.withSeed(own), sites);
    }

    @Override
    public Outcome next(int number) throws InterruptedException {
        long[] sum = new long[state.parameters().length];
        int asked = 0;
        int contributions = 0;
        int droppedOut = 0;
        int late = 0;
        double slowest = 0;
        Evaluation training = Evaluation.NONE;
        for (Region region : regions) {
            region.rounds().goOnFrom(state);
            ServerState regional = state;
            double seconds = 0;
            for (int edge = 1; edge <= algorithm.edgeRounds(); edge++) {
                Outcome outcome = region.rounds().next((number - 1) * algorithm.edgeRounds() + edge);
                if (outcome.failure().isPresent()) {
                    return outcome;
                }
                asked += outcome.asked();
                contributions += outcome.contributions();
                droppedOut += outcome.droppedOut();
                late += outcome.late();
                training = training.plus(outcome.training());
                seconds += outcome.seconds().orElse(0);
                regional = outcome.state();
            }
            slowest = Math.max(slowest, seconds);
            Optional<String> failure = add(region, regional, sum);
            if (failure.isPresent()) {
                return new Outcome(
                        state,
                        asked,
                        contributions,
                        training,
                        droppedOut,
                        late,
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        failure.map(why -> "round " + number + ": " + why));
            }
        }
        double[] mean = new double[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = encoding.mean(sum[i], weight);
        }
        state = Hierarchical.meanOfRegions(state.parameters(), mean);
        return new Outcome(
                state,
                asked,
                contributions,
                training,
                droppedOut,
                late,
                timed ? OptionalDouble.of(slowest) : OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.empty());
    }

    /** Adds what the model of a region has moved by; why it cannot be added, if it cannot. */
    private Optional<String> add(Region region, ServerState regional, long[] sum) {
        try {
            EncodedUpdate update = Hierarchical.update(state.parameters(), regional.parameters(), region.weight())
                    .withoutClipping()
                    .encode(encoding);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += update.word(i);
            }
            return Optional.empty();
        } catch (NotEncodableException e) {
            return Optional.of("what a region has learnt cannot be added: " + e.getMessage());
        }
    }

    @Override
    public float[] memory(int site) {
        return new float[0];
    }
}

package dev.tacita.simulations;

import dev.tacita.core.learning.RunPlan;
import dev.tacita.core.number.SeedStream;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Sites drawn without replacement, each with a probability in proportion to its number of training examples. */
public record BySize() implements Selection {
    @Override
    public CohortChooser begin(RunPlan plan, Population population) {
        return (round, reports) -> draw(
                        population,
                        SeedStream.of(plan.seed())
                                .derive("cohort")
                                .derive(round)
                                .derive("by-size")
                                .random(),
                        cohortSize(plan, population.size()))
                .stream()
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    static List<Integer> draw(Population population, RandomGenerator random, int count) {
        List<Integer> sites = IntStream.range(0, population.size()).boxed().toList();
        double[] logWeights = sites.stream()
                .mapToDouble(site -> Math.log(population.rows(site)))
                .toArray();
        return WeightedDraw.draw(random, sites, logWeights, count);
    }
}

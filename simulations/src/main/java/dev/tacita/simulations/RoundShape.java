package dev.tacita.simulations;

import dev.tacita.core.Problem;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.RunPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How many sites a round of an algorithm asks, and in how many parts. */
final class RoundShape {
    private final FederatedAlgorithm algorithm;
    private final int sites;
    private final Optional<RegionMap> regions;

    private RoundShape(FederatedAlgorithm algorithm, Population population) {
        this.algorithm = algorithm;
        this.sites = population.size();
        this.regions = algorithm instanceof Hierarchical regional
                ? Optional.of(RegionMap.of(regional.regions(), population))
                : Optional.empty();
    }

    static RoundShape of(FederatedAlgorithm algorithm, Population population) {
        return new RoundShape(algorithm, population);
    }

    /** How many answers a round comes to if all that are asked answer. */
    int asked(RunPlan plan, Selection selection) {
        if (algorithm instanceof FedBuff fedBuff) {
            return fedBuff.buffer();
        }
        if (algorithm instanceof Hierarchical regional) {
            return regions.orElseThrow().sites().stream()
                    .mapToInt(region -> selection.cohortSize(plan, region.length) * regional.edgeRounds())
                    .sum();
        }
        return selection.cohortSize(plan, sites);
    }

    /** How many updates an aggregation gets, at least. */
    int smallestCohort(RunPlan plan, Selection selection) {
        if (algorithm instanceof FedBuff fedBuff) {
            return fedBuff.buffer();
        }
        return selection.cohortSize(plan, smallestGroup());
    }

    /** How many updates an aggregation gets, at most. */
    int largestCohort(RunPlan plan, Selection selection) {
        return regions.isPresent()
                ? selection.cohortSize(plan, regions.get().largest())
                : smallestCohort(plan, selection);
    }

    /** How many sites there are to choose from, at least. */
    int smallestGroup() {
        return regions.map(RegionMap::smallest).orElse(sites);
    }

    List<Problem> problemsWith(RunPlan plan, Population population, Selection selection) {
        List<Problem> problems = new ArrayList<>();
        if (algorithm instanceof FedBuff fedBuff) {
            if (population.clock().isEmpty()) {
                problems.add(new Problem(
                        "algorithm",
                        "fedbuff lets sites train at their own pace, and the population has no clock.",
                        "Give the population a 'clock'."));
            }
            if (selection != PlainSelection.UNIFORM) {
                problems.add(Problem.of(
                        "selection",
                        "fedbuff draws a site whenever one has arrived. Use uniform, or leave selection out."));
            }
            tooMany(problems, "buffer", fedBuff.buffer());
            tooMany(problems, "concurrency", fedBuff.concurrency());
            return problems;
        }
        regions.ifPresent(map -> problems.addAll(map.problems()));
        problems.addAll(selection.problemsWith(smallestCohort(plan, selection), smallestGroup()));
        return problems;
    }

    private void tooMany(List<Problem> problems, String what, int value) {
        if (value > sites) {
            problems.add(Problem.of(
                    "algorithm",
                    what + " must be at most the number of sites, " + sites + ". Provided value: " + value + "."));
        }
    }
}

package dev.tacita.simulations;

import dev.tacita.core.Problem;
import dev.tacita.core.learning.FedBuff;
import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.learning.Hierarchical;
import dev.tacita.core.learning.RunPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** How many sites a round of an algorithm asks, and in how many parts. */
final class RoundShape {
    private final FederatedAlgorithm algorithm;
    private final int sites;

    private RoundShape(FederatedAlgorithm algorithm, int sites) {
        this.algorithm = algorithm;
        this.sites = sites;
    }

    static RoundShape of(FederatedAlgorithm algorithm, int sites) {
        return new RoundShape(algorithm, sites);
    }

    /** Index of the first site of a region; regions are as large as each other, give or take a site. */
    static int start(int sites, int region, int regions) {
        return (int) ((long) sites * region / regions);
    }

    private static int size(int sites, int region, int regions) {
        return start(sites, region + 1, regions) - start(sites, region, regions);
    }

    /** How many answers a round comes to if all that are asked answer. */
    int asked(RunPlan plan, Selection selection) {
        if (algorithm instanceof FedBuff fedBuff) {
            return fedBuff.buffer();
        }
        if (algorithm instanceof Hierarchical regional) {
            return IntStream.range(0, regional.regions())
                    .map(region -> selection.cohortSize(plan, size(sites, region, regional.regions())))
                    .map(cohort -> cohort * regional.edgeRounds())
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
        if (algorithm instanceof Hierarchical regional) {
            return selection.cohortSize(plan, (sites + regional.regions() - 1) / regional.regions());
        }
        return smallestCohort(plan, selection);
    }

    /** How many sites there are to choose from, at least. */
    int smallestGroup() {
        return algorithm instanceof Hierarchical regional ? Math.max(1, sites / regional.regions()) : sites;
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
        if (algorithm instanceof Hierarchical regional) {
            tooMany(problems, "regions", regional.regions());
        }
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

package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

/**
 * Hierarchical federated averaging (Liu et al. 2020, HierFAVG, algorithm 1): sites belong to regions; in a round each region
 * does {@code edgeRounds} rounds of federated averaging of its own, from the common model, and the aggregator averages the
 * models of the regions by their numbers of training examples. Simulated only: a region is a run of neighbouring sites in the
 * order of their names, as many as in the others, give or take one.
 *
 * @param base what each site does, and the learning rate of the regions' aggregators
 * @param regions how many, at least 1
 * @param edgeRounds at least 1
 */
public record Hierarchical(FedAvg base, int regions, int edgeRounds) implements FederatedAlgorithm {
    public Hierarchical {
        requireNonNull(base, "base is null");
        Checks.atLeast("regions", regions, 1);
        Checks.atLeast("edge-rounds", edgeRounds, 1);
    }

    @Override
    public String name() {
        return "hierarchical";
    }

    /** Of a region's round, counted over all rounds. */
    @Override
    public LocalWork work(int round) {
        return base.work(round);
    }

    /** Of a region. */
    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        return base.step(from, mean);
    }
}

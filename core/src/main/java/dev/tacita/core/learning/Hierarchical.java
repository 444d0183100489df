package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

/**
 * Hierarchical federated averaging (Liu et al. 2020, HierFAVG, algorithm 1): sites belong to regions; in a round each region
 * does {@code edgeRounds} rounds of federated averaging of its own, from the common model, and the aggregator averages the
 * models of the regions by their numbers of training examples. Simulated only.
 *
 * @param base what each site does, and the learning rate of the regions' aggregators
 * @param regions which sites belong together
 * @param edgeRounds at least 1
 */
public record Hierarchical(FedAvg base, Regions regions, int edgeRounds) implements FederatedAlgorithm {
    public Hierarchical {
        requireNonNull(base, "base is null");
        requireNonNull(regions, "regions is null");
        Checks.atLeast("edge-rounds", edgeRounds, 1);
    }

    /** With so many regions of neighbouring sites. */
    public Hierarchical(FedAvg base, int regions, int edgeRounds) {
        this(base, new Regions.Count(regions), edgeRounds);
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

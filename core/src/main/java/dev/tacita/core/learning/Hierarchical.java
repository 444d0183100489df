package dev.tacita.core.learning;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Hierarchical federated averaging (Liu et al. 2020, HierFAVG, algorithm 1): sites belong to regions; in a round each region
 * does {@code edgeRounds} rounds of federated averaging of its own, from the common model, and the aggregator averages the
 * models of the regions by their numbers of training examples.
 *
 * <p>Live, a region is a site of the run that is named, and the aggregator of a federation of its own, in which it submits a
 * run for each round that it is asked for: the plan of the one has {@link Regions.Federations}, those of the others have
 * {@link Regions.PartOf}. What a region sends is the model after its rounds minus the one before them, as float32, so that
 * the mean of the regions is that of these updates, and not to the last digit that of their models; simulations do the same.
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
        if (regions instanceof Regions.PartOf part && (long) edgeRounds * part.rounds() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("edge-rounds times rounds must be at most " + Integer.MAX_VALUE
                    + ". Provided values: " + edgeRounds + ", " + part.rounds());
        }
    }

    /** With so many regions of neighbouring sites. */
    public Hierarchical(FedAvg base, int regions, int edgeRounds) {
        this(base, new Regions.Count(regions), edgeRounds);
    }

    @Override
    public String name() {
        return "hierarchical";
    }

    /** The part that a run in the federation of a region is; empty for a run of the regions. */
    public Optional<Regions.PartOf> part() {
        return regions instanceof Regions.PartOf part ? Optional.of(part) : Optional.empty();
    }

    /** The same, as a region's part in a round. */
    public Hierarchical with(Regions.PartOf part) {
        return new Hierarchical(base, part, edgeRounds);
    }

    /** The rounds of a region are counted over all rounds of the run that it is a part of. */
    @Override
    public int counted(int round) {
        return part().map(part -> Math.addExact(Math.multiplyExact(part.round() - 1, edgeRounds), round))
                .orElse(round);
    }

    /** Of a region's round, counted as {@link #counted} does. */
    @Override
    public LocalWork work(int round) {
        return base.work(counted(round));
    }

    /** Of a region; of the aggregator of regions, the mean of their models. */
    @Override
    public ServerState step(ServerState from, RoundMean mean) {
        return regions instanceof Regions.Federations
                ? meanOfRegions(from.parameters(), mean.values())
                : base.step(from, mean);
    }

    /**
     * The mean of the models of all regions.
     *
     * @param from the parameters that they started from
     * @param mean of what they made of them, minus {@code from}
     */
    public static ServerState meanOfRegions(float[] from, double[] mean) {
        return ServerState.of(ServerStep.add(from, mean, 1));
    }

    /**
     * What a region sends.
     *
     * @param from the parameters that it started from
     * @param to those after its rounds
     * @param examples behind it, at least 1
     */
    public static ModelUpdate update(float[] from, float[] to, long examples) {
        if (from.length != to.length) {
            throw new IllegalArgumentException(
                    "models must be of one size. Provided values: " + from.length + ", " + to.length);
        }
        float[] update = new float[to.length];
        for (int i = 0; i < update.length; i++) {
            update[i] = to[i] - from[i];
        }
        return new ModelUpdate(update, examples);
    }
}

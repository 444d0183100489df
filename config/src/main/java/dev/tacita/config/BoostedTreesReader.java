package dev.tacita.config;

import static dev.tacita.config.Kinds.integer;
import static dev.tacita.config.Kinds.number;

import dev.tacita.core.learning.FederatedAlgorithm;
import dev.tacita.core.trees.BoostedTrees;

/** Reads how boosted trees are grown. */
final class BoostedTreesReader {
    private static final Kind<Double> NOT_NEGATIVE = number(">= 0", value -> value >= 0);
    private static final int EDGE_ROUNDS = 3;

    private BoostedTreesReader() {}

    static Value<FederatedAlgorithm> read(Section section) {
        Value<Integer> trees = section.required("trees", integer(1, 10_000));
        Value<Integer> depth = section.required("depth", integer(1, 10));
        Value<Integer> bins = section.required("bins", integer(2, 1024));
        Value<Double> learningRate =
                section.required("learning-rate", number("> 0 and <= 1", value -> value > 0 && value <= 1));
        Value<Double> lambda = section.optional("lambda", NOT_NEGATIVE, 1.0);
        Value<Double> gamma = section.optional("gamma", NOT_NEGATIVE, 0.0);
        Value<Double> smallestChildWeight = section.optional("smallest-child-weight", NOT_NEGATIVE, 1.0);
        Value<Integer> smallestNode = section.required("smallest-node", integer(1, Integer.MAX_VALUE));
        Value<Integer> edgeRounds = section.optional("edge-rounds", integer(2, 10), EDGE_ROUNDS);
        return section.create(() -> new BoostedTrees(
                trees.get(),
                depth.get(),
                bins.get(),
                learningRate.get(),
                lambda.get(),
                gamma.get(),
                smallestChildWeight.get(),
                smallestNode.get(),
                edgeRounds.get()));
    }
}

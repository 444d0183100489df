package dev.tacita.core.trees;

import dev.tacita.core.model.ModelSpec;

/**
 * Where what lies in the flat vectors of {@link BoostedTrees}.
 *
 * <p>The model: {@link #FEATURES} and what follows; the mean target of each output; for each feature how many edges there are, and
 * room for them; the nodes of each tree, in the order of levels, of each output, of each boosting step.
 *
 * <p>A contribution while edges are sought: the number of rows, the sums of the targets, and for each feature the rows in each
 * cell and those without a value. While trees grow: for each output, node of the level, feature and bin, the last bin being of
 * rows without a value, the sums of gradients and Hessians and the number of rows.
 *
 * @param features how many numbers a row has
 * @param outputs how many numbers the ensemble gives for it
 */
record ForestLayout(BoostedTrees algorithm, int features, int outputs) {
    /** Places of the head of the model. */
    static final int FEATURES = 0;

    static final int OUTPUTS = 1;
    static final int EDGE_ROUNDS = 2;
    static final int FINISHED = 3;
    static final int LEVEL = 4;
    private static final int HEAD = 5;

    static final int OF_A_NODE = 6;
    static final int DIGITS_OF_A_GRADIENT = 3;
    static final int DIGITS_OF_A_HESSIAN = 2;
    static final int DIGITS_OF_A_COUNT = 1;
    static final int DIGITS_OF_A_CELL = DIGITS_OF_A_GRADIENT + DIGITS_OF_A_HESSIAN + DIGITS_OF_A_COUNT;

    static ForestLayout of(BoostedTrees algorithm, ModelSpec model) {
        return new ForestLayout(
                algorithm,
                model.inputs().get(0).shape().size(),
                model.outputShape().size());
    }

    /** How many nodes a whole tree of this depth has. */
    static int nodes(int depth) {
        return (1 << (depth + 1)) - 1;
    }

    int nodes() {
        return nodes(algorithm.depth());
    }

    /** How many edges a feature may have, while they are sought or for good. */
    int room() {
        return Math.max(BinEdges.FIRST.length, BinEdges.MOST_PER_PART * BinEdges.parts(algorithm.bins()));
    }

    int targetMean(int output) {
        return HEAD + output;
    }

    /** Of the number of a feature's edges, which follow it. */
    int edges(int feature) {
        return HEAD + outputs + feature * (1 + room());
    }

    int node(int step, int output, int node) {
        return edges(features) + ((step * outputs + output) * nodes() + node) * OF_A_NODE;
    }

    /** Of the model. */
    int size() {
        return node(algorithm.trees(), 0, 0);
    }

    int targetSum(int output) {
        return DIGITS_OF_A_COUNT + output * DIGITS_OF_A_GRADIENT;
    }

    /** Of the rows of a feature in a cell; the cell after the last is that of rows without a value. */
    int edgeCell(int feature, int cell) {
        return targetSum(outputs) + (feature * (room() + 2) + cell) * DIGITS_OF_A_COUNT;
    }

    /** How many nodes the lowest level that can be split has. */
    int widestLevel() {
        return 1 << (algorithm.depth() - 1);
    }

    /** The index of the sums of a bin among all of a round. */
    int bin(int output, int place, int feature, int bin) {
        return ((output * widestLevel() + place) * features + feature) * (algorithm.bins() + 1) + bin;
    }

    int bins() {
        return bin(outputs, 0, 0, 0);
    }

    int contributionSize() {
        return Math.max(edgeCell(features, 0), bins() * DIGITS_OF_A_CELL);
    }
}

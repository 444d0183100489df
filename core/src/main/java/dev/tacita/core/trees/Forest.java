package dev.tacita.core.trees;

import dev.tacita.core.learning.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The ensemble as a flat vector, and how far it has grown. What writes acts on the vector that it was made of. */
final class Forest {
    /** What a node is. */
    static final int ABSENT = 0;

    static final int LEAF = 1;
    /** A leaf that the next round may split. */
    static final int OPEN = 2;

    static final int SPLIT = 3;

    private static final int KIND = 0;
    private static final int FEATURE = 1;
    private static final int THRESHOLD = 2;
    private static final int MISSING_LEFT = 3;
    private static final int VALUE = 4;
    private static final int GAIN = 5;

    private final ForestLayout layout;
    private final float[] vector;

    private Forest(ForestLayout layout, float[] vector) {
        this.layout = layout;
        this.vector = vector;
    }

    static Forest empty(ForestLayout layout) {
        Forest forest = new Forest(layout, new float[layout.size()]);
        forest.vector[ForestLayout.FEATURES] = layout.features();
        forest.vector[ForestLayout.OUTPUTS] = layout.outputs();
        return forest;
    }

    static Forest of(BoostedTrees algorithm, float[] vector) {
        ForestLayout layout =
                new ForestLayout(algorithm, (int) vector[ForestLayout.FEATURES], (int) vector[ForestLayout.OUTPUTS]);
        if (vector.length != layout.size()) {
            throw new IllegalArgumentException("an ensemble of these settings has " + layout.size()
                    + " numbers. Provided value: " + vector.length);
        }
        return new Forest(layout, vector);
    }

    ForestLayout layout() {
        return layout;
    }

    float[] vector() {
        return vector;
    }

    /** How many rounds have sought edges. */
    int edgeRounds() {
        return (int) vector[ForestLayout.EDGE_ROUNDS];
    }

    /** How many trees of each output are finished. */
    int finished() {
        return (int) vector[ForestLayout.FINISHED];
    }

    /** The level of the tree that grows whose nodes are open, 0 for its root. */
    int level() {
        return (int) vector[ForestLayout.LEVEL];
    }

    void grow(int finished, int level) {
        vector[ForestLayout.FINISHED] = finished;
        vector[ForestLayout.LEVEL] = level;
    }

    void countEdgeRound() {
        vector[ForestLayout.EDGE_ROUNDS]++;
    }

    double targetMean(int output) {
        return vector[layout.targetMean(output)];
    }

    void setTargetMean(int output, double mean) {
        vector[layout.targetMean(output)] = (float) mean;
    }

    /** Of the cells in which rows are counted, or, once they are found, of the bins. */
    float[] edges(int feature) {
        if (edgeRounds() == 0) {
            return BinEdges.FIRST;
        }
        int at = layout.edges(feature);
        return Arrays.copyOfRange(vector, at + 1, at + 1 + (int) vector[at]);
    }

    void setEdges(int feature, float[] edges) {
        int at = layout.edges(feature);
        vector[at] = edges.length;
        System.arraycopy(edges, 0, vector, at + 1, edges.length);
        Arrays.fill(vector, at + 1 + edges.length, at + 1 + layout.room(), 0);
    }

    /** Where a node of a tree begins. */
    int root(int step, int output) {
        return layout.node(step, output, 0);
    }

    int kind(int root, int node) {
        return (int) vector[root + node * ForestLayout.OF_A_NODE + KIND];
    }

    void leave(int root, int node, int kind, double value) {
        int at = root + node * ForestLayout.OF_A_NODE;
        vector[at + KIND] = kind;
        vector[at + VALUE] = (float) value;
    }

    void close(int root, int node) {
        vector[root + node * ForestLayout.OF_A_NODE + KIND] = LEAF;
    }

    void split(int root, int node, Split split) {
        int at = root + node * ForestLayout.OF_A_NODE;
        vector[at + KIND] = SPLIT;
        vector[at + FEATURE] = split.feature();
        vector[at + THRESHOLD] = split.threshold();
        vector[at + MISSING_LEFT] = split.missingLeft() ? 1 : 0;
        vector[at + GAIN] = (float) Math.min(split.gain(), Float.MAX_VALUE);
    }

    /** The node that a row comes to within so many questions from the root. */
    int descend(int root, float[] row, int questions) {
        int node = 0;
        for (int i = 0; i < questions && kind(root, node) == SPLIT; i++) {
            int at = root + node * ForestLayout.OF_A_NODE;
            float value = row[(int) vector[at + FEATURE]];
            boolean left = Float.isNaN(value) ? vector[at + MISSING_LEFT] == 1 : value < vector[at + THRESHOLD];
            node = 2 * node + (left ? 1 : 2);
        }
        return node;
    }

    double value(int root, int node) {
        return vector[root + node * ForestLayout.OF_A_NODE + VALUE];
    }

    /** Adds to each output what finished trees say of a row; with {@code growing} also the tree that grows. */
    void addTo(double[] margins, float[] row, boolean growing) {
        int end = Math.min(finished() + (growing ? 1 : 0), layout.algorithm().trees());
        for (int step = 0; step < end; step++) {
            addTo(margins, row, step);
        }
    }

    /** The same of the trees of one boosting step. */
    void addTo(double[] margins, float[] row, int step) {
        for (int output = 0; output < margins.length; output++) {
            int root = root(step, output);
            margins[output] += value(root, descend(root, row, layout.algorithm().depth()));
        }
    }

    TreeEnsemble ensemble(Loss loss) {
        int end = edgeRounds() < layout.algorithm().edgeRounds()
                ? 0
                : Math.min(finished() + 1, layout.algorithm().trees());
        List<List<TreeNode>> steps = new ArrayList<>();
        for (int step = 0; step < end && kind(root(step, 0), 0) != ABSENT; step++) {
            List<TreeNode> trees = new ArrayList<>();
            for (int output = 0; output < layout.outputs(); output++) {
                trees.add(tree(root(step, output), 0));
            }
            steps.add(trees);
        }
        List<Double> starts = new ArrayList<>();
        BoostedLoss boosted = BoostedLoss.of(loss, layout.outputs());
        for (int output = 0; output < layout.outputs(); output++) {
            starts.add(edgeRounds() == 0 ? 0 : boosted.start(targetMean(output)));
        }
        return new TreeEnsemble(loss, layout.features(), starts, steps);
    }

    private TreeNode tree(int root, int node) {
        int at = root + node * ForestLayout.OF_A_NODE;
        if (kind(root, node) != SPLIT) {
            return new TreeNode.Leaf(vector[at + VALUE]);
        }
        return new TreeNode.Split(
                (int) vector[at + FEATURE],
                vector[at + THRESHOLD],
                vector[at + MISSING_LEFT] == 1,
                vector[at + GAIN],
                tree(root, 2 * node + 1),
                tree(root, 2 * node + 2));
    }

    /**
     * A question that divides the rows of a node, and what its sides come to.
     *
     * @param threshold below which a value goes to the left
     * @param missingLeft where a row without a value goes
     * @param left value of the left leaf
     * @param right value of the right leaf
     */
    record Split(int feature, float threshold, boolean missingLeft, double gain, double left, double right) {}
}

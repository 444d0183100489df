package dev.tacita.core.trees;

import dev.tacita.core.learning.RoundMean;
import java.util.Optional;

/** What the aggregator makes of a round that grows a level: the best split of each open node. */
final class SplitSearch {
    /** Less is nothing, as in XGBoost's program. */
    private static final double LEAST_GAIN = 1e-6;

    private final BoostedTrees algorithm;
    private final Forest forest;
    private final ForestLayout layout;
    private final RoundMean mean;

    private SplitSearch(BoostedTrees algorithm, Forest forest, RoundMean mean) {
        this.algorithm = algorithm;
        this.forest = forest;
        this.layout = forest.layout();
        this.mean = mean;
    }

    static void step(BoostedTrees algorithm, Forest forest, RoundMean mean) {
        new SplitSearch(algorithm, forest, mean).step();
    }

    private void step() {
        int level = forest.level();
        int first = (1 << level) - 1;
        boolean open = false;
        for (int output = 0; output < layout.outputs(); output++) {
            int root = forest.root(forest.finished(), output);
            for (int node = first; node <= 2 * first; node++) {
                if (level == 0) {
                    NodeSums all = all(output, 0, 0);
                    forest.leave(root, 0, Forest.OPEN, value(all));
                }
                if (forest.kind(root, node) == Forest.OPEN) {
                    open |= divide(output, root, node, first);
                }
            }
        }
        if (open && level + 1 < algorithm.depth()) {
            forest.grow(forest.finished(), level + 1);
        } else {
            forest.grow(forest.finished() + 1, 0);
        }
    }

    /** Whether it did. */
    private boolean divide(int output, int root, int node, int first) {
        Optional<Forest.Split> best = best(output, node - first);
        if (best.isEmpty()) {
            forest.close(root, node);
            return false;
        }
        int below = forest.level() + 1 < algorithm.depth() ? Forest.OPEN : Forest.LEAF;
        forest.split(root, node, best.get());
        forest.leave(root, 2 * node + 1, below, best.get().left());
        forest.leave(root, 2 * node + 2, below, best.get().right());
        return true;
    }

    /** That of the largest gain; of those that gain as much, of the first feature, then of the lowest threshold. */
    private Optional<Forest.Split> best(int output, int place) {
        Optional<Forest.Split> best = Optional.empty();
        double least = Math.max(algorithm.gamma(), LEAST_GAIN);
        for (int feature = 0; feature < layout.features(); feature++) {
            float[] edges = forest.edges(feature);
            NodeSums all = all(output, place, feature);
            NodeSums missing = bin(output, place, feature, algorithm.bins());
            NodeSums below = NodeSums.NONE;
            for (int bin = 0; bin <= edges.length; bin++) {
                below = below.plus(bin(output, place, feature, bin));
                boolean presentAtAll = bin == edges.length;
                float threshold = presentAtAll ? Float.MAX_VALUE : edges[bin];
                // With nothing missing here, what will be goes where more rows are.
                boolean[] sides = presentAtAll
                        ? new boolean[] {false}
                        : missing.rows() > 0
                                ? new boolean[] {true, false}
                                : new boolean[] {2 * below.rows() >= all.rows()};
                for (boolean missingLeft : sides) {
                    NodeSums left = missingLeft ? below.plus(missing) : below;
                    NodeSums right = all.minus(left);
                    double gain = score(left) + score(right) - score(all);
                    if (allows(left) && allows(right) && gain > least) {
                        least = gain;
                        best = Optional.of(
                                new Forest.Split(feature, threshold, missingLeft, gain, value(left), value(right)));
                    }
                }
            }
        }
        return best;
    }

    private boolean allows(NodeSums side) {
        return side.rows() >= algorithm.smallestNode() && side.hessian() >= algorithm.smallestChildWeight();
    }

    private double score(NodeSums sums) {
        double penalised = sums.hessian() + algorithm.lambda();
        return penalised > 0 ? sums.gradient() * sums.gradient() / penalised : 0;
    }

    private double value(NodeSums sums) {
        double penalised = sums.hessian() + algorithm.lambda();
        return penalised > 0 ? -algorithm.learningRate() * sums.gradient() / penalised : 0;
    }

    private NodeSums all(int output, int place, int feature) {
        NodeSums sum = bin(output, place, feature, algorithm.bins());
        for (int bin = 0; bin < algorithm.bins(); bin++) {
            sum = sum.plus(bin(output, place, feature, bin));
        }
        return sum;
    }

    private NodeSums bin(int output, int place, int feature, int bin) {
        int at = layout.bin(output, place, feature, bin) * ForestLayout.DIGITS_OF_A_CELL;
        double gradient = Digits.sum(mean, at, ForestLayout.DIGITS_OF_A_GRADIENT);
        at += ForestLayout.DIGITS_OF_A_GRADIENT;
        double hessian = Digits.sum(mean, at, ForestLayout.DIGITS_OF_A_HESSIAN);
        at += ForestLayout.DIGITS_OF_A_HESSIAN;
        return new NodeSums(
                gradient * SiteRows.UNIT,
                hessian * SiteRows.UNIT,
                Digits.sum(mean, at, ForestLayout.DIGITS_OF_A_COUNT));
    }

    /** Sums over rows, exact in double precision as far as 2^53 units reach. */
    private record NodeSums(double gradient, double hessian, double rows) {
        static final NodeSums NONE = new NodeSums(0, 0, 0);

        NodeSums plus(NodeSums other) {
            return new NodeSums(gradient + other.gradient, hessian + other.hessian, rows + other.rows);
        }

        NodeSums minus(NodeSums other) {
            return new NodeSums(gradient - other.gradient, hessian - other.hessian, rows - other.rows);
        }
    }
}

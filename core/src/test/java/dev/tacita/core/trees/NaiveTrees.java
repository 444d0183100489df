package dev.tacita.core.trees;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Boosting of one output without histograms, fixed point or sites: every question about every node's rows, row by row, with
 * sums of exact decimals.
 */
final class NaiveTrees {
    private static final MathContext DIGITS = new MathContext(60);

    private final BoostedTrees settings;
    private final float[][] edges;
    private final float[][] rows;
    private final float[] targets;
    private final boolean logistic;
    private final double[] outputs;
    private double[] gradients = {};
    private double[] hessians = {};

    NaiveTrees(
            BoostedTrees settings, float[][] edges, float[][] rows, float[] targets, boolean logistic, double start) {
        this.settings = settings;
        this.edges = edges;
        this.rows = rows;
        this.targets = targets;
        this.logistic = logistic;
        this.outputs = new double[rows.length];
        Arrays.fill(outputs, start);
    }

    List<TreeNode> grow() {
        List<TreeNode> trees = new ArrayList<>();
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            all.add(i);
        }
        for (int tree = 0; tree < settings.trees(); tree++) {
            gradients = new double[rows.length];
            hessians = new double[rows.length];
            for (int i = 0; i < rows.length; i++) {
                double p = logistic ? 1 / (1 + Math.exp(-outputs[i])) : outputs[i];
                gradients[i] = p - targets[i];
                hessians[i] = logistic ? p * (1 - p) : 1;
            }
            TreeNode grown = node(all, settings.depth());
            for (int i = 0; i < rows.length; i++) {
                outputs[i] += grown.value(rows[i]);
            }
            trees.add(grown);
        }
        return trees;
    }

    private TreeNode node(List<Integer> members, int levels) {
        BigDecimal best = BigDecimal.valueOf(Math.max(settings.gamma(), 1e-6));
        TreeNode.Split question = new TreeNode.Split(0, 0, false, 0, new TreeNode.Leaf(0), new TreeNode.Leaf(0));
        boolean found = false;
        for (int feature = 0; feature < edges.length && levels > 0; feature++) {
            for (int edge = 0; edge <= edges[feature].length; edge++) {
                for (boolean missingLeft : new boolean[] {true, false}) {
                    float threshold = edge < edges[feature].length ? edges[feature][edge] : Float.MAX_VALUE;
                    var candidate = new TreeNode.Split(
                            feature, threshold, missingLeft, 0, new TreeNode.Leaf(0), new TreeNode.Leaf(1));
                    List<Integer> left = side(candidate, members, 0);
                    List<Integer> right = side(candidate, members, 1);
                    if (!allowed(left) || !allowed(right)) {
                        continue;
                    }
                    BigDecimal gain = score(left).add(score(right)).subtract(score(members));
                    if (gain.compareTo(best) > 0) {
                        best = gain;
                        question = candidate;
                        found = true;
                    }
                }
            }
        }
        if (!found) {
            BigDecimal value = sum(gradients, members)
                    .negate()
                    .divide(sum(hessians, members).add(BigDecimal.valueOf(settings.lambda())), DIGITS);
            return new TreeNode.Leaf((float) (settings.learningRate() * value.doubleValue()));
        }
        return new TreeNode.Split(
                question.feature(),
                question.threshold(),
                question.missingLeft(),
                best.floatValue(),
                node(side(question, members, 0), levels - 1),
                node(side(question, members, 1), levels - 1));
    }

    private List<Integer> side(TreeNode.Split question, List<Integer> members, float side) {
        return members.stream().filter(i -> question.value(rows[i]) == side).toList();
    }

    private boolean allowed(List<Integer> members) {
        return members.size() >= settings.smallestNode()
                && sum(hessians, members).compareTo(BigDecimal.valueOf(settings.smallestChildWeight())) >= 0;
    }

    private BigDecimal score(List<Integer> members) {
        BigDecimal gradient = sum(gradients, members);
        return gradient.multiply(gradient)
                .divide(sum(hessians, members).add(BigDecimal.valueOf(settings.lambda())), DIGITS);
    }

    private static BigDecimal sum(double[] values, List<Integer> members) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int i : members) {
            sum = sum.add(new BigDecimal(values[i]));
        }
        return sum;
    }
}

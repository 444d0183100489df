package dev.tacita.core.trees;

import java.util.List;

/** An ensemble as text that a person can read, each question with its answers indented below it. */
public final class TreeText {
    private final TreeEnsemble ensemble;
    private final List<String> names;
    private final StringBuilder text = new StringBuilder();

    private TreeText(TreeEnsemble ensemble, List<String> names) {
        this.ensemble = ensemble;
        this.names = names;
    }

    /**
     * The text.
     *
     * @param features names of the numbers of an input, in their order; empty for {@code input 1} and so on
     */
    public static String of(TreeEnsemble ensemble, List<String> features) {
        return new TreeText(ensemble, FeatureNames.of(ensemble, features)).text();
    }

    private String text() {
        int outputs = ensemble.starts().size();
        text.append("boosted trees, ").append(ensemble.loss().name()).append('\n');
        for (int output = 0; output < outputs; output++) {
            text.append("start")
                    .append(outputs > 1 ? " of class " + output : "")
                    .append(": ")
                    .append(ensemble.starts().get(output).floatValue())
                    .append('\n');
        }
        for (int step = 0; step < ensemble.steps().size(); step++) {
            for (int output = 0; output < outputs; output++) {
                text.append("\ntree ")
                        .append(step + 1)
                        .append(outputs > 1 ? " of class " + output : "")
                        .append('\n');
                node(ensemble.steps().get(step).get(output), 1);
            }
        }
        return text.toString();
    }

    private void node(TreeNode node, int indent) {
        if (node instanceof TreeNode.Leaf leaf) {
            line(indent, "add " + leaf.value());
            return;
        }
        TreeNode.Split split = (TreeNode.Split) node;
        String name = names.get(split.feature());
        boolean onlyThere = split.threshold() == Float.MAX_VALUE;
        String question = onlyThere
                ? name + " is there"
                : name + " < " + split.threshold() + (split.missingLeft() ? " or missing" : "");
        line(indent, "if " + question + " (gain " + split.gain() + ")");
        node(split.left(), indent + 1);
        line(indent, "else");
        node(split.right(), indent + 1);
    }

    private void line(int indent, String line) {
        text.append("  ".repeat(indent)).append(line).append('\n');
    }
}

package dev.tacita.core.trees;

import dev.tacita.core.learning.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An ensemble as the JSON model of XGBoost 3.1 and newer, which loads it and predicts the same. Sums of Hessians, which would say
 * how many rows a leaf had, are written as 0, so that what XGBoost derives from them (cover, SHAP values) is meaningless.
 */
public final class XgboostJson {
    private static final long NO_PARENT = Integer.MAX_VALUE;

    private XgboostJson() {}

    /**
     * The text.
     *
     * @param features names of the numbers of an input, in their order; empty for {@code input 1} and so on
     */
    public static String of(TreeEnsemble ensemble, List<String> features) {
        List<String> names = FeatureNames.of(ensemble, features);
        int outputs = ensemble.starts().size();
        List<String> trees = new ArrayList<>();
        for (List<TreeNode> step : ensemble.steps()) {
            for (TreeNode tree : step) {
                trees.add(new Nodes(tree).json(trees.size(), ensemble.features()));
            }
        }
        return "{\"learner\": {\"attributes\": {},\n"
                + " \"feature_names\": " + list(names, XgboostJson::quoted) + ",\n"
                + " \"feature_types\": " + list(names, name -> "\"float\"") + ",\n"
                + " \"gradient_booster\": {\"name\": \"gbtree\", \"model\": {\n"
                + "  \"gbtree_model_param\": {\"num_parallel_tree\": \"1\", \"num_trees\": \"" + trees.size() + "\"},\n"
                + "  \"cats\": {\"enc\": [], \"feature_segments\": [], \"sorted_idx\": []},\n"
                + "  \"iteration_indptr\": "
                + list(IntStream.rangeClosed(0, ensemble.steps().size()).boxed().toList(), i -> "" + i * outputs)
                + ",\n"
                + "  \"tree_info\": "
                + list(IntStream.range(0, trees.size()).boxed().toList(), i -> "" + i % outputs) + ",\n"
                + "  \"trees\": [\n   " + String.join(",\n   ", trees) + "]}},\n"
                + " \"learner_model_param\": {\"base_score\": \"" + starts(ensemble)
                + "\", \"boost_from_average\": \"0\", \"num_class\": \"" + (outputs > 1 ? outputs : 0)
                + "\", \"num_feature\": \"" + ensemble.features() + "\", \"num_target\": \"1\"},\n"
                + " \"objective\": " + objective(ensemble) + "},\n"
                + " \"version\": [3, 1, 0]}\n";
    }

    /** Of a binary loss as a probability, as XGBoost has it. */
    private static String starts(TreeEnsemble ensemble) {
        boolean binary = ensemble.loss() instanceof Loss.BinaryCrossEntropyWithLogits;
        return ensemble.starts().stream()
                .map(start -> Float.toString((float) (binary ? 1 / (1 + StrictMath.exp(-start)) : start)))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String objective(TreeEnsemble ensemble) {
        if (ensemble.loss() instanceof Loss.BinaryCrossEntropyWithLogits binary) {
            return "{\"name\": \"binary:logistic\", \"reg_loss_param\": {\"scale_pos_weight\": \""
                    + (float) binary.positiveWeight() + "\"}}";
        }
        return ensemble.loss() instanceof Loss.MeanSquaredError
                ? "{\"name\": \"reg:squarederror\", \"reg_loss_param\": {\"scale_pos_weight\": \"1\"}}"
                : "{\"name\": \"multi:softprob\", \"softmax_multiclass_param\": {\"num_class\": \""
                        + ensemble.starts().size() + "\"}}";
    }

    private static <T> String list(List<T> values, Function<T, String> text) {
        return values.stream().map(text).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '"' || each == '\\') {
                quoted.append('\\').append(each);
            } else if (each < ' ') {
                quoted.append(String.format("\\u%04x", (int) each));
            } else {
                quoted.append(each);
            }
        }
        return quoted.append('"').toString();
    }

    /** The nodes of a tree in the arrays that XGBoost has, each before those below it. */
    private static final class Nodes {
        private final List<TreeNode> nodes = new ArrayList<>();
        private final List<Long> parents = new ArrayList<>();
        private final List<Integer> left = new ArrayList<>();
        private final List<Integer> right = new ArrayList<>();

        Nodes(TreeNode root) {
            add(root, NO_PARENT);
        }

        private int add(TreeNode node, long parent) {
            int index = nodes.size();
            nodes.add(node);
            parents.add(parent);
            left.add(-1);
            right.add(-1);
            if (node instanceof TreeNode.Split split) {
                left.set(index, add(split.left(), index));
                right.set(index, add(split.right(), index));
            }
            return index;
        }

        String json(int id, int features) {
            return "{\"id\": " + id + ",\n    \"left_children\": " + list(left, String::valueOf)
                    + ",\n    \"right_children\": " + list(right, String::valueOf)
                    + ",\n    \"parents\": " + list(parents, String::valueOf)
                    + ",\n    \"split_indices\": " + split(node -> "" + node.feature(), leaf -> "0")
                    + ",\n    \"split_conditions\": " + split(node -> "" + node.threshold(), leaf -> "" + leaf.value())
                    + ",\n    \"default_left\": " + split(node -> node.missingLeft() ? "1" : "0", leaf -> "0")
                    + ",\n    \"loss_changes\": " + split(node -> "" + node.gain(), leaf -> "0.0")
                    + ",\n    \"base_weights\": " + split(node -> "0.0", leaf -> "" + leaf.value())
                    + ",\n    \"sum_hessian\": " + list(nodes, node -> "0.0") + ", \"split_type\": "
                    + list(nodes, node -> "0")
                    + ",\n    \"categories\": [], \"categories_nodes\": [], \"categories_segments\": [],"
                    + " \"categories_sizes\": [],\n    \"tree_param\": {\"num_deleted\": \"0\", \"num_feature\": \""
                    + features + "\", \"num_nodes\": \"" + nodes.size() + "\", \"size_leaf_vector\": \"1\"}}";
        }

        private String split(Function<TreeNode.Split, String> ofSplit, Function<TreeNode.Leaf, String> ofLeaf) {
            return list(
                    nodes,
                    node -> node instanceof TreeNode.Split split
                            ? ofSplit.apply(split)
                            : ofLeaf.apply((TreeNode.Leaf) node));
        }
    }
}

package dev.tacita.core.trees;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.learning.Loss;
import java.util.List;

/**
 * Trees whose values add up, for each output. For any thread.
 *
 * @param loss by which it was trained; it says what outputs mean
 * @param features how many numbers an input has
 * @param starts what each output is before the first tree
 * @param steps the trees of each boosting step, one for each output, in the order in which they were grown
 */
public record TreeEnsemble(Loss loss, int features, List<Double> starts, List<List<TreeNode>> steps) {
    public TreeEnsemble {
        requireNonNull(loss, "loss is null");
        starts = List.copyOf(starts);
        steps = steps.stream().map(List::copyOf).toList();
        int outputs = starts.size();
        if (outputs == 0 || steps.stream().anyMatch(trees -> trees.size() != outputs)) {
            throw new IllegalArgumentException(
                    "each step must have a tree for each output. Provided value: " + outputs + " outputs");
        }
        for (TreeNode tree : steps.stream().flatMap(List::stream).toList()) {
            checkFeatures(tree, features);
        }
    }

    private static void checkFeatures(TreeNode node, int features) {
        if (node instanceof TreeNode.Split split) {
            if (split.feature() >= features) {
                throw new IllegalArgumentException(
                        "a split must ask about one of " + features + " numbers. Provided value: " + split.feature());
            }
            checkFeatures(split.left(), features);
            checkFeatures(split.right(), features);
        }
    }

    /**
     * The outputs for an input: log-odds, unscaled scores of classes, or a number, as the loss has it.
     *
     * @param input one number for each feature, NaN for one that is missing
     */
    public double[] outputs(float[] input) {
        if (input.length != features) {
            throw new IllegalArgumentException(
                    "an input must have " + features + " numbers. Provided value: " + input.length);
        }
        double[] outputs = starts.stream().mapToDouble(Double::doubleValue).toArray();
        for (List<TreeNode> trees : steps) {
            for (int i = 0; i < outputs.length; i++) {
                outputs[i] += trees.get(i).value(input);
            }
        }
        return outputs;
    }

    /**
     * What an input is predicted to be: the probability of a positive target; of each class; or the number itself.
     *
     * @param input one number for each feature, NaN for one that is missing
     */
    public double[] predict(float[] input) {
        return BoostedLoss.of(loss, starts.size()).prediction(outputs(input));
    }
}

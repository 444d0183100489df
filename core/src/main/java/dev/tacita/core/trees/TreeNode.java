package dev.tacita.core.trees;

import static java.util.Objects.requireNonNull;

/** A node of a regression tree, with all below it. */
public sealed interface TreeNode {
    /** What the tree says of an input, which holds NaN for what is missing. */
    float value(float[] input);

    /**
     * The end.
     *
     * @param value what it adds to the output, the learning rate included
     */
    record Leaf(float value) implements TreeNode {
        @Override
        public float value(float[] input) {
            return value;
        }
    }

    /**
     * A question.
     *
     * @param feature which number of the input it asks about, from 0
     * @param threshold an input below it goes to the left, any other to the right; {@link Float#MAX_VALUE} asks only whether
     *     there is a number
     * @param missingLeft whether a missing number goes to the left
     * @param gain by how much it improves the sums, see {@link BoostedTrees}
     * @param left the node on the left
     * @param right the node on the right
     */
    record Split(int feature, float threshold, boolean missingLeft, float gain, TreeNode left, TreeNode right)
            implements TreeNode {
        public Split {
            requireNonNull(left, "left is null");
            requireNonNull(right, "right is null");
            if (feature < 0) {
                throw new IllegalArgumentException("feature must be >= 0. Provided value: " + feature);
            }
        }

        @Override
        public float value(float[] input) {
            float asked = input[feature];
            boolean goesLeft = Float.isNaN(asked) ? missingLeft : asked < threshold;
            return (goesLeft ? left : right).value(input);
        }
    }
}

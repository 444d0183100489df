package dev.tacita.core.learning;

import dev.tacita.core.Problem;
import dev.tacita.core.model.ModelSpec;
import dev.tacita.core.model.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * The gradient of each example's own loss: its norms, and sums in which each example is scaled by what its norms decide,
 * as differentially private training needs them (Abadi et al. 2016, algorithm 1). An instance belongs to one thread at a
 * time.
 */
public interface PerExampleGradients {
    /** Every reason why gradients of single examples cannot be had of such a model; empty if they can. */
    List<Problem> problemsWith(ModelSpec model, Loss loss);

    /**
     * Makes ready. What was made before by this instance cannot be used any more.
     *
     * @param task its model, loss and seeds count; its work and its parameters do not
     * @param examples those that batches are taken from
     * @param largestPass how many examples may be in memory at once, at least 1; best a little more than a usual batch.
     *     Fewer are taken where memory is short, and larger batches are added up from several passes
     * @throws dev.tacita.core.ProblemsException if {@link #problemsWith} has any, or the examples do not fit the model
     */
    OfTask of(LocalTask task, Examples examples, int largestPass);

    /**
     * What keeps the examples of a batch from having gradients of their own: layers and losses for which one example
     * changes what another one gives.
     */
    static List<Problem> mixing(ModelSpec model, Loss loss) {
        List<Problem> problems = new ArrayList<>();
        for (Node node : model.mixingNodes()) {
            String instead = node.layer().replacement();
            problems.add(new Problem(
                    "node '" + node.id() + "'",
                    "the gradients of single examples need layers that keep examples apart; "
                            + node.layer().name() + " mixes those of a batch.",
                    instead.isEmpty() ? "" : "Use " + instead + " in its place."));
        }
        if (loss.mixesExamples()) {
            problems.add(Problem.of(
                    "loss",
                    "the gradients of single examples need a loss that is a sum over examples. Provided value: "
                            + loss.name() + "."));
        }
        return problems;
    }

    /**
     * Parameters that are clipped together where clipping is by layer: those of one node, or shared by several.
     *
     * @param node whose they are; where they are shared, the first
     * @param offset of the first in the flat vector
     * @param length how many, at least 1
     */
    record Group(String node, int offset, int length) {}

    /** The gradients of the examples of one task. The same calls in the same order give the same bits. */
    interface OfTask {
        /**
         * The parameters that are trained, in the order of their offsets. All others, frozen ones and those that the
         * output does not depend on, have a gradient of zero for every example.
         */
        List<Group> groups();

        /**
         * Writes the sum over a batch of each example's gradient times its coefficient. Norms and sum differ from
         * back-propagation of one example at a time by at most 1e-5, relative, in models of a few layers. What float32
         * itself loses grows with depth: about 1e-3 in a ResNet-18.
         *
         * @param parameters where the gradients are taken
         * @param rows indexes of the examples, the first {@code count} places; one may come more than once
         * @param count 0 or more; 0 gives a sum of zeros and asks nothing of the rule
         * @param rule decides the coefficients; called once for each pass
         * @param sum one value for each parameter, overwritten
         * @return metrics of the batch at these parameters, in training. They are not private
         * @throws InterruptedException if the thread is interrupted before the end
         */
        Evaluation sum(float[] parameters, int[] rows, int count, ScalingRule rule, float[] sum)
                throws InterruptedException;

        /**
         * Writes the gradients themselves, one row for each example: slow and large, to check the others by.
         *
         * @param gradients at least {@code count} rows of one value for each parameter
         * @throws InterruptedException if the thread is interrupted before the end
         */
        void each(float[] parameters, int[] rows, int count, float[][] gradients) throws InterruptedException;
    }
}

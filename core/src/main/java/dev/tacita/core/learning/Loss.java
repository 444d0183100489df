package dev.tacita.core.learning;

import java.util.List;

/** What training minimises, averaged over the examples of a batch. */
public sealed interface Loss {
    /** The name that plans use, such as {@code mean-squared-error}. */
    String name();

    /** How many target values an example has, for a model of so many outputs. */
    int targets(int outputs);

    /** Whether the loss of one example depends on the other examples of the batch, as a partial likelihood does. */
    default boolean mixesExamples() {
        return false;
    }

    /** Whether the outputs rank classes, so that an example can be classified right. */
    default boolean classifies() {
        return true;
    }

    /**
     * -weight[target] sum_k q_k log softmax(output)[k], where q puts 1 - labelSmoothing on the target and spreads
     * labelSmoothing over all classes evenly (Szegedy et al. 2016, sec. 7); the target is one number, the class index
     * counted from 0. The mean is over examples, not over their weights, so that sites' sums add up.
     *
     * @param classWeights one for each class, each at least 0 and finite; empty means 1 for all
     * @param labelSmoothing at least 0, below 1
     */
    record SoftmaxCrossEntropy(List<Double> classWeights, double labelSmoothing) implements Loss {
        public SoftmaxCrossEntropy {
            classWeights = List.copyOf(classWeights);
            classWeights.forEach(weight -> Checks.notNegative("class-weights", weight));
            Checks.fraction("label-smoothing", labelSmoothing);
        }

        /** Of equal weights, without smoothing. */
        public SoftmaxCrossEntropy() {
            this(List.of(), 0);
        }

        @Override
        public String name() {
            return "softmax-cross-entropy";
        }

        @Override
        public int targets(int outputs) {
            return 1;
        }
    }

    /**
     * -(1 - p)^gamma log p, where p = softmax(output)[target] (Lin et al. 2017, eq. 4): examples that are easy count
     * little. The target is one number, the class index counted from 0.
     *
     * @param gamma at least 0, finite; 0 gives the cross-entropy
     */
    record Focal(double gamma) implements Loss {
        public Focal {
            Checks.notNegative("gamma", gamma);
        }

        @Override
        public String name() {
            return "focal";
        }

        @Override
        public int targets(int outputs) {
            return 1;
        }
    }

    /**
     * Binary cross-entropy of sigmoid(output), computed from the logits, summed over outputs; targets 0 or 1.
     *
     * @param positiveWeight factor of the loss where the target is 1; above 0, finite
     */
    record BinaryCrossEntropyWithLogits(double positiveWeight) implements Loss {
        public BinaryCrossEntropyWithLogits {
            Checks.positive("positive-weight", positiveWeight);
        }

        /** With a positive weight of 1. */
        public BinaryCrossEntropyWithLogits() {
            this(1);
        }

        @Override
        public String name() {
            return "binary-cross-entropy-with-logits";
        }

        @Override
        public int targets(int outputs) {
            return outputs;
        }
    }

    /** max(0, 1 - s output), where s is 1 for a target of 1 and -1 for 0, summed over outputs; a linear SVM's loss. */
    record Hinge() implements Loss {
        @Override
        public String name() {
            return "hinge";
        }

        @Override
        public int targets(int outputs) {
            return outputs;
        }
    }

    /** (output - target)^2, averaged over outputs; one target for each output. */
    record MeanSquaredError() implements Loss {
        @Override
        public String name() {
            return "mean-squared-error";
        }

        @Override
        public int targets(int outputs) {
            return outputs;
        }

        @Override
        public boolean classifies() {
            return false;
        }
    }

    /**
     * e^2 / 2 for an error e of at most delta, else delta (|e| - delta / 2) (Huber 1964, sec. 5), averaged over outputs;
     * one target for each output.
     *
     * @param delta above 0, finite
     */
    record Huber(double delta) implements Loss {
        public Huber {
            Checks.positive("delta", delta);
        }

        @Override
        public String name() {
            return "huber";
        }

        @Override
        public int targets(int outputs) {
            return outputs;
        }

        @Override
        public boolean classifies() {
            return false;
        }
    }

    /**
     * The negative logarithm of Cox's partial likelihood with Efron's rule for ties (Cox 1972; Efron 1977, sec. 6),
     * divided by the number of examples. The model's one output is the log hazard ratio; the targets are the time, and 1
     * for an event or 0 for a time at which the example was last seen. The risk sets are those of the batch, so train on
     * all rows in one batch; each site is a stratum of its own.
     */
    record CoxPartialLikelihood() implements Loss {
        @Override
        public String name() {
            return "cox-partial-likelihood";
        }

        @Override
        public int targets(int outputs) {
            return 2;
        }

        @Override
        public boolean mixesExamples() {
            return true;
        }

        @Override
        public boolean classifies() {
            return false;
        }
    }
}

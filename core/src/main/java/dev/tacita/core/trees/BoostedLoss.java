package dev.tacita.core.trees;

import dev.tacita.core.Problem;
import dev.tacita.core.learning.Loss;
import dev.tacita.core.learning.NotEncodableException;
import java.util.ArrayList;
import java.util.List;

/**
 * A loss as boosting sees it: its first and second derivatives by the outputs, in double precision, the same on every machine.
 */
sealed interface BoostedLoss {
    /** The loss, of so many outputs. */
    static BoostedLoss of(Loss loss, int outputs) {
        if (loss instanceof Loss.BinaryCrossEntropyWithLogits binary) {
            return new Logistic(binary.positiveWeight());
        }
        return loss instanceof Loss.MeanSquaredError ? new SquaredError() : new Softmax(outputs);
    }

    /** What keeps such a loss of so many outputs from being boosted; empty if nothing does. */
    static List<Problem> problems(Loss loss, int outputs) {
        List<Problem> problems = new ArrayList<>();
        boolean ofClasses = loss.equals(new Loss.SoftmaxCrossEntropy());
        boolean ofOne = loss instanceof Loss.BinaryCrossEntropyWithLogits || loss instanceof Loss.MeanSquaredError;
        if (!ofClasses && !ofOne) {
            problems.add(Problem.of(
                    "loss",
                    "boosted-trees needs binary-cross-entropy-with-logits, mean-squared-error, or softmax-cross-entropy"
                            + " without class weights and smoothing."));
        }
        if (ofOne && outputs != 1) {
            problems.add(Problem.of(
                    "model",
                    "boosted-trees needs one output under " + loss.name() + ". Provided value: " + outputs + "."));
        }
        if (ofClasses && outputs < 2) {
            problems.add(Problem.of(
                    "model",
                    "boosted-trees needs an output for each class under " + loss.name()
                            + ", at least 2. Provided value: " + outputs + "."));
        }
        return problems;
    }

    /** How much a row of this target counts for the mean target of an output. */
    double target(float target, int output);

    /** What an output is before the first tree, from the mean target of all rows. */
    double start(double mean);

    /** Writes the derivatives of a row's loss. */
    void derivatives(double[] outputs, float target, double[] gradients, double[] hessians);

    double loss(double[] outputs, float target);

    /** Whether a row is classified right; false for numbers. */
    boolean isRight(double[] outputs, float target);

    double[] prediction(double[] outputs);

    /**
     * Binary cross-entropy.
     *
     * @param positiveWeight of rows whose target is 1
     */
    record Logistic(double positiveWeight) implements BoostedLoss {
        /** So that a start is finite where all targets are alike. */
        private static final double LEAST_SHARE = 1.0 / (1 << 20);

        @Override
        public double target(float target, int output) {
            return checked(target, 2);
        }

        @Override
        public double start(double mean) {
            double share = Math.min(Math.max(mean, LEAST_SHARE), 1 - LEAST_SHARE);
            return StrictMath.log(positiveWeight * share / (1 - share));
        }

        @Override
        public void derivatives(double[] outputs, float target, double[] gradients, double[] hessians) {
            double probability = probability(outputs[0]);
            double weight = target == 1 ? positiveWeight : 1;
            gradients[0] = weight * (probability - target);
            hessians[0] = weight * probability * (1 - probability);
        }

        private static double probability(double logit) {
            return 1 / (1 + StrictMath.exp(-logit));
        }

        @Override
        public double loss(double[] outputs, float target) {
            double towards = target == 1 ? outputs[0] : -outputs[0];
            double loss = Math.max(-towards, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(towards)));
            return target == 1 ? positiveWeight * loss : loss;
        }

        @Override
        public boolean isRight(double[] outputs, float target) {
            return outputs[0] > 0 == target > 0.5;
        }

        @Override
        public double[] prediction(double[] outputs) {
            return new double[] {probability(outputs[0])};
        }
    }

    /** Half the squared error for derivatives, as XGBoost has it, and the squared error as a measure. */
    record SquaredError() implements BoostedLoss {
        private static final float LARGEST_TARGET = 1 << 16;

        @Override
        public double target(float target, int output) {
            if (!(Math.abs(target) <= LARGEST_TARGET)) {
                throw new NotEncodableException("a target must be a number within +-" + LARGEST_TARGET
                        + " for boosted-trees. Provided value: " + target + "; take another unit");
            }
            return target;
        }

        @Override
        public double start(double mean) {
            return mean;
        }

        @Override
        public void derivatives(double[] outputs, float target, double[] gradients, double[] hessians) {
            gradients[0] = outputs[0] - target;
            hessians[0] = 1;
        }

        @Override
        public double loss(double[] outputs, float target) {
            return (outputs[0] - target) * (outputs[0] - target);
        }

        @Override
        public boolean isRight(double[] outputs, float target) {
            return false;
        }

        @Override
        public double[] prediction(double[] outputs) {
            return outputs.clone();
        }
    }

    /** Cross-entropy of classes; the Hessians are 2 p (1 - p), as XGBoost has them, a bound on the whole matrix. */
    record Softmax(int classes) implements BoostedLoss {
        private static final double LEAST_SHARE = 1.0 / (1 << 20);

        @Override
        public double target(float target, int output) {
            return checked(target, classes) == output ? 1 : 0;
        }

        @Override
        public double start(double mean) {
            return StrictMath.log(Math.max(mean, LEAST_SHARE));
        }

        @Override
        public void derivatives(double[] outputs, float target, double[] gradients, double[] hessians) {
            double[] probabilities = prediction(outputs);
            for (int i = 0; i < classes; i++) {
                gradients[i] = probabilities[i] - (i == target ? 1 : 0);
                hessians[i] = 2 * probabilities[i] * (1 - probabilities[i]);
            }
        }

        @Override
        public double loss(double[] outputs, float target) {
            double most = outputs[best(outputs)];
            double sum = 0;
            for (double output : outputs) {
                sum += StrictMath.exp(output - most);
            }
            return most + StrictMath.log(sum) - outputs[(int) target];
        }

        @Override
        public boolean isRight(double[] outputs, float target) {
            return best(outputs) == target;
        }

        private static int best(double[] outputs) {
            int best = 0;
            for (int i = 1; i < outputs.length; i++) {
                best = outputs[i] > outputs[best] ? i : best;
            }
            return best;
        }

        @Override
        public double[] prediction(double[] outputs) {
            double most = outputs[best(outputs)];
            double[] prediction = new double[outputs.length];
            double sum = 0;
            for (int i = 0; i < prediction.length; i++) {
                prediction[i] = StrictMath.exp(outputs[i] - most);
                sum += prediction[i];
            }
            for (int i = 0; i < prediction.length; i++) {
                prediction[i] /= sum;
            }
            return prediction;
        }
    }

    private static double checked(float target, int classes) {
        if (!(target >= 0 && target < classes && target == Math.rint(target))) {
            throw new NotEncodableException("a target must be a class from 0 to " + (classes - 1)
                    + " for boosted-trees. Provided value: " + target);
        }
        return target;
    }
}

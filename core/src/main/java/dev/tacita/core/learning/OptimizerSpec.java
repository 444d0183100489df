package dev.tacita.core.learning;

/** How a site turns gradients into steps; described here, run by the engine. State starts at zero in every round. */
public sealed interface OptimizerSpec {
    /** The step size. */
    double learningRate();

    /**
     * Stochastic gradient descent: v = momentum * v + g + weightDecay * w; w -= learningRate * v, or with Nesterov's
     * momentum w -= learningRate * (g + weightDecay * w + momentum * v).
     *
     * @param learningRate above 0, finite
     * @param momentum at least 0, below 1
     * @param nesterov needs a momentum above 0
     * @param weightDecay at least 0, finite
     */
    record Sgd(double learningRate, double momentum, boolean nesterov, double weightDecay) implements OptimizerSpec {
        public Sgd {
            Checks.positive("learning-rate", learningRate);
            Checks.fraction("momentum", momentum);
            Checks.notNegative("weight-decay", weightDecay);
            if (nesterov && momentum == 0) {
                throw new IllegalArgumentException("nesterov needs a momentum > 0. Provided value: " + momentum);
            }
        }

        /** Plain gradient descent. */
        public static Sgd of(double learningRate) {
            return new Sgd(learningRate, 0, false, 0);
        }
    }

    /**
     * Adam with bias correction (Kingma and Ba 2015, algorithm 1); weight decay is added to the gradient.
     *
     * @param learningRate above 0, finite
     * @param beta1 at least 0, below 1
     * @param beta2 at least 0, below 1
     * @param epsilon above 0, finite
     * @param weightDecay at least 0, finite
     */
    record Adam(double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
            implements OptimizerSpec {
        public Adam {
            Checks.positive("learning-rate", learningRate);
            Checks.fraction("beta1", beta1);
            Checks.fraction("beta2", beta2);
            Checks.positive("epsilon", epsilon);
            Checks.notNegative("weight-decay", weightDecay);
        }

        /** With the paper's beta1 0.9, beta2 0.999, epsilon 1e-8 and no weight decay. */
        public static Adam of(double learningRate) {
            return new Adam(learningRate, 0.9, 0.999, 1e-8, 0);
        }
    }
}

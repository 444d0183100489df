package dev.tacita.core.learning;

/** How a site turns gradients into steps; described here, run by the engine. State starts at zero in every round. */
public sealed interface OptimizerSpec {
    /** The step size. */
    double learningRate();

    /** The same with another step size. */
    OptimizerSpec withLearningRate(double rate);

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

        @Override
        public Sgd withLearningRate(double rate) {
            return new Sgd(rate, momentum, nesterov, weightDecay);
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

        @Override
        public Adam withLearningRate(double rate) {
            return new Adam(rate, beta1, beta2, epsilon, weightDecay);
        }

        /** With the paper's beta1 0.9, beta2 0.999, epsilon 1e-8 and no weight decay. */
        public static Adam of(double learningRate) {
            return new Adam(learningRate, 0.9, 0.999, 1e-8, 0);
        }
    }

    /**
     * Adam with decoupled weight decay: w -= learningRate * (step of Adam + weightDecay * w) (Loshchilov and Hutter 2019,
     * algorithm 2).
     *
     * @param learningRate above 0, finite
     * @param beta1 at least 0, below 1
     * @param beta2 at least 0, below 1
     * @param epsilon above 0, finite
     * @param weightDecay at least 0, finite
     */
    record AdamW(double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
            implements OptimizerSpec {
        public AdamW {
            Checks.positive("learning-rate", learningRate);
            Checks.fraction("beta1", beta1);
            Checks.fraction("beta2", beta2);
            Checks.positive("epsilon", epsilon);
            Checks.notNegative("weight-decay", weightDecay);
        }

        @Override
        public AdamW withLearningRate(double rate) {
            return new AdamW(rate, beta1, beta2, epsilon, weightDecay);
        }
    }

    /**
     * Yogi: v -= (1 - beta2) sign(v - g^2) g^2 in place of Adam's second moment (Zaheer et al. 2018, algorithm 2), with
     * Adam's bias correction.
     *
     * @param learningRate above 0, finite
     * @param beta1 at least 0, below 1
     * @param beta2 at least 0, below 1
     * @param epsilon above 0, finite; the paper uses 1e-3
     */
    record Yogi(double learningRate, double beta1, double beta2, double epsilon) implements OptimizerSpec {
        public Yogi {
            Checks.positive("learning-rate", learningRate);
            Checks.fraction("beta1", beta1);
            Checks.fraction("beta2", beta2);
            Checks.positive("epsilon", epsilon);
        }

        @Override
        public Yogi withLearningRate(double rate) {
            return new Yogi(rate, beta1, beta2, epsilon);
        }
    }

    /**
     * RMSProp: v = decay * v + (1 - decay) g^2; w -= learningRate * g / (sqrt(v) + epsilon) (Tieleman and Hinton 2012,
     * lecture 6.5).
     *
     * @param learningRate above 0, finite
     * @param decay at least 0, below 1
     * @param epsilon above 0, finite
     */
    record RmsProp(double learningRate, double decay, double epsilon) implements OptimizerSpec {
        public RmsProp {
            Checks.positive("learning-rate", learningRate);
            Checks.fraction("decay", decay);
            Checks.positive("epsilon", epsilon);
        }

        @Override
        public RmsProp withLearningRate(double rate) {
            return new RmsProp(rate, decay, epsilon);
        }
    }

    /**
     * Adagrad: v += g^2; w -= learningRate * g / (sqrt(v) + epsilon) (Duchi, Hazan and Singer 2011, diagonal form).
     *
     * @param learningRate above 0, finite
     * @param epsilon above 0, finite
     */
    record Adagrad(double learningRate, double epsilon) implements OptimizerSpec {
        public Adagrad {
            Checks.positive("learning-rate", learningRate);
            Checks.positive("epsilon", epsilon);
        }

        @Override
        public Adagrad withLearningRate(double rate) {
            return new Adagrad(rate, epsilon);
        }
    }
}

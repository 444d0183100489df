package dev.tacita.core.model;

/** An element-wise function. */
public sealed interface ActivationFunction {
    /** The name that plans and policies use, such as {@code leaky-relu}. */
    String name();

    /** max(0, x). */
    record Relu() implements ActivationFunction {
        @Override
        public String name() {
            return "relu";
        }
    }

    /**
     * x for x &gt; 0, else slope * x.
     *
     * @param slope at least 0, below 1
     */
    record LeakyRelu(double slope) implements ActivationFunction {
        public LeakyRelu {
            if (!(slope >= 0 && slope < 1)) {
                throw new IllegalArgumentException("slope must be >= 0 and < 1. Provided value: " + slope);
            }
        }

        @Override
        public String name() {
            return "leaky-relu";
        }
    }

    /**
     * x for x &gt; 0, else alpha * (e^x - 1).
     *
     * @param alpha above 0, finite
     */
    record Elu(double alpha) implements ActivationFunction {
        public Elu {
            if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("alpha must be > 0 and finite. Provided value: " + alpha);
            }
        }

        @Override
        public String name() {
            return "elu";
        }
    }

    /** Hyperbolic tangent. */
    record Tanh() implements ActivationFunction {
        @Override
        public String name() {
            return "tanh";
        }
    }

    /** 1 / (1 + e^-x). */
    record Sigmoid() implements ActivationFunction {
        @Override
        public String name() {
            return "sigmoid";
        }
    }

    /** log(1 + e^x). */
    record Softplus() implements ActivationFunction {
        @Override
        public String name() {
            return "softplus";
        }
    }
}

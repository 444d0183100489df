package dev.tacita.core.model;

/** An element-wise function. */
public sealed interface ActivationFunction {
    /** max(0, x). */
    record Relu() implements ActivationFunction {}

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
    }

    /** Hyperbolic tangent. */
    record Tanh() implements ActivationFunction {}

    /** 1 / (1 + e^-x). */
    record Sigmoid() implements ActivationFunction {}

    /** log(1 + e^x). */
    record Softplus() implements ActivationFunction {}
}

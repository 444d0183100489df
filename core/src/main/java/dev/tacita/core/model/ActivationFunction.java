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

    /**
     * x * P(X &lt;= x) for a standard normal X: x/2 * (1 + erf(x / sqrt 2)) (Hendrycks and Gimpel 2016, sec. 2).
     *
     * @param tanhApproximation whether it is x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))) instead (the same
     *     section), which differs by at most 0.0005
     */
    record Gelu(boolean tanhApproximation) implements ActivationFunction {
        @Override
        public String name() {
            return "gelu";
        }
    }

    /** x / (1 + e^-x) (Hendrycks and Gimpel 2016, sec. 2; also called swish). */
    record Silu() implements ActivationFunction {
        @Override
        public String name() {
            return "silu";
        }
    }

    /**
     * x held between min and max.
     *
     * @param min finite, below max
     * @param max finite
     */
    record Hardtanh(double min, double max) implements ActivationFunction {
        public Hardtanh {
            if (!(Double.isFinite(min) && Double.isFinite(max) && min < max)) {
                throw new IllegalArgumentException(
                        "min must be < max, both finite. Provided value: " + min + " and " + max);
            }
        }

        /** Between -1 and 1. */
        public static Hardtanh standard() {
            return new Hardtanh(-1, 1);
        }

        @Override
        public String name() {
            return "hardtanh";
        }
    }

    /** x held between 0 and 6 (Krizhevsky 2010, sec. 2). */
    record Relu6() implements ActivationFunction {
        @Override
        public String name() {
            return "relu6";
        }
    }
}

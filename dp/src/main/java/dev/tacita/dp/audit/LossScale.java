package dev.tacita.dp.audit;

/** What a loss says, which decides how attacks make it nearly normal. */
public enum LossScale {
    /** -ln of the probability of the true class, such as a cross-entropy: becomes ln(p / (1 - p)) (Carlini et al. 2022, section 4). */
    LOG_PROBABILITY {
        @Override
        double confidence(double loss) {
            double kept = Math.min(LARGEST, Math.max(SMALLEST, loss));
            return -kept - Math.log(-Math.expm1(-kept));
        }
    },
    /** Anything else, such as a squared error: only its sign is turned. */
    OTHER {
        @Override
        double confidence(double loss) {
            return -Math.max(-LARGEST, Math.min(LARGEST, loss));
        }
    };

    private static final double SMALLEST = 1e-15;
    private static final double LARGEST = 1e15;

    abstract double confidence(double loss);

    double[] confidences(double[] losses) {
        Checks.noNaN("losses", losses);
        double[] confidences = new double[losses.length];
        for (int i = 0; i < losses.length; i++) {
            confidences[i] = confidence(losses[i]);
        }
        return confidences;
    }
}

package dev.tacita.dp.accounting;

/**
 * How much one record of norm 1 can add to C x (Euclidean norm over all steps), for the strategies C of DP-FTRL. This times what one record
 * adds at most is what the noise multiplier of a release is relative to.
 */
public final class StrategySensitivity {
    private StrategySensitivity() {}

    /**
     * Of a lower-triangular Toeplitz matrix; a band is one whose coefficients end early. The worst record takes part as early and as
     * often as it may (Kalinin and Lampert 2024, theorem 2).
     *
     * @param coefficients of the first column, not negative and not growing; those that are left out are 0
     * @param steps of the whole training, 1 or more
     * @param participations the most steps that one record is in, 1 or more
     * @param separation the least number of steps from one to the next, 1 or more
     * @return above 0
     */
    public static double toeplitz(double[] coefficients, int steps, int participations, int separation) {
        Ranges.atLeastOne("The number of steps", steps);
        Ranges.atLeastOne("The number of participations", participations);
        Ranges.atLeastOne("The separation of participations", separation);
        double before = Double.MAX_VALUE;
        for (double coefficient : coefficients) {
            Ranges.atLeastZero("Each coefficient of a strategy", coefficient);
            if (coefficient > before) {
                throw new IllegalArgumentException("The coefficients of a strategy must not grow; " + before
                        + " is followed by " + coefficient + ".");
            }
            before = coefficient;
        }
        if (coefficients.length == 0 || coefficients[0] == 0) {
            throw new IllegalArgumentException("The first coefficient of a strategy must be above 0.");
        }
        double squares = 0;
        for (int row = 0; row < steps; row++) {
            double sum = 0;
            for (int time = 0; time < participations && (long) time * separation <= row; time++) {
                int back = row - time * separation;
                sum += back < coefficients.length ? coefficients[back] : 0;
            }
            squares += sum * sum;
        }
        return Math.sqrt(squares);
    }

    /**
     * Of the binary tree of DP-FTRL over epochs with the same order of batches: the square root of the sum, over all nodes, of how often the
     * record is below it, squared, for the worst batch (Kairouz et al. 2021, appendix D.3).
     *
     * @param stepsPerEpoch batches of an epoch, 1 or more; a record is in one of them
     * @param epochs under one tree, 1 or more
     * @param emptySteps added after the last epoch to complete the tree, 0 or more
     * @return above 0
     */
    public static double tree(int stepsPerEpoch, int epochs, int emptySteps) {
        Ranges.atLeastOne("The steps of an epoch", stepsPerEpoch);
        Ranges.atLeastOne("The number of epochs", epochs);
        Ranges.atLeastZero("The number of empty steps", emptySteps);
        long steps = (long) stepsPerEpoch * epochs + emptySteps;
        long worst = 0;
        for (int batch = 0; batch < stepsPerEpoch; batch++) {
            long squares = 0;
            for (int level = 0; 1L << level <= steps; level++) {
                long node = -1;
                long count = 0;
                for (int epoch = 0; epoch < epochs; epoch++) {
                    long at = (batch + (long) epoch * stepsPerEpoch) >> level;
                    squares += at == node ? 0 : count * count;
                    boolean complete = (at + 1) << level <= steps;
                    count = complete ? (at == node ? count + 1 : 1) : 0;
                    node = at;
                }
                squares += count * count;
            }
            worst = Math.max(worst, squares);
        }
        return Math.sqrt((double) worst);
    }

    /**
     * The first coefficients of the square root of the matrix of running sums, the best Toeplitz factor: 1, 1/2, 3/8, ... (Fichtenberger,
     * Henzinger and Upadhyay 2023).
     */
    public static double[] squareRoot(int count) {
        Ranges.atLeastOne("The number of coefficients", count);
        double[] coefficients = new double[count];
        coefficients[0] = 1;
        for (int i = 1; i < count; i++) {
            coefficients[i] = coefficients[i - 1] * (2 * i - 1) / (2 * i);
        }
        return coefficients;
    }
}

package dev.tacita.secureagg;

/** How many of {@code marked} things, out of {@code total}, are among {@code drawn} that are drawn without putting back. */
record Hypergeometric(int total, int marked, int drawn) {
    private static final double LEAST_LOG_MASS = -600;

    /** The largest x for which P[X <= x] < {@code probability}; one less than the least x of all if there is none. */
    int largestBelow(double probability) {
        int x = firstThatCounts();
        double mass = Math.exp(logMass(x));
        double sum = mass;
        while (sum < probability && x < Math.min(marked, drawn)) {
            mass *= (marked - x) / (x + 1.0) * (drawn - x) / ((double) total - marked - drawn + x + 1);
            sum += mass;
            x++;
        }
        return sum < probability ? x : x - 1;
    }

    /** Below it the masses, which grow up to the mean, are too small for a double. */
    private int firstThatCounts() {
        int low = Math.max(0, marked + drawn - total);
        int high = Math.max(low, (int) ((double) marked * drawn / total));
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (logMass(middle) < LEAST_LOG_MASS) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private double logMass(int x) {
        return logChoices(marked, x) + logChoices(total - marked, drawn - x) - logChoices(total, drawn);
    }

    private static double logChoices(int from, int taken) {
        return logFactorial(from) - logFactorial(taken) - logFactorial(from - taken);
    }

    /** ln n!, by Stirling's series where it is exact to the last digits of a double. */
    static double logFactorial(int n) {
        if (n < 32) {
            double product = 1;
            for (int i = 2; i <= n; i++) {
                product *= i;
            }
            return Math.log(product);
        }
        double x = n;
        double square = x * x;
        double series = (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / square) / square) / square) / x;
        return (x + 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
    }
}

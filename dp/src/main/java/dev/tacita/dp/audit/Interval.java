package dev.tacita.dp.audit;

/**
 * An estimate of a rate with its confidence interval.
 *
 * @param estimate what was observed
 * @param low at most the estimate
 * @param high at least the estimate
 */
public record Interval(double estimate, double low, double high) {
    public Interval {
        if (!(low <= estimate && estimate <= high)) {
            throw new IllegalArgumentException(
                    "low <= estimate <= high must hold. Provided values: " + low + ", " + estimate + ", " + high);
        }
    }

    /** Of successes among trials, exact (Clopper and Pearson 1934); wrong with at most this probability. */
    static Interval ofRate(long successes, long trials, double falseAlarm) {
        double estimate = (double) successes / trials;
        return new Interval(
                estimate,
                Math.min(estimate, BinomialLaw.rateAtLeast(successes, trials, falseAlarm / 2)),
                Math.max(estimate, BinomialLaw.rateAtMost(successes, trials, falseAlarm / 2)));
    }
}

package dev.tacita.dp.audit;

import org.hipparchus.special.Beta;
import org.hipparchus.special.Gamma;

/** The binomial distribution, and what a count of successes says about its rate. */
final class BinomialLaw {
    private static final int HALVINGS = 200;

    private BinomialLaw() {}

    /** P(X >= successes). */
    static double atLeast(long successes, long trials, double rate) {
        if (successes <= 0) {
            return 1;
        }
        return successes > trials ? 0 : Beta.regularizedBeta(rate, (double) successes, trials - successes + 1.0);
    }

    /** P(X <= successes). */
    static double atMost(long successes, long trials, double rate) {
        return atLeast(trials - successes, trials, 1 - rate);
    }

    /** P(X = successes), for a rate between 0 and 1, both excluded. */
    static double exactly(long successes, long trials, double rate) {
        double ways = Gamma.logGamma(trials + 1.0)
                - Gamma.logGamma(successes + 1.0)
                - Gamma.logGamma(trials - successes + 1.0);
        return Math.exp(ways + (double) successes * Math.log(rate) + (double) (trials - successes) * Math.log1p(-rate));
    }

    /**
     * A rate that the true one is below with at most this probability (Clopper and Pearson 1934), rounded down.
     *
     * @param trials 0 or more; none give 0
     */
    static double rateAtLeast(long successes, long trials, double falseAlarm) {
        double low = 0;
        double high = trials == 0 ? 0 : (double) successes / trials;
        for (int i = 0; i < HALVINGS && low < high; i++) {
            double middle = 0.5 * (low + high);
            if (middle == low || middle == high) {
                break;
            }
            if (atLeast(successes, trials, middle) <= falseAlarm) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** A rate that the true one is above with at most this probability, rounded up; none give 1. */
    static double rateAtMost(long successes, long trials, double falseAlarm) {
        return 1 - rateAtLeast(trials - successes, trials, falseAlarm);
    }
}

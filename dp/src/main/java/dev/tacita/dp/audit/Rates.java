package dev.tacita.dp.audit;

import dev.tacita.dp.accounting.AnalyticGaussian;

/** Bounds on both rates of an attack that hold together. */
record Rates(double truePositiveAtLeast, double falsePositiveAtMost) {
    /** Both are right but for this probability. */
    static Rates of(AttackCounts counts, double falseAlarm) {
        return new Rates(
                BinomialLaw.rateAtLeast(counts.truePositives(), counts.members(), falseAlarm / 2),
                BinomialLaw.rateAtMost(counts.falsePositives(), counts.nonMembers(), falseAlarm / 2));
    }

    /**
     * The smallest epsilon with tpr <= e^epsilon fpr + delta and the same for the complements (Kairouz, Oh and Viswanath
     * 2015, theorem 2.1).
     */
    double epsilon(double delta) {
        double present = Math.log((truePositiveAtLeast - delta) / falsePositiveAtMost);
        double absent = Math.log((1 - falsePositiveAtMost - delta) / (1 - truePositiveAtLeast));
        return Math.max(0, Math.max(orNothing(present), orNothing(absent)));
    }

    /** The smallest mu of Gaussian differential privacy (Dong, Roth and Su 2019, definition 2.6). */
    double mu() {
        double mu = StandardNormal.quantile(truePositiveAtLeast) - StandardNormal.quantile(falsePositiveAtMost);
        return Math.max(0, orNothing(mu));
    }

    /** The epsilon at this delta of a mechanism with the smallest mu. */
    double gaussianEpsilon(double delta) {
        double mu = mu();
        return mu == 0 ? 0 : AnalyticGaussian.epsilon(1 / mu, delta);
    }

    private static double orNothing(double bound) {
        return Double.isNaN(bound) ? 0 : bound;
    }
}

package dev.tacita.dp.audit;

import static java.util.Objects.requireNonNull;

import dev.tacita.dp.accounting.NeighbouringRelation;

/**
 * The epsilon that guesses about many canaries prove, all from one training (Steinke, Nasr and Jagielski 2023, theorem 5.2 and
 * appendix D): under (epsilon, delta)-differential privacy the number of correct guesses is dominated by a binomial one of
 * rate e^epsilon / (1 + e^epsilon), up to what delta can add. It holds for any mechanism, any canaries and any way of
 * guessing, provided that the coins were fair and independent, and decided nothing but which canary took part.
 *
 * <p>Every canary has its chance, delta, of being given away, so that nothing is proved at a false alarm below some
 * 2 canaries delta / (correct guesses - those expected): ask for a delta well below the false alarm / canaries.
 */
public final class OneRunAudit {
    private static final double LARGEST = 100;

    private OneRunAudit() {}

    /**
     * The probability, at most, of so many correct guesses or more under (epsilon, delta)-differential privacy.
     *
     * @param epsilon 0 or more
     * @param delta from 0, below 1
     */
    public static double pValue(Guesses guesses, double epsilon, double delta) {
        Checks.notNegative("epsilon", epsilon);
        Checks.delta(delta);
        double rate = 1 / (1 + Math.exp(-epsilon));
        double binomial = BinomialLaw.atLeast(guesses.correct(), guesses.made(), rate);
        if (delta == 0) {
            return binomial;
        }
        double worst = 0;
        double sum = 0;
        for (int i = 1; i <= guesses.correct(); i++) {
            sum += rate == 1
                    ? (guesses.correct() - i == guesses.made() ? 1 : 0)
                    : BinomialLaw.exactly(guesses.correct() - i, guesses.made(), rate);
            worst = Math.max(worst, sum / i);
        }
        return Math.min(1, binomial + 2.0 * guesses.canaries() * delta * worst);
    }

    /**
     * The largest epsilon whose p-value is at most the false alarm; 0 if not even 0 is refuted, at most {@value #LARGEST}.
     *
     * @param delta from 0, below 1
     * @param falseAlarm between 0 and 1, both excluded
     * @param relation what a canary changes: its presence, or which of two it is
     */
    public static LowerBound epsilon(Guesses guesses, double delta, double falseAlarm, NeighbouringRelation relation) {
        requireNonNull(guesses, "guesses is null");
        Checks.delta(delta);
        Checks.insideUnit("falseAlarm", falseAlarm);
        double low = 0;
        if (pValue(guesses, 0, delta) <= falseAlarm) {
            double high = LARGEST;
            while (high - low > 1e-9) {
                double middle = 0.5 * (low + high);
                if (pValue(guesses, middle, delta) <= falseAlarm) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
        }
        String method = "one run, " + guesses.correct() + " of " + guesses.made() + " guesses right, "
                + guesses.canaries() + " canaries";
        return new LowerBound(low, delta, falseAlarm, relation, method, "");
    }
}

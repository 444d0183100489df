package dev.tacita.dp.audit;

import static java.util.Objects.requireNonNull;

import dev.tacita.core.number.SeedStream;

/**
 * Where an attack draws the line between members and others. A threshold picked on the very scores that are then counted
 * proves too much; each of these pays for its choice.
 */
public sealed interface Threshold {
    /**
     * Known before the scores were seen.
     *
     * @param score the attack says "member" from this score on; any number
     */
    record Given(double score) implements Threshold {
        public Given {
            if (Double.isNaN(score)) {
                throw new IllegalArgumentException("a threshold must be a number. Provided value: NaN");
            }
        }
    }

    /**
     * The best of one random half of the scores, counted on the other half.
     *
     * @param seeds who is in which half
     */
    record BestOfHalf(SeedStream seeds) implements Threshold {
        public BestOfHalf {
            requireNonNull(seeds, "seeds is null");
        }
    }

    /**
     * The best of thresholds at the 1st, 2nd, 4th, 8th, ... highest score of non-members, and lowest score of members:
     * ranks, fixed before the scores are seen. The false alarm is shared among them (Bonferroni), and the rate of a rank
     * is bounded without looking: the false-positive rate above the r-th highest of n scores is at most that of a
     * threshold known before with r - 1 false positives (order statistics of uniform numbers; David and Nagaraja 2003,
     * section 2.1).
     */
    record BestOfRanks() implements Threshold {}
}
